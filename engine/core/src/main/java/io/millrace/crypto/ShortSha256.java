package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.natives.LanesLibrary;
import io.millrace.natives.LanesSha256;
import io.millrace.natives.SodiumSha256;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * SHA-256 of many short messages, each behind the same prefix byte: the leaves and nodes of a Merkle tree.
 *
 * <p>By the SHA instructions of Millrace's kernels where the processor has them and they agree with libsodium, which is
 * tried once per process; else by libsodium. For public data: nothing is wiped. Not thread safe; allocates nothing once
 * made.
 *
 * <p>Source: FIPS 180-4; RFC 6962 section 2.1 for the prefix.
 */
public final class ShortSha256 {
    /** Longest message in bytes, without its prefix. */
    public static final int MAX_LENGTH = LanesSha256.MAX_LENGTH;

    private final boolean instructions;
    private final MemorySegment scratch;
    private final MemorySegment digest;

    private ShortSha256(Arena arena, boolean instructions) {
        Sodium.require();
        this.instructions = instructions;
        this.scratch = arena.allocate(1 + MAX_LENGTH, 64);
        this.digest = arena.allocate(Sha256.LENGTH, 64);
    }

    /** Implementation that this process uses, tested when it is first asked for. */
    private static final class OfThisProcess {
        private static final boolean INSTRUCTIONS =
                LanesLibrary.level().isPresent() && LanesSha256.available() && instructionsAgree();
    }

    /**
     * The fastest that this machine runs; its scratch lives in {@code arena}.
     *
     * @param arena owner of the scratch memory; must outlive the hash.
     */
    public static ShortSha256 fastest(Arena arena) {
        Sodium.require();
        return new ShortSha256(arena, OfThisProcess.INSTRUCTIONS);
    }

    /**
     * libsodium's; its scratch lives in {@code arena}.
     *
     * @param arena owner of the scratch memory; must outlive the hash.
     */
    public static ShortSha256 sodium(Arena arena) {
        return new ShortSha256(arena, false);
    }

    /** What computes: {@code sha-ni} or {@code sodium}. */
    public String name() {
        return instructions ? "sha-ni" : "sodium";
    }

    /**
     * Hashes {@code count} messages of {@code length} bytes, which lie {@code stride} bytes apart.
     *
     * @param count 0 or more.
     * @param prefix the byte before each message, 0 to 255.
     * @param out native; receives 32 bytes per message from {@code outPosition} on. A hash may overlap its own message
     *     and earlier ones, never a later one.
     * @param outPosition of the first hash in {@code out}, in bytes.
     * @param in native; the first message starts at {@code inPosition}.
     * @param inPosition of the first message in {@code in}, in bytes.
     * @param stride from one message to the next, in bytes.
     * @param length 0 to {@link #MAX_LENGTH} bytes.
     */
    public void hash(
            int count,
            int prefix,
            MemorySegment out,
            long outPosition,
            MemorySegment in,
            long inPosition,
            int stride,
            int length) {
        if (count == 0) {
            return;
        }
        if (length < 0 || length > MAX_LENGTH || stride < 0 || count < 0) {
            throw new IllegalArgumentException("a short message has 0 to " + MAX_LENGTH + " bytes: count=" + count
                    + ", stride=" + stride + ", length=" + length);
        }
        Objects.checkFromIndexSize(outPosition, (long) count * Sha256.LENGTH, out.byteSize());
        Objects.checkFromIndexSize(inPosition, (long) (count - 1) * stride + length, in.byteSize());
        final MemorySegment hashes = Operands.out("out", out);
        final MemorySegment messages = Operands.in("in", in);
        if (instructions) {
            LanesSha256.hash(count, prefix, hashes, outPosition, messages, inPosition, stride, length);
        } else {
            scratch.set(JAVA_BYTE, 0, (byte) prefix);
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(in, inPosition + (long) i * stride, scratch, 1, length);
                SodiumSha256.hash(digest, scratch, 1 + length);
                MemorySegment.copy(digest, 0, hashes, outPosition + (long) i * Sha256.LENGTH, Sha256.LENGTH);
            }
        }
    }

    private static boolean instructionsAgree() {
        try (Arena arena = Arena.ofConfined()) {
            final ShortSha256 wide = new ShortSha256(arena, true);
            final ShortSha256 single = new ShortSha256(arena, false);
            final int count = 3;
            final MemorySegment in = arena.allocate(count * 128);
            for (long i = 0; i < in.byteSize(); i++) {
                in.set(JAVA_BYTE, i, (byte) (i * 151 + 7));
            }
            final MemorySegment expected = arena.allocate(count * Sha256.LENGTH);
            final MemorySegment actual = arena.allocate(count * Sha256.LENGTH);
            for (int length = 0; length <= MAX_LENGTH; length++) {
                wide.hash(count, length & 1, actual, 0, in, 0, 128, length);
                single.hash(count, length & 1, expected, 0, in, 0, 128, length);
                if (expected.mismatch(actual) >= 0) {
                    System.getLogger("io.millrace.crypto")
                            .log(
                                    System.Logger.Level.WARNING,
                                    "SHA instructions differ from libsodium at length {0}; libsodium is used",
                                    length);
                    return false;
                }
            }
            return true;
        }
    }
}

package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.natives.LanesHmacSha256;
import io.millrace.natives.LanesLibrary;
import io.millrace.natives.LanesSha256;
import io.millrace.natives.SodiumHmacSha256;
import io.millrace.natives.SodiumMemory;
import io.millrace.natives.SodiumSha256;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * SHA-256, HMAC-SHA-256 and HKDF of secrets by the SHA instructions of Millrace's kernels, where the processor has them
 * and they agree with libsodium, which is tried once per process. The kernels wipe their working memory.
 *
 * <p>May be used by several threads at once; allocates nothing.
 *
 * <p>Source: FIPS 180-4; RFC 2104; RFC 5869.
 */
final class ShaInstructions {
    /** Most parts of one message. */
    private static final int MAX_PARTS = 3;

    /** Around the ends of one and two blocks, and a message of a handshake. */
    private static final int[] TRIED_LENGTHS = {0, 1, 31, 32, 33, 55, 56, 63, 64, 65, 119, 120, 128, 200, 1_232};

    private ShaInstructions() {}

    /** Holds the choice of this process, made when it is first asked for. */
    private static final class OfThisProcess {
        private static final boolean USED =
                LanesLibrary.level().isPresent() && LanesSha256.availableForSecrets() && agree();
    }

    /** Whether {@link #hash} takes a message of that many parts. */
    static boolean takes(int parts) {
        return parts <= MAX_PARTS && OfThisProcess.USED;
    }

    /** Whether {@link #hmac} takes a key of that length and a message of that many parts. */
    static boolean takes(int parts, long keyLength) {
        return keyLength <= LanesHmacSha256.MAX_KEY_LENGTH && takes(parts);
    }

    /** Writes the hash of {@code parts}, one behind the other, to the 32 bytes at {@code out}. */
    static void hash(MemorySegment out, MemorySegment... parts) {
        LanesHmacSha256.hash(
                out, at(parts, 0), length(parts, 0), at(parts, 1), length(parts, 1), at(parts, 2), length(parts, 2));
    }

    /** Writes the tag of {@code parts}, one behind the other, to the 32 bytes at {@code out}. */
    static void hmac(MemorySegment out, MemorySegment key, long keyLength, MemorySegment... parts) {
        LanesHmacSha256.hmac(
                out,
                key,
                (int) keyLength,
                at(parts, 0),
                length(parts, 0),
                at(parts, 1),
                length(parts, 1),
                at(parts, 2),
                length(parts, 2));
    }

    /**
     * Fills {@code okm} by HKDF, of a salt that {@link #takes(int, long)} allows; {@code okm} does not overlap {@code info}.
     */
    static void hkdf(MemorySegment okm, MemorySegment salt, MemorySegment ikm, MemorySegment info) {
        LanesHmacSha256.hkdf(
                Operands.out("okm", okm),
                (int) okm.byteSize(),
                Operands.in("salt", salt),
                (int) salt.byteSize(),
                Operands.in("ikm", ikm),
                ikm.byteSize(),
                Operands.in("info", info),
                info.byteSize());
    }

    private static MemorySegment at(MemorySegment[] parts, int index) {
        return Operands.in("part", index < parts.length ? parts[index] : MemorySegment.NULL);
    }

    private static long length(MemorySegment[] parts, int index) {
        return index < parts.length ? parts[index].byteSize() : 0;
    }

    private static boolean agree() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment text = arena.allocate(TRIED_LENGTHS[TRIED_LENGTHS.length - 1]);
            for (long i = 0; i < text.byteSize(); i++) {
                text.set(JAVA_BYTE, i, (byte) (i * 151 + 7));
            }
            final MemorySegment state =
                    arena.allocate(Math.max(SodiumHmacSha256.STATE_BYTES, SodiumSha256.STATE_BYTES), 64);
            final MemorySegment one = arena.allocateFrom(JAVA_BYTE, (byte) 1);
            final MemorySegment expected = arena.allocate(Sha256.LENGTH);
            final MemorySegment actual = arena.allocate(Sha256.LENGTH);
            for (int length : TRIED_LENGTHS) {
                final MemorySegment a = text.asSlice(0, length / 3);
                final MemorySegment b = text.asSlice(length / 3, length / 2);
                final MemorySegment c = text.asSlice(length / 3 + length / 2, length - length / 3 - length / 2);
                SodiumSha256.hash(expected, text, length);
                hash(actual, a, b, c);
                if (expected.mismatch(actual) >= 0) {
                    return refused("hash", length);
                }
                final MemorySegment key = text.asSlice(0, Math.min(length, LanesHmacSha256.MAX_KEY_LENGTH));
                SodiumHmacSha256.init(state, Operands.in("key", key), key.byteSize());
                SodiumHmacSha256.update(state, text, length);
                SodiumHmacSha256.finish(state, expected);
                hmac(actual, Operands.in("key", key), key.byteSize(), a, b, c);
                if (expected.mismatch(actual) >= 0) {
                    return refused("HMAC", length);
                }
                // The first block of HKDF is a tag under a tag.
                SodiumHmacSha256.init(state, expected, Sha256.LENGTH);
                SodiumHmacSha256.update(state, text, length);
                SodiumHmacSha256.update(state, one, 1);
                SodiumHmacSha256.finish(state, expected);
                hkdf(actual, key, text.asSlice(0, length), text.asSlice(0, length));
                if (expected.mismatch(actual) >= 0) {
                    return refused("HKDF", length);
                }
            }
            SodiumMemory.memzero(state, state.byteSize());
            return true;
        }
    }

    private static boolean refused(String what, int length) {
        System.getLogger("io.millrace.crypto")
                .log(
                        System.Logger.Level.WARNING,
                        "the {0} by SHA instructions differs from libsodium at length {1}; libsodium is used",
                        what,
                        length);
        return false;
    }
}

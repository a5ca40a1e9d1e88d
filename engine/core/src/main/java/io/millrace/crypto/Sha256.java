package io.millrace.crypto;

import io.millrace.natives.SodiumSha256;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * SHA-256.
 *
 * <p>Source: FIPS 180-4; RFC 6234.
 */
public final class Sha256 {
    /** Length of a hash in bytes. */
    public static final int LENGTH = SodiumSha256.BYTES;

    private Sha256() {}

    /**
     * Writes the hash of {@code in} to {@code out}. Allocates nothing.
     *
     * @param out native, 32 bytes; may overlap {@code in}.
     * @param in native, any length.
     */
    public static void hash(MemorySegment out, MemorySegment in) {
        SodiumSha256.hash(Operands.out("out", out, LENGTH), Operands.in("in", in), in.byteSize());
    }

    /**
     * Writes the hash of the concatenation of {@code parts} to {@code out}.
     *
     * @param out native, 32 bytes; may overlap the parts.
     * @param parts native, any length each.
     */
    public static void hash(MemorySegment out, MemorySegment... parts) {
        final MemorySegment digest = Operands.out("out", out, LENGTH);
        if (ShaInstructions.takes(parts.length)) {
            ShaInstructions.hash(digest, parts);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(SodiumSha256.STATE_BYTES, 64);
            SodiumSha256.init(state);
            for (MemorySegment part : parts) {
                SodiumSha256.update(state, Operands.in("part", part), part.byteSize());
            }
            SodiumSha256.finish(state, digest);
        }
    }
}

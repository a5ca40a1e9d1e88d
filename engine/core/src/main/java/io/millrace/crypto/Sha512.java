package io.millrace.crypto;

import io.millrace.natives.SodiumSha512;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * SHA-512.
 *
 * <p>Source: FIPS 180-4; RFC 6234.
 */
public final class Sha512 {
    /** Length of a hash in bytes. */
    public static final int LENGTH = SodiumSha512.BYTES;

    private Sha512() {}

    /**
     * Writes the hash of {@code in} to {@code out}. Allocates nothing.
     *
     * @param out native, 64 bytes; may overlap {@code in}.
     * @param in native, any length.
     */
    public static void hash(MemorySegment out, MemorySegment in) {
        SodiumSha512.hash(Operands.out("out", out, LENGTH), Operands.in("in", in), in.byteSize());
    }

    /**
     * Writes the hash of the concatenation of {@code parts} to {@code out}.
     *
     * @param out native, 64 bytes; may overlap the parts.
     * @param parts native, any length each.
     */
    public static void hash(MemorySegment out, MemorySegment... parts) {
        final MemorySegment digest = Operands.out("out", out, LENGTH);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(SodiumSha512.STATE_BYTES, 64);
            SodiumSha512.init(state);
            for (MemorySegment part : parts) {
                SodiumSha512.update(state, Operands.in("part", part), part.byteSize());
            }
            SodiumSha512.finish(state, digest);
        }
    }
}

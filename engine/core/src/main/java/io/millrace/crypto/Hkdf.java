package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * HKDF with SHA-256. All segments are native.
 *
 * <p>Source: RFC 5869.
 */
public final class Hkdf {
    /** Length of a pseudorandom key in bytes. */
    public static final int PRK_LENGTH = HmacSha256.LENGTH;

    /** Longest output of {@link #expand} in bytes. */
    public static final int MAX_OUTPUT_LENGTH = 255 * HmacSha256.LENGTH;

    private Hkdf() {}

    /**
     * Writes the pseudorandom key to {@code prk}.
     *
     * @param prk 32 bytes.
     * @param salt any length; empty counts as 32 zero bytes.
     * @param ikm input keying material, any length.
     *     <p>Source: RFC 5869 section 2.2.
     */
    public static void extract(MemorySegment prk, MemorySegment salt, MemorySegment ikm) {
        // HMAC pads its key with zeros, so an empty salt and 32 zero bytes are one key.
        HmacSha256.tag(prk, salt, ikm);
    }

    /**
     * Fills {@code okm} with output keying material.
     *
     * @param okm 0 to {@link #MAX_OUTPUT_LENGTH} bytes; must not overlap {@code prk} or {@code info}.
     * @param prk at least 32 bytes.
     * @param info any length.
     * @throws IllegalArgumentException if {@code okm} is longer or {@code prk} shorter.
     *     <p>Source: RFC 5869 section 2.3.
     */
    public static void expand(MemorySegment okm, MemorySegment prk, MemorySegment info) {
        requireOkm(okm);
        if (prk.byteSize() < PRK_LENGTH) {
            throw new IllegalArgumentException(
                    "prk must be " + PRK_LENGTH + " bytes or more: prkLength=" + prk.byteSize());
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment block = arena.allocate(PRK_LENGTH);
            final MemorySegment index = arena.allocate(1);
            try {
                MemorySegment previous = MemorySegment.NULL;
                for (long done = 0, i = 1; done < okm.byteSize(); done += PRK_LENGTH, i++) {
                    index.set(JAVA_BYTE, 0, (byte) i);
                    HmacSha256.tag(block, prk, previous, info, index);
                    MemorySegment.copy(block, 0, okm, done, Math.min(PRK_LENGTH, okm.byteSize() - done));
                    previous = block;
                }
            } finally {
                Wiping.wipe(block);
            }
        }
    }

    /**
     * {@link #extract}, then {@link #expand}; the pseudorandom key is wiped. With an empty {@code info} it is the HKDF of Noise.
     *
     * @param okm as for {@link #expand}; must not overlap another argument.
     * @param salt native, 0 or more bytes.
     * @param ikm native, input key material.
     * @param info native, 0 or more bytes.
     */
    public static void derive(MemorySegment okm, MemorySegment salt, MemorySegment ikm, MemorySegment info) {
        requireOkm(okm);
        if (ShaInstructions.takes(1, salt.byteSize())) {
            ShaInstructions.hkdf(okm, salt, ikm, info);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment prk = arena.allocate(PRK_LENGTH);
            try {
                extract(prk, salt, ikm);
                expand(okm, prk, info);
            } finally {
                Wiping.wipe(prk);
            }
        }
    }

    private static void requireOkm(MemorySegment okm) {
        Operands.out("okm", okm);
        if (okm.byteSize() > MAX_OUTPUT_LENGTH) {
            throw new IllegalArgumentException(
                    "HKDF gives at most " + MAX_OUTPUT_LENGTH + " bytes: okmLength=" + okm.byteSize());
        }
    }
}

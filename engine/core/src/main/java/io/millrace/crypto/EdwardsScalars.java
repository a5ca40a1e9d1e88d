package io.millrace.crypto;

import io.millrace.natives.SodiumCoreEd25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Integers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of edwards25519's base point, as 32
 * bytes little endian in native segments.
 *
 * <p>Results are reduced. Inputs need not be, but must be below 2^255. An output may be one of the inputs. Constant
 * time, except {@link #isCanonical}.
 *
 * <p>Source: libsodium's {@code crypto_core_ed25519.h}.
 */
public final class EdwardsScalars {
    /** Length of a scalar in bytes. */
    public static final int LENGTH = SodiumCoreEd25519.SCALAR_BYTES;

    /** Length of the input of {@link #reduce} in bytes. */
    public static final int WIDE_LENGTH = SodiumCoreEd25519.NON_REDUCED_SCALAR_BYTES;

    private EdwardsScalars() {}

    /**
     * Writes {@code wide}, 64 bytes little endian, modulo L to {@code out}.
     *
     * @param out native, receives 32 bytes.
     * @param wide native, 64 bytes little endian.
     */
    public static void reduce(MemorySegment out, MemorySegment wide) {
        SodiumCoreEd25519.scalarReduce(Operands.out("out", out, LENGTH), Operands.in("wide", wide, WIDE_LENGTH));
    }

    /**
     * Writes {@code x + y} to {@code out}.
     *
     * @param out native, receives 32 bytes.
     * @param x native, 32 bytes.
     * @param y native, 32 bytes.
     */
    public static void add(MemorySegment out, MemorySegment x, MemorySegment y) {
        SodiumCoreEd25519.scalarAdd(
                Operands.out("out", out, LENGTH), Operands.in("x", x, LENGTH), Operands.in("y", y, LENGTH));
    }

    /**
     * Writes {@code x - y} to {@code out}.
     *
     * @param out native, receives 32 bytes.
     * @param x native, 32 bytes.
     * @param y native, 32 bytes.
     */
    public static void subtract(MemorySegment out, MemorySegment x, MemorySegment y) {
        SodiumCoreEd25519.scalarSub(
                Operands.out("out", out, LENGTH), Operands.in("x", x, LENGTH), Operands.in("y", y, LENGTH));
    }

    /**
     * Writes {@code x * y} to {@code out}.
     *
     * @param out native, receives 32 bytes.
     * @param x native, 32 bytes.
     * @param y native, 32 bytes.
     */
    public static void multiply(MemorySegment out, MemorySegment x, MemorySegment y) {
        SodiumCoreEd25519.scalarMul(
                Operands.out("out", out, LENGTH), Operands.in("x", x, LENGTH), Operands.in("y", y, LENGTH));
    }

    /**
     * Writes {@code -x} to {@code out}.
     *
     * @param out native, receives 32 bytes.
     * @param x native, 32 bytes.
     */
    public static void negate(MemorySegment out, MemorySegment x) {
        SodiumCoreEd25519.scalarNegate(Operands.out("out", out, LENGTH), Operands.in("x", x, LENGTH));
    }

    /**
     * Writes the multiplicative inverse of {@code x} to {@code out}.
     *
     * @param out native, receives 32 bytes.
     * @param x native, 32 bytes.
     * @return false if {@code x} is zero.
     */
    public static boolean invert(MemorySegment out, MemorySegment x) {
        return SodiumCoreEd25519.scalarInvert(Operands.out("out", out, LENGTH), Operands.in("x", x, LENGTH));
    }

    /**
     * Whether {@code x} is less than L. Not for secrets.
     *
     * @param x native, 32 bytes little endian.
     */
    public static boolean isCanonical(MemorySegment x) {
        Operands.in("x", x, LENGTH);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment wide = arena.allocate(WIDE_LENGTH);
            final MemorySegment reduced = arena.allocate(LENGTH);
            wide.asSlice(0, LENGTH).copyFrom(x);
            reduce(reduced, wide);
            return reduced.mismatch(x) == -1;
        }
    }
}

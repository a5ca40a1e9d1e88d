package io.millrace.vrf;

import static io.millrace.memory.Layouts.BE_LONG;
import static io.millrace.memory.Layouts.LE_LONG;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * Arithmetic modulo p = 2^255 - 19 over five limbs of 51 bits, least significant first.
 *
 * <p>Every method takes and leaves limbs below 2^52; a result may be the same array as an operand. Time depends on no
 * value: no branch, no index and no division on limbs. Only public values go through it (inputs, public keys, proofs);
 * scalar multiplication by a secret is libsodium's.
 *
 * <p>Instances only hold scratch; one per thread.
 *
 * <p>Source: RFC 9380 section 4 ({@code sgn0}, {@code CMOV}), RFC 8032 section 5.1.
 */
final class Field25519 {
    /** The modulus. */
    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private static final int LIMBS = 5;
    private static final long MASK = (1L << 51) - 1;

    private final long[] t0 = element();
    private final long[] t1 = element();
    private final long[] t2 = element();

    static long[] element() {
        return new long[LIMBS];
    }

    /** An element from a number of any size; for constants. */
    static long[] constant(BigInteger value) {
        final long[] element = element();
        BigInteger rest = value.mod(P);
        for (int i = 0; i < LIMBS; i++) {
            element[i] = rest.longValue() & MASK;
            rest = rest.shiftRight(51);
        }
        return element;
    }

    static void copy(long[] out, long[] a) {
        System.arraycopy(a, 0, out, 0, LIMBS);
    }

    static void set(long[] out, long small) {
        out[0] = small;
        out[1] = 0;
        out[2] = 0;
        out[3] = 0;
        out[4] = 0;
    }

    static void add(long[] out, long[] a, long[] b) {
        carry(out, a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]);
    }

    static void sub(long[] out, long[] a, long[] b) {
        // 4p keeps every limb positive.
        carry(
                out,
                a[0] - b[0] + ((MASK - 18) << 2),
                a[1] - b[1] + (MASK << 2),
                a[2] - b[2] + (MASK << 2),
                a[3] - b[3] + (MASK << 2),
                a[4] - b[4] + (MASK << 2));
    }

    static void mul(long[] out, long[] a, long[] b) {
        final long a0 = a[0];
        final long a1 = a[1];
        final long a2 = a[2];
        final long a3 = a[3];
        final long a4 = a[4];
        final long b0 = b[0];
        final long b1 = b[1];
        final long b2 = b[2];
        final long b3 = b[3];
        final long b4 = b[4];
        final long c0 = low(a0, b0);
        final long c1 = low(a0, b1) + low(a1, b0) + high(a0, b0);
        final long c2 = low(a0, b2) + low(a1, b1) + low(a2, b0) + high(a0, b1) + high(a1, b0);
        final long c3 =
                low(a0, b3) + low(a1, b2) + low(a2, b1) + low(a3, b0) + high(a0, b2) + high(a1, b1) + high(a2, b0);
        final long c4 = low(a0, b4)
                + low(a1, b3)
                + low(a2, b2)
                + low(a3, b1)
                + low(a4, b0)
                + high(a0, b3)
                + high(a1, b2)
                + high(a2, b1)
                + high(a3, b0);
        final long c5 = low(a1, b4)
                + low(a2, b3)
                + low(a3, b2)
                + low(a4, b1)
                + high(a0, b4)
                + high(a1, b3)
                + high(a2, b2)
                + high(a3, b1)
                + high(a4, b0);
        final long c6 =
                low(a2, b4) + low(a3, b3) + low(a4, b2) + high(a1, b4) + high(a2, b3) + high(a3, b2) + high(a4, b1);
        final long c7 = low(a3, b4) + low(a4, b3) + high(a2, b4) + high(a3, b3) + high(a4, b2);
        final long c8 = low(a4, b4) + high(a3, b4) + high(a4, b3);
        final long c9 = high(a4, b4);
        carry(out, c0 + 19 * c5, c1 + 19 * c6, c2 + 19 * c7, c3 + 19 * c8, c4 + 19 * c9);
    }

    static void square(long[] out, long[] a) {
        final long a0 = a[0];
        final long a1 = a[1];
        final long a2 = a[2];
        final long a3 = a[3];
        final long a4 = a[4];
        final long c0 = low(a0, a0);
        final long c1 = 2 * low(a0, a1) + high(a0, a0);
        final long c2 = 2 * (low(a0, a2) + high(a0, a1)) + low(a1, a1);
        final long c3 = 2 * (low(a0, a3) + low(a1, a2) + high(a0, a2)) + high(a1, a1);
        final long c4 = 2 * (low(a0, a4) + low(a1, a3) + high(a0, a3) + high(a1, a2)) + low(a2, a2);
        final long c5 = 2 * (low(a1, a4) + low(a2, a3) + high(a0, a4) + high(a1, a3)) + high(a2, a2);
        final long c6 = 2 * (low(a2, a4) + high(a1, a4) + high(a2, a3)) + low(a3, a3);
        final long c7 = 2 * (low(a3, a4) + high(a2, a4)) + high(a3, a3);
        final long c8 = 2 * high(a3, a4) + low(a4, a4);
        final long c9 = high(a4, a4);
        carry(out, c0 + 19 * c5, c1 + 19 * c6, c2 + 19 * c7, c3 + 19 * c8, c4 + 19 * c9);
    }

    /** {@code out = a} where {@code mask} is -1, unchanged where it is 0. */
    static void cmov(long[] out, long[] a, long mask) {
        for (int i = 0; i < LIMBS; i++) {
            out[i] ^= mask & (out[i] ^ a[i]);
        }
    }

    /** -1 if {@code a} is 0 modulo p, else 0. */
    long zeroMask(long[] a) {
        canonical(t0, a);
        final long bits = t0[0] | t0[1] | t0[2] | t0[3] | t0[4];
        return (bits - 1) >> 63; // bits is below 2^51, so only 0 borrows
    }

    /** -1 if {@code a} and {@code b} are equal modulo p, else 0. */
    long equalMask(long[] a, long[] b) {
        sub(t1, a, b);
        return zeroMask(t1);
    }

    /** Whether {@code a}, as {@link #fromBytes} read it, was below p. */
    boolean isCanonical(long[] a) {
        canonical(t0, a);
        long difference = 0;
        for (int i = 0; i < LIMBS; i++) {
            difference |= t0[i] ^ a[i];
        }
        return difference == 0;
    }

    /** RFC 9380's {@code sgn0}: the lowest bit of the canonical form, 0 or 1. */
    long sgn0(long[] a) {
        canonical(t0, a);
        return t0[0] & 1;
    }

    /** {@code out = a^((p - 5) / 8) = a^(2^252 - 3)}. */
    void pow22523(long[] out, long[] a) {
        square(t0, a);
        squareTimes(t1, t0, 2);
        mul(t1, a, t1); // 9
        mul(t0, t0, t1); // 11
        square(t0, t0);
        mul(t0, t1, t0); // 2^5 - 1
        squareTimes(t1, t0, 5);
        mul(t0, t1, t0); // 2^10 - 1
        squareTimes(t1, t0, 10);
        mul(t1, t1, t0); // 2^20 - 1
        squareTimes(t2, t1, 20);
        mul(t1, t2, t1); // 2^40 - 1
        squareTimes(t1, t1, 10);
        mul(t0, t1, t0); // 2^50 - 1
        squareTimes(t1, t0, 50);
        mul(t1, t1, t0); // 2^100 - 1
        squareTimes(t2, t1, 100);
        mul(t1, t2, t1); // 2^200 - 1
        squareTimes(t1, t1, 50);
        mul(t0, t1, t0); // 2^250 - 1
        squareTimes(t0, t0, 2);
        mul(out, t0, a);
    }

    /** {@code out = 1 / a}, or 0 for 0; {@code out} must not be {@code a}. */
    void invert(long[] out, long[] a) {
        pow22523(out, a);
        squareTimes(out, out, 3); // 2^255 - 24
        square(t0, a);
        mul(t0, t0, a);
        mul(out, out, t0); // 2^255 - 21 = p - 2
    }

    /** Reads 32 bytes, little endian; bit 255 is ignored and values from p on are reduced. */
    static void fromBytes(long[] out, MemorySegment segment, long offset) {
        final long w0 = segment.get(LE_LONG, offset);
        final long w1 = segment.get(LE_LONG, offset + 8);
        final long w2 = segment.get(LE_LONG, offset + 16);
        final long w3 = segment.get(LE_LONG, offset + 24);
        split(out, w0, w1, w2, w3 & Long.MAX_VALUE);
    }

    /** Reads 48 bytes, big endian, and reduces them: the last step of RFC 9380's {@code hash_to_field}. */
    static void fromUniform48(long[] out, MemorySegment segment, long offset) {
        final long w5 = segment.get(BE_LONG, offset);
        final long w4 = segment.get(BE_LONG, offset + 8);
        final long w3 = segment.get(BE_LONG, offset + 16);
        final long w2 = segment.get(BE_LONG, offset + 24);
        final long w1 = segment.get(BE_LONG, offset + 32);
        final long w0 = segment.get(BE_LONG, offset + 40);
        split(out, w0, w1, w2, w3);
        // The rest weighs 2^256 = 38 modulo p.
        carry(
                out,
                out[0] + 38 * (w4 & MASK),
                out[1] + 38 * ((w4 >>> 51 | w5 << 13) & MASK),
                out[2] + 38 * (w5 >>> 38),
                out[3],
                out[4]);
    }

    /** Writes the canonical form, 32 bytes little endian, bit 255 clear. */
    void toBytes(long[] a, MemorySegment segment, long offset) {
        canonical(t0, a);
        segment.set(LE_LONG, offset, t0[0] | t0[1] << 51);
        segment.set(LE_LONG, offset + 8, t0[1] >>> 13 | t0[2] << 38);
        segment.set(LE_LONG, offset + 16, t0[2] >>> 26 | t0[3] << 25);
        segment.set(LE_LONG, offset + 24, t0[3] >>> 39 | t0[4] << 12);
    }

    private static void squareTimes(long[] out, long[] a, int times) {
        square(out, a);
        for (int i = 1; i < times; i++) {
            square(out, out);
        }
    }

    /** Lower 51 bits of {@code a * b}. */
    private static long low(long a, long b) {
        return a * b & MASK;
    }

    /** {@code a * b >> 51}, for operands below 2^56: the shifts move the product's bit 51 to bit 64. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 6, b << 7);
    }

    private static void split(long[] out, long w0, long w1, long w2, long w3) {
        out[0] = w0 & MASK;
        out[1] = (w0 >>> 51 | w1 << 13) & MASK;
        out[2] = (w1 >>> 38 | w2 << 26) & MASK;
        out[3] = (w2 >>> 25 | w3 << 39) & MASK;
        out[4] = w3 >>> 12; // 51 bits, or 52 of a 256-bit number
    }

    /** Brings non-negative limbs below 2^63 under 2^52. */
    private static void carry(long[] out, long c0, long c1, long c2, long c3, long c4) {
        final long d1 = c1 + (c0 >>> 51);
        final long d2 = c2 + (d1 >>> 51);
        final long d3 = c3 + (d2 >>> 51);
        final long d4 = c4 + (d3 >>> 51);
        final long d0 = (c0 & MASK) + 19 * (d4 >>> 51);
        out[0] = d0 & MASK;
        out[1] = (d1 & MASK) + (d0 >>> 51);
        out[2] = d2 & MASK;
        out[3] = d3 & MASK;
        out[4] = d4 & MASK;
    }

    /** The representative below p. */
    private static void canonical(long[] out, long[] a) {
        carry(out, a[0], a[1], a[2], a[3], a[4]);
        // Now below 2p, so p is to be taken away at most once: exactly if adding 19 reaches bit 255.
        long q = (out[0] + 19) >>> 51;
        q = (out[1] + q) >>> 51;
        q = (out[2] + q) >>> 51;
        q = (out[3] + q) >>> 51;
        q = (out[4] + q) >>> 51;
        carryOnce(out, 19 * q);
    }

    private static void carryOnce(long[] out, long plus) {
        long carry = plus;
        for (int i = 0; i < LIMBS; i++) {
            final long limb = out[i] + carry;
            out[i] = limb & MASK;
            carry = limb >>> 51;
        }
    }
}

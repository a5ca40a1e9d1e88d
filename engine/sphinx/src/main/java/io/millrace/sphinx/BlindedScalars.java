package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.EdwardsScalars;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The sender's secret x and all blinding factors so far, as one scalar.
 *
 * <p>Hop i sees {@code alpha_i = x b_0 ... b_(i-1) B}, where each factor is a clamped X25519 scalar. Ladder after ladder
 * that costs i + 1 multiplications, and for all hops a number that grows with the square of the path. B and every honest
 * public key have the prime order l, so the product p may be taken modulo l first and one ladder is enough. X25519 takes
 * only clamped scalars, which are multiples of 8 with bit 254 set, and so:
 *
 * <ul>
 *   <li>t = p / 8 mod l is kept; since x is clamped, the first t is x / 8 as an integer, and each further factor
 *       is multiplied in modulo l;
 *   <li>t and l - t give points with the same u-coordinate. One of them has bit 251 set, because their sum is l, a little
 *       above 2^252; eight times that one is a clamped scalar. (Neither has where t or l - t is above 2^252, which a
 *       random t is with a probability of 2^-127.)
 * </ul>
 *
 * <p>8t is also a multiple of 8 as an integer, so that a component of low order in a public key vanishes exactly as it
 * does ladder after ladder.
 *
 * <p>Takes the same time for all values. Not thread safe.
 */
final class BlindedScalars {
    private static final long L0 = 0x5812631a5cf5d3edL; // l, in four words, lowest first
    private static final long L1 = 0x14def9dea2f79cd6L;
    private static final long L2 = 0L;
    private static final long L3 = 0x1000000000000000L;

    private static final int LENGTH = EdwardsScalars.LENGTH;

    private final MemorySegment factor;

    BlindedScalars(Arena arena) {
        factor = arena.allocate(LENGTH, LENGTH);
    }

    /** Clamps the 32 bytes at {@code position} and divides them by 8: from random bytes to the first t. */
    void start(MemorySegment segment, long position) {
        clamp(segment, position, segment, position);
        final long w0 = segment.get(LE_LONG, position);
        final long w1 = segment.get(LE_LONG, position + 8);
        final long w2 = segment.get(LE_LONG, position + 16);
        final long w3 = segment.get(LE_LONG, position + 24);
        segment.set(LE_LONG, position, w0 >>> 3 | w1 << 61);
        segment.set(LE_LONG, position + 8, w1 >>> 3 | w2 << 61);
        segment.set(LE_LONG, position + 16, w2 >>> 3 | w3 << 61);
        segment.set(LE_LONG, position + 24, w3 >>> 3);
    }

    /** Multiplies the t at {@code position} by the blinding factor at {@code blindingPosition}, clamped. */
    void blind(MemorySegment segment, long position, MemorySegment blinding, long blindingPosition) {
        clamp(blinding, blindingPosition, factor, 0);
        final MemorySegment t = segment.asSlice(position, LENGTH);
        EdwardsScalars.multiply(t, t, factor);
    }

    /** Writes the clamped scalar 8t or 8(l - t) to {@code target}. */
    void clampedTo(MemorySegment segment, long position, MemorySegment target, long targetPosition) {
        final long t0 = segment.get(LE_LONG, position);
        final long t1 = segment.get(LE_LONG, position + 8);
        final long t2 = segment.get(LE_LONG, position + 16);
        final long t3 = segment.get(LE_LONG, position + 24);

        final long n0 = L0 - t0;
        final long borrow0 = borrow(L0, t0, n0);
        final long n1 = L1 - t1 - borrow0;
        final long borrow1 = borrow(L1, t1, n1);
        final long n2 = L2 - t2 - borrow1;
        final long borrow2 = borrow(L2, t2, n2);
        final long n3 = L3 - t3 - borrow2;

        final long keep = -((t3 >>> 59) & 1); // bit 251: all ones if t is the one
        final long w0 = (t0 & keep) | (n0 & ~keep);
        final long w1 = (t1 & keep) | (n1 & ~keep);
        final long w2 = (t2 & keep) | (n2 & ~keep);
        final long w3 = (t3 & keep) | (n3 & ~keep);
        target.set(LE_LONG, targetPosition, w0 << 3);
        target.set(LE_LONG, targetPosition + 8, w1 << 3 | w0 >>> 61);
        target.set(LE_LONG, targetPosition + 16, w2 << 3 | w1 >>> 61);
        target.set(LE_LONG, targetPosition + 24, w3 << 3 | w2 >>> 61);
    }

    /** Zeroes the remains of the last blinding factor. */
    void wipe() {
        factor.fill((byte) 0);
    }

    /** What {@link #wipe} zeroes, for the test that it does. */
    MemorySegment factor() {
        return factor;
    }

    /** 1 if {@code a - b - borrow} went below zero, given its result modulo 2^64 and the borrow that went in. */
    private static long borrow(long a, long b, long difference) {
        return ((~a & b) | ((~a | b) & difference)) >>> 63;
    }

    private static void clamp(MemorySegment from, long fromPosition, MemorySegment to, long toPosition) {
        to.set(LE_LONG, toPosition, from.get(LE_LONG, fromPosition) & ~7L);
        to.set(LE_LONG, toPosition + 8, from.get(LE_LONG, fromPosition + 8));
        to.set(LE_LONG, toPosition + 16, from.get(LE_LONG, fromPosition + 16));
        to.set(LE_LONG, toPosition + 24, (from.get(LE_LONG, fromPosition + 24) & Long.MAX_VALUE) | 1L << 62);
    }
}

/*
 * The field of 2^255 - 19 without IFMA: ten limbs of 26 and 25 bits in turn (radix 2^25.5), one vector per limb, one lane
 * per element, multiplied 32 by 32 bits (vpmuludq). src/docs/internals/lanes.md explains it, lanes-bounds.md proves the
 * bounds.
 *
 * The including file has defined LADDER_WIDTH, vec, lane_mask and the operations vec_* and lanes_* on them, for AVX-512
 * or AVX2. Two forms of an element:
 *   reduced  what fe25_mul, fe25_square and fe25_add_scaled give: even limbs below 2^26 + 2^14, odd ones below
 *            2^25 + 2^18.
 *   operand accepted, and given by fe25_add and fe25_sub give from two reduced ones: even limbs below 3 * 2^26 + 2^15,
 *            odd ones below 3 * 2^25 + 2^19.
 *
 * Elements live in memory: the multiplier reads one factor from there, and with 16 or 32 registers it could not be
 * otherwise. No branch and no address depends on a value; with LANES_CHECK_BOUNDS every lane is checked.
 */
#ifndef LANES_FE25_H
#define LANES_FE25_H

#include "lanes_internal.h"

#define LANES_INLINE static inline __attribute__((always_inline))

typedef struct {
    vec limb[10];
} fe25;

#ifdef LANES_CHECK_BOUNDS
typedef struct {
    _Alignas(64) uint64_t lane[LADDER_WIDTH];
} lanes_of;

LANES_INLINE lanes_of lanes_in(vec a) {
    lanes_of r;
    vec_store(r.lane, a);
    return r;
}

LANES_INLINE void below(vec a, uint64_t limit) {
    const lanes_of in = lanes_in(a);
    for (int i = 0; i < LADDER_WIDTH; i++) {
        LANES_BOUND(in.lane[i] < limit);
    }
}

LANES_INLINE vec add(vec a, vec b) {
    const vec sum = vec_add(a, b);
    const lanes_of in = lanes_in(a), out = lanes_in(sum);
    for (int i = 0; i < LADDER_WIDTH; i++) {
        LANES_BOUND(out.lane[i] >= in.lane[i]);
    }
    return sum;
}

LANES_INLINE vec sub(vec a, vec b) {
    const lanes_of less = lanes_in(b), from = lanes_in(a);
    for (int i = 0; i < LADDER_WIDTH; i++) {
        LANES_BOUND(from.lane[i] >= less.lane[i]);
    }
    return vec_sub(a, b);
}

LANES_INLINE vec mul32(vec a, vec b) {
    below(a, UINT64_C(1) << 32);
    below(b, UINT64_C(1) << 32);
    return vec_mul32(a, b);
}
#else
#define add(a, b) vec_add(a, b)
#define sub(a, b) vec_sub(a, b)
#define mul32(a, b) vec_mul32(a, b)
#define below(a, limit) ((void) (a), (void) (limit))
#endif

LANES_INLINE vec madd(vec sum, vec a, vec b) {
    return add(sum, mul32(a, b));
}

#define FE25_BITS(i) ((i) % 2 == 0 ? 26 : 25)
#define FE25_MASK(i) ((UINT64_C(1) << FE25_BITS(i)) - 1)

/* Limbs that a factor may have at most, and those of a carried result. */
#define FE25_OPERAND_LIMIT(i) (3 * (UINT64_C(1) << FE25_BITS(i)) + (UINT64_C(1) << ((i) % 2 == 0 ? 15 : 19)))
#define FE25_REDUCED_LIMIT(i) ((UINT64_C(1) << FE25_BITS(i)) + (UINT64_C(1) << ((i) % 2 == 0 ? 14 : 18)))

LANES_INLINE void fe25_check_operand(const fe25 *a) {
    for (int i = 0; i < 10; i++) {
        below(a->limb[i], FE25_OPERAND_LIMIT(i));
    }
}

/* h[i] to h[i + 1], or from the last limb to the first times 19 = 2^255 modulo p. */
LANES_INLINE void fe25_carry_limb(vec h[10], int i) {
    const vec carry = vec_shift_right(h[i], FE25_BITS(i));
    h[i] = vec_and(h[i], vec_splat(FE25_MASK(i)));
    if (i < 9) {
        h[i + 1] = add(h[i + 1], carry);
    } else {
        h[0] = add(h[0], add(carry, add(vec_shift_left(carry, 1), vec_shift_left(carry, 4))));
    }
}

/* Columns below 2^63 to a reduced element; two chains at once, from limbs 0 and 5. */
LANES_INLINE void fe25_carry(fe25 *r, vec h[10]) {
    for (int i = 0; i < 10; i++) {
        below(h[i], UINT64_C(1) << 63);
    }
    fe25_carry_limb(h, 0);
    fe25_carry_limb(h, 5);
    fe25_carry_limb(h, 1);
    fe25_carry_limb(h, 6);
    fe25_carry_limb(h, 2);
    fe25_carry_limb(h, 7);
    fe25_carry_limb(h, 3);
    fe25_carry_limb(h, 8);
    fe25_carry_limb(h, 4);
    fe25_carry_limb(h, 9);
    fe25_carry_limb(h, 5);
    fe25_carry_limb(h, 0);
    for (int i = 0; i < 10; i++) {
        below(h[i], FE25_REDUCED_LIMIT(i));
        r->limb[i] = h[i];
    }
}

/* a * b. A product of two odd limbs is one bit too low and is doubled; the part beyond limb 9 comes back times 19. */
__attribute__((noinline)) static void fe25_mul(fe25 *r, const fe25 *a, const fe25 *b) {
    fe25_check_operand(a);
    fe25_check_operand(b);
    const vec *const f = a->limb, *const g = b->limb, nineteen = vec_splat(19);
    const vec t1 = add(f[1], f[1]), t3 = add(f[3], f[3]), t5 = add(f[5], f[5]), t7 = add(f[7], f[7]);
    const vec t9 = add(f[9], f[9]);
    const vec w1 = mul32(g[1], nineteen), w2 = mul32(g[2], nineteen), w3 = mul32(g[3], nineteen);
    const vec w4 = mul32(g[4], nineteen), w5 = mul32(g[5], nineteen), w6 = mul32(g[6], nineteen);
    const vec w7 = mul32(g[7], nineteen), w8 = mul32(g[8], nineteen), w9 = mul32(g[9], nineteen);
#define COLUMN(t1, t3, t5, t7, t9, g0, g1, g2, g3, g4, g5, g6, g7, g8, g9)                                             \
    madd(madd(madd(madd(madd(madd(madd(madd(madd(mul32(f[0], g0), t1, g1), f[2], g2), t3, g3), f[4], g4), t5, g5),     \
                             f[6], g6), t7, g7), f[8], g8), t9, g9)
#define EVEN(...) COLUMN(t1, t3, t5, t7, t9, __VA_ARGS__)
#define ODD(...) COLUMN(f[1], f[3], f[5], f[7], f[9], __VA_ARGS__)
    vec h[10] = {
        EVEN(g[0], w9, w8, w7, w6, w5, w4, w3, w2, w1),
        ODD(g[1], g[0], w9, w8, w7, w6, w5, w4, w3, w2),
        EVEN(g[2], g[1], g[0], w9, w8, w7, w6, w5, w4, w3),
        ODD(g[3], g[2], g[1], g[0], w9, w8, w7, w6, w5, w4),
        EVEN(g[4], g[3], g[2], g[1], g[0], w9, w8, w7, w6, w5),
        ODD(g[5], g[4], g[3], g[2], g[1], g[0], w9, w8, w7, w6),
        EVEN(g[6], g[5], g[4], g[3], g[2], g[1], g[0], w9, w8, w7),
        ODD(g[7], g[6], g[5], g[4], g[3], g[2], g[1], g[0], w9, w8),
        EVEN(g[8], g[7], g[6], g[5], g[4], g[3], g[2], g[1], g[0], w9),
        ODD(g[9], g[8], g[7], g[6], g[5], g[4], g[3], g[2], g[1], g[0]),
    };
#undef ODD
#undef EVEN
#undef COLUMN
    fe25_carry(r, h);
}

/* a * a: each product of two different limbs once, doubled; w has the 19 and, for odd limbs, one doubling. */
__attribute__((noinline)) static void fe25_square(fe25 *r, const fe25 *a) {
    fe25_check_operand(a);
    const vec *const f = a->limb;
    const vec t0 = add(f[0], f[0]), t1 = add(f[1], f[1]), t2 = add(f[2], f[2]), t3 = add(f[3], f[3]);
    const vec t4 = add(f[4], f[4]), t5 = add(f[5], f[5]), t6 = add(f[6], f[6]), t7 = add(f[7], f[7]);
    const vec w5 = mul32(f[5], vec_splat(38)), w6 = mul32(f[6], vec_splat(19)), w7 = mul32(f[7], vec_splat(38));
    const vec w8 = mul32(f[8], vec_splat(19)), w9 = mul32(f[9], vec_splat(38));
    vec h[10] = {
        madd(madd(madd(madd(madd(mul32(f[0], f[0]), t1, w9), t2, w8), t3, w7), t4, w6), f[5], w5),
        madd(madd(madd(madd(mul32(t0, f[1]), f[2], w9), t3, w8), f[4], w7), t5, w6),
        madd(madd(madd(madd(madd(mul32(t0, f[2]), t1, f[1]), t3, w9), t4, w8), t5, w7), f[6], w6),
        madd(madd(madd(madd(mul32(t0, f[3]), t1, f[2]), f[4], w9), t5, w8), f[6], w7),
        madd(madd(madd(madd(madd(mul32(t0, f[4]), t1, t3), f[2], f[2]), t5, w9), t6, w8), f[7], w7),
        madd(madd(madd(madd(mul32(t0, f[5]), t1, f[4]), t2, f[3]), f[6], w9), t7, w8),
        madd(madd(madd(madd(madd(mul32(t0, f[6]), t1, t5), t2, f[4]), t3, f[3]), t7, w9), f[8], w8),
        madd(madd(madd(madd(mul32(t0, f[7]), t1, f[6]), t2, f[5]), t3, f[4]), f[8], w9),
        madd(madd(madd(madd(madd(mul32(t0, f[8]), t1, t7), t2, f[6]), t3, t5), f[4], f[4]), f[9], w9),
        madd(madd(madd(madd(mul32(t0, f[9]), t1, f[8]), t2, f[7]), t3, f[6]), t4, f[5]),
    };
    fe25_carry(r, h);
}

/* a + factor * b, with a factor below 2^17. */
LANES_INLINE void fe25_add_scaled(fe25 *r, const fe25 *a, uint32_t factor, const fe25 *b) {
    vec h[10];
    fe25_check_operand(a);
    fe25_check_operand(b);
    for (int i = 0; i < 10; i++) {
        h[i] = madd(a->limb[i], b->limb[i], vec_splat(factor));
    }
    fe25_carry(r, h);
}

/* Of two reduced elements: an operand. */
LANES_INLINE void fe25_add(fe25 *r, const fe25 *a, const fe25 *b) {
    for (int i = 0; i < 10; i++) {
        r->limb[i] = add(a->limb[i], b->limb[i]);
    }
}

/* a + 2 p - b, of two reduced elements: an operand. */
LANES_INLINE void fe25_sub(fe25 *r, const fe25 *a, const fe25 *b) {
    for (int i = 0; i < 10; i++) {
        const uint64_t bias = (UINT64_C(1) << (FE25_BITS(i) + 1)) - (i == 0 ? 38 : 2);
        r->limb[i] = sub(add(a->limb[i], vec_splat(bias)), b->limb[i]);
    }
}

/* Per lane: b where the mask is set, else a. */
LANES_INLINE void fe25_select(fe25 *r, lane_mask mask, const fe25 *a, const fe25 *b) {
    for (int i = 0; i < 10; i++) {
        r->limb[i] = lanes_select(mask, a->limb[i], b->limb[i]);
    }
}

#endif

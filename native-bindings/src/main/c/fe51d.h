/*
 * The field of 2^255 - 19 by fused multiply-adds of doubles: five limbs of 51 bits with a sign (radix 2^51), one vector
 * per limb, one lane per element. A fused multiply-add rounds the whole product of two limbs once: added to a large
 * constant it gives the product's high half, and a second one, less that half, the exact low half. Both are then
 * integers in the low bits of a double and are summed as 64-bit words. src/docs/internals/lanes.md explains it,
 * lanes-bounds.md proves the bounds.
 *
 * The including file has defined LADDER_WIDTH, vec (64-bit words), real (doubles), lane_mask and the operations vec_*,
 * real_* and lanes_* on them, for AVX-512, AVX2 or NEON. Two forms of an element:
 *   fe51d   limbs that are integers of at most 2^50 + 2^13 (carried), or twice that for a difference of two.
 *   columns a product that is not carried: signed words, to which FE51D_BIAS has been added where a name says biased.
 *
 * Doubles have to be rounded to nearest: the ladder sets the mode. No branch and no address depends on a value, and no
 * value is subnormal; with LANES_CHECK_BOUNDS every lane is checked.
 */
#ifndef LANES_FE51D_H
#define LANES_FE51D_H

#include "lanes_internal.h"

#define LANES_INLINE static inline __attribute__((always_inline))

typedef struct {
    real limb[5];
} fe51d;

typedef struct {
    vec column[5];
} columns;

/*
 * 3 * 2^102 and that plus 3 * 2^51. From 2^103 to 2^104 a double counts in steps of 2^51, from 2^52 to 2^53 in ones, and
 * in each the pattern of bits counts along.
 */
#define FE51D_HIGH 0x1.8p103
#define FE51D_BOTH (0x1.8p103 + 0x1.8p52)
#define FE51D_HIGH_BITS (UINT64_C(0x4668) << 48)
#define FE51D_LOW_BITS (UINT64_C(0x4338) << 48)

/* 2^52, to which integers below 2^52 are added by their bits. */
#define FE51D_INTEGER 0x1p52
#define FE51D_INTEGER_BITS (UINT64_C(0x4330) << 48)

/* Makes columns positive, whose carry takes it away again. */
#define FE51D_CARRY_BIAS 256
#define FE51D_BIAS (((uint64_t) FE51D_CARRY_BIAS << 51) + (UINT64_C(1) << 50))
#define FE51D_MASK51 ((UINT64_C(1) << 51) - 1)

#ifdef LANES_CHECK_BOUNDS
LANES_INLINE void fe51d_check(real a, double limit) {
    _Alignas(64) double lane[LADDER_WIDTH];
    real_store(lane, a);
    for (int i = 0; i < LADDER_WIDTH; i++) {
        LANES_BOUND(lane[i] >= -limit && lane[i] <= limit && lane[i] == (double) (int64_t) lane[i]);
    }
}

LANES_INLINE void fe51d_check_columns(const vec h[5], int64_t least, int64_t limit) {
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        _Alignas(64) int64_t lane[LADDER_WIDTH];
        vec_store(lane, h[k]);
        for (int i = 0; i < LADDER_WIDTH; i++) {
            LANES_BOUND(lane[i] >= least && lane[i] < limit);
        }
    }
}
#else
#define fe51d_check(a, limit) ((void) (a), (void) (limit))
#define fe51d_check_columns(h, least, limit) ((void) (h))
#endif

/* The greatest limb of a carried element, and of a difference of two. */
#define FE51D_CARRIED 0x1.0000000008p50
#define FE51D_OPERAND 0x1.0000000008p51

LANES_INLINE vec times19(vec a) {
    const vec nine = vec_add(vec_shift_left(a, 3), a);
    return vec_add(vec_add(nine, nine), a);
}

/*
 * FE51D_TERM: h[k] and h[k + 1] get the halves of x * y, with FE51D_LOW_BITS and FE51D_HIGH_BITS. As inline assembly,
 * because GCC postpones the sums and spills the halves. Not in a build that has to see through it (LANES_NO_ASSEMBLY). A
 * file for another architecture has defined it.
 */
#define FE51D_TERM_OF_OPERATIONS(k, x, y)                                                                              \
    do {                                                                                                               \
        const real high_ = real_fma(x, y, high);                                                                       \
        const real low_ = real_fma(x, y, real_sub(both, high_));                                                       \
        h[k] = vec_add(h[k], real_bits(low_));                                                                         \
        h[(k) + 1] = vec_add(h[(k) + 1], real_bits(high_));                                                            \
    } while (0)
#ifndef FE51D_TERM
#ifdef LANES_NO_ASSEMBLY
#define FE51D_TERM FE51D_TERM_OF_OPERATIONS
#else
#define FE51D_TERM(k, x, y)                                                                                            \
    do {                                                                                                               \
        real high_, low_;                                                                                              \
        __asm__("vmovapd %[f], %[hi]\n\tvfmadd213pd %[c], %[g], %[hi]\n\tvsubpd %[hi], %[b], %[lo]\n\t"                   \
                "vfmadd231pd %[g], %[f], %[lo]\n\tvpaddq %[lo], %[h0], %[h0]\n\tvpaddq %[hi], %[h1], %[h1]"                \
                : [h0] "+v"(h[k]), [h1] "+v"(h[(k) + 1]), [hi] "=&v"(high_), [lo] "=&v"(low_)                          \
                : [f] "v"(x), [g] "v"(y), [c] "v"(high), [b] "v"(both));                                               \
    } while (0)
#endif
#endif

/* The start of a column that gets so many low and high halves: their bits, negative. */
#define FE51D_START(lows, highs, bias) ((bias) - (lows) *FE51D_LOW_BITS - (highs) *FE51D_HIGH_BITS)

#define FE51D_PRODUCT_START(bias)                                                                                      \
    {                                                                                                                  \
        FE51D_START(1, 0, bias), FE51D_START(2, 1, bias), FE51D_START(3, 2, bias), FE51D_START(4, 3, bias),            \
            FE51D_START(5, 4, bias), FE51D_START(4, 5, 0), FE51D_START(3, 4, 0), FE51D_START(2, 3, 0),                 \
            FE51D_START(1, 2, 0), FE51D_START(0, 1, 0)                                                                 \
    }

static const uint64_t FE51D_PRODUCT[10] = FE51D_PRODUCT_START(0);
static const uint64_t FE51D_PRODUCT_BIASED[10] = FE51D_PRODUCT_START(FE51D_BIAS);
static const uint64_t FE51D_SQUARE_BIASED[10] = {
    FE51D_START(1, 0, FE51D_BIAS), FE51D_START(1, 1, FE51D_BIAS), FE51D_START(2, 1, FE51D_BIAS),
    FE51D_START(2, 2, FE51D_BIAS), FE51D_START(3, 2, FE51D_BIAS), FE51D_START(2, 3, 0),
    FE51D_START(2, 2, 0),          FE51D_START(1, 2, 0),          FE51D_START(1, 1, 0),
    FE51D_START(0, 1, 0),
};

/* From memory: the compiler would make constants in scalar registers and move them. */
LANES_INLINE void fe51d_start(vec h[10], const uint64_t *start) {
    __asm__("" : "+r"(start));
#pragma GCC unroll 10
    for (int k = 0; k < 10; k++) {
        h[k] = vec_splat(start[k]);
    }
}

/* Columns 5 to 9 come back times 19. */
LANES_INLINE void fe51d_fold(columns *r, const vec h[10]) {
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        r->column[k] = vec_add(h[k], times19(h[k + 5]));
    }
    fe51d_check_columns(r->column, -(INT64_C(1) << 58), INT64_C(1) << 60);
}

/* a * b, and the bias that start may have; a carried. */
LANES_INLINE void fe51d_product(columns *r, const fe51d *a, const fe51d *b, const uint64_t *start) {
    const real high = real_splat(FE51D_HIGH), both = real_splat(FE51D_BOTH);
    const real *const f = a->limb, *const g = b->limb;
    vec h[10];
    fe51d_start(h, start);
    for (int i = 0; i < 5; i++) {
        fe51d_check(f[i], FE51D_CARRIED);
        fe51d_check(g[i], FE51D_OPERAND);
    }
#define ROW(i)                                                                                                         \
    FE51D_TERM(i, f[i], g[0]);                                                                                         \
    FE51D_TERM(i + 1, f[i], g[1]);                                                                                     \
    FE51D_TERM(i + 2, f[i], g[2]);                                                                                     \
    FE51D_TERM(i + 3, f[i], g[3]);                                                                                     \
    FE51D_TERM(i + 4, f[i], g[4])
    ROW(0);
    ROW(1);
    ROW(2);
    ROW(3);
    ROW(4);
#undef ROW
    fe51d_fold(r, h);
}

__attribute__((noinline)) static void fe51d_mul(columns *r, const fe51d *a, const fe51d *b) {
    fe51d_product(r, a, b, FE51D_PRODUCT);
}

__attribute__((noinline)) static void fe51d_mul_biased(columns *r, const fe51d *a, const fe51d *b) {
    fe51d_product(r, a, b, FE51D_PRODUCT_BIASED);
}

/* a * a, biased; a carried. Each product of two different limbs once, of one doubled. */
__attribute__((noinline)) static void fe51d_square(columns *r, const fe51d *a) {
    const real high = real_splat(FE51D_HIGH), both = real_splat(FE51D_BOTH);
    const real *const f = a->limb;
    vec h[10];
    fe51d_start(h, FE51D_SQUARE_BIASED);
    for (int i = 0; i < 5; i++) {
        fe51d_check(f[i], FE51D_CARRIED);
    }
    const real d0 = real_add(f[0], f[0]);
    FE51D_TERM(0, f[0], f[0]);
    FE51D_TERM(1, d0, f[1]);
    FE51D_TERM(2, d0, f[2]);
    FE51D_TERM(3, d0, f[3]);
    FE51D_TERM(4, d0, f[4]);
    const real d1 = real_add(f[1], f[1]);
    FE51D_TERM(2, f[1], f[1]);
    FE51D_TERM(3, d1, f[2]);
    FE51D_TERM(4, d1, f[3]);
    FE51D_TERM(5, d1, f[4]);
    const real d2 = real_add(f[2], f[2]);
    FE51D_TERM(4, f[2], f[2]);
    FE51D_TERM(5, d2, f[3]);
    FE51D_TERM(6, d2, f[4]);
    const real d3 = real_add(f[3], f[3]);
    FE51D_TERM(6, f[3], f[3]);
    FE51D_TERM(7, d3, f[4]);
    FE51D_TERM(8, f[4], f[4]);
    fe51d_fold(r, h);
}

/*
 * Biased columns to an operand: all carries at once. The part above 51 bits is FE51D_CARRY_BIAS too great, the part
 * below 2^50: both go with the constant that makes the bits a double.
 */
LANES_INLINE void fe51d_carry(fe51d *r, const vec h[5]) {
    const vec mask = vec_splat(FE51D_MASK51), bits = vec_splat(FE51D_INTEGER_BITS);
    const real excess = real_splat(FE51D_INTEGER + 0x1p50 + FE51D_CARRY_BIAS);
    const real excess0 = real_splat(FE51D_INTEGER + 0x1p50 + 19 * FE51D_CARRY_BIAS);
    fe51d_check_columns(h, 0, INT64_C(1) << 60);
    vec carry = vec_mul32(vec_shift_right(h[4], 51), vec_splat(19));
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        const vec low = vec_or(vec_and(h[k], mask), bits);
        r->limb[k] = real_sub(real_of(vec_add(low, carry)), k == 0 ? excess0 : excess);
        carry = vec_shift_right(h[k], 51);
        fe51d_check(r->limb[k], FE51D_CARRIED);
    }
}

/* x + z and x - z, of columns of which x is biased. */
__attribute__((noinline)) static void fe51d_sums(fe51d *sum, fe51d *difference, const columns *x, const columns *z) {
    vec h[5];
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        h[k] = vec_add(x->column[k], z->column[k]);
    }
    fe51d_carry(sum, h);
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        h[k] = vec_sub(x->column[k], z->column[k]);
    }
    fe51d_carry(difference, h);
}

/* a + factor * b, of a biased, with a factor below 2^17. */
__attribute__((noinline)) static void fe51d_add_scaled(fe51d *r, const columns *a, double factor, const fe51d *b) {
    const real high = real_splat(FE51D_HIGH), both = real_splat(FE51D_BOTH), scale = real_splat(factor);
    vec h[6];
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        fe51d_check(b->limb[k], FE51D_OPERAND);
        h[k] = vec_add(a->column[k], vec_splat(FE51D_START(1, k > 0, 0)));
    }
    h[5] = vec_splat(FE51D_START(0, 1, 0));
    FE51D_TERM(0, scale, b->limb[0]);
    FE51D_TERM(1, scale, b->limb[1]);
    FE51D_TERM(2, scale, b->limb[2]);
    FE51D_TERM(3, scale, b->limb[3]);
    FE51D_TERM(4, scale, b->limb[4]);
    h[0] = vec_add(h[0], times19(h[5]));
    fe51d_carry(r, h);
}

/* Of two carried elements. */
LANES_INLINE void fe51d_sub(fe51d *r, const fe51d *a, const fe51d *b) {
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        r->limb[k] = real_sub(a->limb[k], b->limb[k]);
    }
}

/* Per lane: b where the mask is set, else a. */
LANES_INLINE void fe51d_select(fe51d *r, lane_mask mask, const fe51d *a, const fe51d *b) {
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        r->limb[k] = lanes_select(mask, a->limb[k], b->limb[k]);
    }
}

#endif

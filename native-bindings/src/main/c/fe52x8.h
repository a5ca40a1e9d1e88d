/*
 * The field of 2^255 - 19, eight elements at a time: five limbs in radix 2^52, one AVX-512 vector per limb, one lane per
 * element. src/docs/internals/lanes.md explains it, src/docs/internals/lanes-bounds.md proves every bound stated here.
 *
 * Two forms of an element:
 *   columns  what mul and square return and add and sub give: five sums of up to 64 bits, not carried.
 *   operand  what carry returns and mul and square take: limbs 0 to 3 count only with their low 52 bits (the multiplier
 *            reads no others, so nothing masks them) and limb 4 is below 2^47 + 2^12.
 *
 * With LANES_CHECK_BOUNDS every lane of every operation is checked: no sum wraps, no difference is negative, no factor
 * is wider than its multiplier. No branch and no address depends on a value otherwise.
 */
#ifndef LANES_FE52X8_H
#define LANES_FE52X8_H

#include <immintrin.h>

#include "lanes_internal.h"

#define LANES_INLINE static inline __attribute__((always_inline))

typedef __m512i vec;

typedef struct {
    vec c0, c1, c2, c3, c4;
} fe52x8;

LANES_INLINE vec splat(uint64_t x) {
    return _mm512_set1_epi64((long long) x);
}

#ifdef LANES_CHECK_BOUNDS
LANES_INLINE vec add(vec a, vec b) {
    const vec sum = _mm512_add_epi64(a, b);
    LANES_BOUND(_mm512_cmplt_epu64_mask(sum, a) == 0);
    return sum;
}

LANES_INLINE vec sub(vec a, vec b) {
    LANES_BOUND(_mm512_cmplt_epu64_mask(a, b) == 0);
    return _mm512_sub_epi64(a, b);
}

LANES_INLINE vec madd_low(vec sum, vec a, vec b) {
    return add(sum, _mm512_madd52lo_epu64(_mm512_setzero_si512(), a, b));
}

LANES_INLINE vec madd_high(vec sum, vec a, vec b) {
    return add(sum, _mm512_madd52hi_epu64(_mm512_setzero_si512(), a, b));
}

LANES_INLINE void below(vec a, uint64_t limit) {
    LANES_BOUND(_mm512_cmpge_epu64_mask(a, splat(limit)) == 0);
}
#else
LANES_INLINE vec add(vec a, vec b) {
    return _mm512_add_epi64(a, b);
}

LANES_INLINE vec sub(vec a, vec b) {
    return _mm512_sub_epi64(a, b);
}

LANES_INLINE vec madd_low(vec sum, vec a, vec b) {
    return _mm512_madd52lo_epu64(sum, a, b);
}

LANES_INLINE vec madd_high(vec sum, vec a, vec b) {
    return _mm512_madd52hi_epu64(sum, a, b);
}

LANES_INLINE void below(vec a, uint64_t limit) {
    (void) a;
    (void) limit;
}
#endif

#define FE52_MASK ((UINT64_C(1) << 52) - 1)
#define FE52_TOP_BITS 47
#define FE52_TOP_LIMIT ((UINT64_C(1) << FE52_TOP_BITS) + (UINT64_C(1) << 12))
/* 2^260 = 2^5 * 2^255 = 32 * 19 modulo p */
#define FE52_FOLD UINT64_C(608)

/*
 * sum + 608 x. Inline assembly, because GCC turns a multiplication by a constant into shifts and sums, which are slower
 * here; not in a build that has to see through it (LANES_NO_ASSEMBLY).
 */
LANES_INLINE vec fold_into(vec sum, vec x) {
    vec product;
    below(x, UINT64_MAX / FE52_FOLD);
#ifdef LANES_NO_ASSEMBLY
    product = _mm512_mullo_epi64(x, splat(FE52_FOLD));
#else
    __asm__("vpmullq %2, %1, %0" : "=v"(product) : "v"(x), "v"(splat(FE52_FOLD)));
#endif
    return add(sum, product);
}

/*
 * Columns 5 to 9 onto columns 0 to 4. Columns 5 and 6 are cut to 52 bits first, so that 608 times each leaves room for
 * sums; column 7 only if even, as a subtrahend needs: see fe_bias.
 */
LANES_INLINE fe52x8 fold(fe52x8 low, vec c5, vec c6, vec c7, vec c8, vec c9, int even) {
    const vec mask = splat(FE52_MASK);
    c6 = add(c6, _mm512_srli_epi64(c5, 52));
    low.c0 = fold_into(low.c0, _mm512_and_si512(c5, mask));
    c7 = add(c7, _mm512_srli_epi64(c6, 52));
    low.c1 = fold_into(low.c1, _mm512_and_si512(c6, mask));
    if (even) {
        c8 = add(c8, _mm512_srli_epi64(c7, 52));
        c7 = _mm512_and_si512(c7, mask);
    }
    low.c2 = fold_into(low.c2, c7);
    low.c3 = fold_into(low.c3, c8);
    below(c9, FE52_MASK / FE52_FOLD);
    low.c4 = madd_low(low.c4, c9, splat(FE52_FOLD));
    return low;
}

/* Columns of start + a * b. The high columns come first, so that their folding overlaps the low ones. */
LANES_INLINE fe52x8 mul_onto(fe52x8 start, fe52x8 a, fe52x8 b, int even) {
    const vec zero = _mm512_setzero_si512();
    fe52x8 c = start;
    vec c5 = zero, c6 = zero, c7 = zero, c8 = zero, c9 = zero;
    below(a.c4, FE52_TOP_LIMIT);
    below(b.c4, FE52_TOP_LIMIT);
#define LANES_ROW(x, k0, k1, k2, k3, k4, k5)                                                                           \
    k0 = madd_low(k0, x, b.c0);                                                                                        \
    k1 = madd_low(k1, x, b.c1);                                                                                        \
    k2 = madd_low(k2, x, b.c2);                                                                                        \
    k3 = madd_low(k3, x, b.c3);                                                                                        \
    k4 = madd_low(k4, x, b.c4);                                                                                        \
    k1 = madd_high(k1, x, b.c0);                                                                                       \
    k2 = madd_high(k2, x, b.c1);                                                                                       \
    k3 = madd_high(k3, x, b.c2);                                                                                       \
    k4 = madd_high(k4, x, b.c3);                                                                                       \
    k5 = madd_high(k5, x, b.c4)
    LANES_ROW(a.c4, c.c4, c5, c6, c7, c8, c9);
    LANES_ROW(a.c3, c.c3, c.c4, c5, c6, c7, c8);
    LANES_ROW(a.c2, c.c2, c.c3, c.c4, c5, c6, c7);
    LANES_ROW(a.c1, c.c1, c.c2, c.c3, c.c4, c5, c6);
    LANES_ROW(a.c0, c.c0, c.c1, c.c2, c.c3, c.c4, c5);
#undef LANES_ROW
    return fold(c, c5, c6, c7, c8, c9, even);
}

/* Columns of start + a * a: the ten mixed products are summed once, doubled, and the five squares come on top. */
LANES_INLINE fe52x8 square_onto(fe52x8 start, fe52x8 a, int even) {
    const vec zero = _mm512_setzero_si512();
    vec c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero, c8 = zero;
    below(a.c4, FE52_TOP_LIMIT);
#define LANES_PAIR(x, y, k, l)                                                                                         \
    k = madd_low(k, x, y);                                                                                             \
    l = madd_high(l, x, y)
    LANES_PAIR(a.c3, a.c4, c7, c8);
    LANES_PAIR(a.c2, a.c4, c6, c7);
    LANES_PAIR(a.c1, a.c4, c5, c6);
    LANES_PAIR(a.c2, a.c3, c5, c6);
    LANES_PAIR(a.c0, a.c4, c4, c5);
    LANES_PAIR(a.c1, a.c3, c4, c5);
    LANES_PAIR(a.c0, a.c3, c3, c4);
    LANES_PAIR(a.c1, a.c2, c3, c4);
    LANES_PAIR(a.c0, a.c2, c2, c3);
    LANES_PAIR(a.c0, a.c1, c1, c2);
#undef LANES_PAIR
    c8 = madd_low(add(c8, c8), a.c4, a.c4);
    c7 = madd_high(add(c7, c7), a.c3, a.c3);
    c6 = madd_low(add(c6, c6), a.c3, a.c3);
    c5 = madd_high(add(c5, c5), a.c2, a.c2);
    fe52x8 c = start;
    c.c4 = madd_low(add(c.c4, add(c4, c4)), a.c2, a.c2);
    c.c3 = madd_high(add(c.c3, add(c3, c3)), a.c1, a.c1);
    c.c2 = madd_low(add(c.c2, add(c2, c2)), a.c1, a.c1);
    c.c1 = madd_high(add(c.c1, add(c1, c1)), a.c0, a.c0);
    c.c0 = madd_low(c.c0, a.c0, a.c0);
    return fold(c, c5, c6, c7, c8, madd_high(zero, a.c4, a.c4), even);
}

LANES_INLINE fe52x8 fe_zero(void) {
    const vec zero = _mm512_setzero_si512();
    return (fe52x8) {zero, zero, zero, zero, zero};
}

/* A multiple of p whose limbs are above 703 * 2^52 (limb 4: above 15 * 2^52): more than any subtrahend has. */
LANES_INLINE fe52x8 fe_bias(void) {
    const vec middle = splat(UINT64_C(0x2bfffffffffffd40));
    return (fe52x8) {splat(UINT64_C(0x2bffffffffffda00)), middle, middle, middle, splat(UINT64_C(0xfffffffffffd40))};
}

/* Products and squares that fe_sub may subtract from. */
LANES_INLINE fe52x8 fe_mul_minuend(fe52x8 a, fe52x8 b) {
    return mul_onto(fe_bias(), a, b, 0);
}

LANES_INLINE fe52x8 fe_square_minuend(fe52x8 a) {
    return square_onto(fe_bias(), a, 0);
}

/* A product that fe_sub may subtract from even when it has been doubled. */
LANES_INLINE fe52x8 fe_mul_even_minuend(fe52x8 a, fe52x8 b) {
    return mul_onto(fe_bias(), a, b, 1);
}

/* A product that is only carried. */
LANES_INLINE fe52x8 fe_mul_loose(fe52x8 a, fe52x8 b) {
    return mul_onto(fe_zero(), a, b, 0);
}

/* Products and squares that fe_sub may subtract. */
LANES_INLINE fe52x8 fe_mul_subtrahend(fe52x8 a, fe52x8 b) {
    return mul_onto(fe_zero(), a, b, 1);
}

LANES_INLINE fe52x8 fe_square_subtrahend(fe52x8 a) {
    return square_onto(fe_zero(), a, 1);
}

/* A square that is only carried. */
LANES_INLINE fe52x8 fe_square_loose(fe52x8 a) {
    return square_onto(fe_zero(), a, 0);
}

/* Columns of start + 121666 a, where 121666 = (486662 + 2) / 4. */
LANES_INLINE fe52x8 fe_mul_121666(fe52x8 start, fe52x8 a) {
    const vec k = splat(121666);
    fe52x8 c = start;
    below(a.c4, FE52_TOP_LIMIT);
    const vec c5 = madd_high(_mm512_setzero_si512(), a.c4, k);
    below(c5, FE52_MASK / FE52_FOLD);
    c.c0 = madd_low(madd_low(c.c0, a.c0, k), c5, splat(FE52_FOLD));
    c.c1 = madd_high(madd_low(c.c1, a.c1, k), a.c0, k);
    c.c2 = madd_high(madd_low(c.c2, a.c2, k), a.c1, k);
    c.c3 = madd_high(madd_low(c.c3, a.c3, k), a.c2, k);
    c.c4 = madd_high(madd_low(c.c4, a.c4, k), a.c3, k);
    return c;
}

/* What lies above 2^255 goes to the bottom times 19, then one pass of carries upwards. */
LANES_INLINE fe52x8 carry_columns(fe52x8 c) {
    const vec top = _mm512_srli_epi64(c.c4, FE52_TOP_BITS);
    c.c0 = madd_low(c.c0, top, splat(19));
    c.c4 = _mm512_and_si512(c.c4, splat((UINT64_C(1) << FE52_TOP_BITS) - 1));
    c.c1 = add(c.c1, _mm512_srli_epi64(c.c0, 52));
    c.c2 = add(c.c2, _mm512_srli_epi64(c.c1, 52));
    c.c3 = add(c.c3, _mm512_srli_epi64(c.c2, 52));
    c.c4 = add(c.c4, _mm512_srli_epi64(c.c3, 52));
    below(c.c4, FE52_TOP_LIMIT);
    return c;
}

/* Columns to operand. */
LANES_INLINE fe52x8 fe_carry(fe52x8 c) {
    below(c.c0, UINT64_C(1924) << 52);
    below(c.c1, UINT64_C(1930) << 52);
    below(c.c2, UINT64_C(3196) << 52);
    below(c.c3, UINT64_C(2012) << 52);
    below(c.c4, UINT64_C(39) << 52);
    return carry_columns(c);
}

/* The same for twice a minuend of fe_mul_even_minuend, with a subtrahend added or subtracted. */
LANES_INLINE fe52x8 fe_carry_doubled(fe52x8 c) {
    below(c.c0, UINT64_C(3240) << 52);
    below(c.c1, UINT64_C(3246) << 52);
    below(c.c2, UINT64_C(3252) << 52);
    below(c.c3, UINT64_C(3372) << 52);
    below(c.c4, UINT64_C(64) << 52);
    return carry_columns(c);
}

LANES_INLINE fe52x8 fe_add(fe52x8 a, fe52x8 b) {
    return (fe52x8) {add(a.c0, b.c0), add(a.c1, b.c1), add(a.c2, b.c2), add(a.c3, b.c3), add(a.c4, b.c4)};
}

/* a minuend less a subtrahend: no limb goes below zero. */
LANES_INLINE fe52x8 fe_sub(fe52x8 a, fe52x8 b) {
    return (fe52x8) {sub(a.c0, b.c0), sub(a.c1, b.c1), sub(a.c2, b.c2), sub(a.c3, b.c3), sub(a.c4, b.c4)};
}

/* Per lane: b where the bit of mask is set, else a. */
LANES_INLINE fe52x8 fe_select(__mmask8 mask, fe52x8 a, fe52x8 b) {
    return (fe52x8) {_mm512_mask_blend_epi64(mask, a.c0, b.c0), _mm512_mask_blend_epi64(mask, a.c1, b.c1),
                     _mm512_mask_blend_epi64(mask, a.c2, b.c2), _mm512_mask_blend_epi64(mask, a.c3, b.c3),
                     _mm512_mask_blend_epi64(mask, a.c4, b.c4)};
}

#endif

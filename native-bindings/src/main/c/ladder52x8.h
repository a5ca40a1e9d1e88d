/*
 * A step of the Montgomery ladder on curve25519 in eight lanes, and the way of elements into lanes and out of them.
 * src/docs/internals/lanes.md explains the step; src/docs/internals/lanes-bounds.md section 1.4 has its bounds.
 */
#ifndef LANES_LADDER52X8_H
#define LANES_LADDER52X8_H

#include "fe51.h"
#include "fe52x8.h"

typedef struct {
    fe52x8 x, z;
} projective;

/* The ladder's four sums and differences, as operands. */
typedef struct {
    fe52x8 a, b, c, d;
} sums;

/* x of every point in here is a minuend and z a subtrahend of fe52x8.h, so that no limb goes below zero. */
LANES_INLINE sums ladder_sums(projective doubled, projective added) {
    sums s;
    s.c = fe_carry(fe_add(added.x, added.z));
    s.d = fe_carry(fe_sub(added.x, added.z));
    s.b = fe_carry(fe_sub(doubled.x, doubled.z));
    s.a = fe_carry(fe_add(doubled.x, doubled.z));
    return s;
}

/* 2 P from a = x + z and b = x - z of P. */
LANES_INLINE projective ladder_double(fe52x8 a, fe52x8 b) {
    const fe52x8 bb = fe_square_subtrahend(b);
    const fe52x8 aa = fe_square_minuend(a);
    const fe52x8 e = fe_carry(fe_sub(aa, bb));
    const fe52x8 f = fe_carry(fe_mul_121666(bb, e));
    projective r;
    r.x = fe_mul_minuend(fe_carry(aa), fe_carry(bb));
    r.z = fe_mul_subtrahend(e, f);
    return r;
}

/*
 * One step: doubles one of the two points and adds them. The sum of the two does not depend on which is doubled (their
 * difference changes its sign, and is squared), so only a and b need choosing, by ten blends.
 */
LANES_INLINE void ladder_step(projective *doubled, projective *added, fe52x8 x1, __mmask8 other) {
    const sums s = ladder_sums(*doubled, *added);
    const fe52x8 cb = fe_mul_subtrahend(s.c, s.b);
    const fe52x8 da = fe_mul_minuend(s.d, s.a);
    const fe52x8 difference = fe_carry(fe_sub(da, cb));
    const fe52x8 b = fe_select(other, s.b, s.d);
    const fe52x8 sum = fe_carry(fe_add(da, cb));
    const fe52x8 a = fe_select(other, s.a, s.c);
    const fe52x8 bb = fe_square_subtrahend(b);
    const fe52x8 difference2 = fe_carry(fe_square_loose(difference));
    const fe52x8 aa = fe_square_minuend(a);
    added->z = fe_mul_subtrahend(x1, difference2);
    const fe52x8 e = fe_carry(fe_sub(aa, bb));
    const fe52x8 aa_operand = fe_carry(aa);
    const fe52x8 f = fe_carry(fe_mul_121666(bb, e));
    doubled->x = fe_mul_minuend(aa_operand, fe_carry(bb));
    doubled->z = fe_mul_subtrahend(e, f);
    added->x = fe_square_minuend(sum);
}

/* Elements in memory, limb by limb. */
typedef struct {
    _Alignas(64) uint64_t limb[5][LANES_WIDTH];
} limbs;

/* Scalars in memory, word by word. */
typedef struct {
    _Alignas(64) uint64_t word[4][LANES_WIDTH];
} words;

/* One bit of each scalar, 0 to 255, as a mask. */
LANES_INLINE __mmask8 bits_at(const words *w, int position) {
    const vec bits = _mm512_load_si512(w->word[position >> 6]);
    return _mm512_test_epi64_mask(bits, splat(UINT64_C(1) << (position & 63)));
}

LANES_INLINE fe52x8 load_limbs(const limbs *from) {
    return (fe52x8) {_mm512_load_si512(from->limb[0]), _mm512_load_si512(from->limb[1]),
                     _mm512_load_si512(from->limb[2]), _mm512_load_si512(from->limb[3]),
                     _mm512_load_si512(from->limb[4])};
}

/* One element per lane, from radix 2^52 to radix 2^51. */
LANES_INLINE void store_elements(fe51 to[LANES_WIDTH], fe52x8 operand) {
    const vec mask = splat(FE52_MASK);
    limbs l;
    _mm512_store_si512(l.limb[0], _mm512_and_si512(operand.c0, mask));
    _mm512_store_si512(l.limb[1], _mm512_and_si512(operand.c1, mask));
    _mm512_store_si512(l.limb[2], _mm512_and_si512(operand.c2, mask));
    _mm512_store_si512(l.limb[3], _mm512_and_si512(operand.c3, mask));
    _mm512_store_si512(l.limb[4], operand.c4);
    for (int i = 0; i < LANES_WIDTH; i++) {
        to[i].v[0] = l.limb[0][i] & FE51_MASK;
        to[i].v[1] = (l.limb[0][i] >> 51 | l.limb[1][i] << 1) & FE51_MASK;
        to[i].v[2] = (l.limb[1][i] >> 50 | l.limb[2][i] << 2) & FE51_MASK;
        to[i].v[3] = (l.limb[2][i] >> 49 | l.limb[3][i] << 3) & FE51_MASK;
        to[i].v[4] = l.limb[3][i] >> 48 | l.limb[4][i] << 4;
    }
}

#endif

/*
 * Elligator 2 and a multiplication on edwards25519 for eight inputs at once: the map to curve25519, the ladder there,
 * which gives the u-coordinates of k P and (k + 1) P, the v-coordinate from these two, and then the way to edwards25519,
 * where three doublings clear the cofactor. src/docs/internals/lanes.md explains why on this way.
 */
#include "edwards25519.h"

#include "ladder52x8.h"

/* An operand whose limbs 0 to 3 are cut to their 52 bits: what sums and differences of operands are taken of. */
LANES_INLINE fe52x8 clean(fe52x8 a) {
    const vec mask = splat(FE52_MASK);
    return (fe52x8) {_mm512_and_si512(a.c0, mask), _mm512_and_si512(a.c1, mask), _mm512_and_si512(a.c2, mask),
                     _mm512_and_si512(a.c3, mask), a.c4};
}

/* The following take operands and give one. */
LANES_INLINE fe52x8 product(fe52x8 a, fe52x8 b) {
    return fe_carry(mul_onto(fe_zero(), a, b, 0));
}

LANES_INLINE fe52x8 square(fe52x8 a) {
    return fe_carry(fe_square_loose(a));
}

LANES_INLINE fe52x8 sum(fe52x8 a, fe52x8 b) {
    return fe_carry(fe_add(clean(a), clean(b)));
}

LANES_INLINE fe52x8 difference(fe52x8 a, fe52x8 b) {
    return fe_carry(fe_sub(fe_add(clean(a), fe_bias()), clean(b)));
}

LANES_INLINE fe52x8 constant(const uint64_t limb[5]) {
    return (fe52x8) {splat(limb[0]), splat(limb[1]), splat(limb[2]), splat(limb[3]), splat(limb[4])};
}

#define TOP ((UINT64_C(1) << FE52_TOP_BITS) - 1)
static const uint64_t ZERO[5] = {0};
static const uint64_t ONE[5] = {1};
static const uint64_t MINUS_1[5] = {FE52_MASK - 19, FE52_MASK, FE52_MASK, FE52_MASK, TOP};
/* J = 486662 is the A of curve25519. */
static const uint64_t MINUS_J[5] = {FE52_MASK - 18 - 486662, FE52_MASK, FE52_MASK, FE52_MASK, TOP};
static const uint64_t J_SQUARED[5] = {UINT64_C(486662) * 486662};
static const uint64_t TWICE_J[5] = {2 * 486662};
/* i = 2^((p - 1) / 4), a square root of -1. */
static const uint64_t ROOT_OF_MINUS_1[5] = {UINT64_C(0xe1b274a0ea0b0), UINT64_C(0x06ad2fe478c4e),
                                            UINT64_C(0xdfbd7a72f4318), UINT64_C(0xdf0b2b4d00993),
                                            UINT64_C(0x02b8324804fc1)};
/* Square roots of -2 i and 2 i. */
static const uint64_t ONE_MINUS_I[5] = {UINT64_C(0x1e4d8b5f15f3e), UINT64_C(0xf952d01b873b1), UINT64_C(0x2042858d0bce7),
                                        UINT64_C(0x20f4d4b2ff66c), UINT64_C(0x0547cdb7fb03e)};
static const uint64_t ONE_PLUS_I[5] = {UINT64_C(0xe1b274a0ea0b1), UINT64_C(0x06ad2fe478c4e), UINT64_C(0xdfbd7a72f4318),
                                       UINT64_C(0xdf0b2b4d00993), UINT64_C(0x02b8324804fc1)};
/* The even square root of -486664. */
static const uint64_t ROOT_OF_MINUS_486664[5] = {UINT64_C(0xe04aaff457e06), UINT64_C(0xd14b7d1a82cc6),
                                                 UINT64_C(0x3fc4f7ec5a1d3), UINT64_C(0x06bbd27b08dc0),
                                                 UINT64_C(0x00f26edf460a0)};

/* The representative below p of an operand, which is below 2 p: p is taken away if adding 19 reaches bit 255. */
LANES_INLINE fe52x8 canonical(fe52x8 operand) {
    const vec mask = splat(FE52_MASK);
    fe52x8 a = clean(operand);
    below(a.c4, FE52_TOP_LIMIT);
    vec q = _mm512_srli_epi64(add(a.c0, splat(19)), 52);
    q = _mm512_srli_epi64(add(a.c1, q), 52);
    q = _mm512_srli_epi64(add(a.c2, q), 52);
    q = _mm512_srli_epi64(add(a.c3, q), 52);
    q = _mm512_srli_epi64(add(a.c4, q), FE52_TOP_BITS);
    below(q, 2);
    a.c0 = madd_low(a.c0, q, splat(19));
    a.c1 = add(a.c1, _mm512_srli_epi64(a.c0, 52));
    a.c2 = add(a.c2, _mm512_srli_epi64(a.c1, 52));
    a.c3 = add(a.c3, _mm512_srli_epi64(a.c2, 52));
    a.c4 = add(a.c4, _mm512_srli_epi64(a.c3, 52));
    return (fe52x8) {_mm512_and_si512(a.c0, mask), _mm512_and_si512(a.c1, mask), _mm512_and_si512(a.c2, mask),
                     _mm512_and_si512(a.c3, mask), _mm512_and_si512(a.c4, splat(TOP))};
}

/* Which lanes of two canonical elements are equal. */
LANES_INLINE __mmask8 equal(fe52x8 a, fe52x8 b) {
    return _mm512_cmpeq_epi64_mask(a.c0, b.c0) & _mm512_cmpeq_epi64_mask(a.c1, b.c1)
        & _mm512_cmpeq_epi64_mask(a.c2, b.c2) & _mm512_cmpeq_epi64_mask(a.c3, b.c3)
        & _mm512_cmpeq_epi64_mask(a.c4, b.c4);
}

__attribute__((noinline)) static void square_times(fe52x8 *a, int times) {
    fe52x8 r = *a;
    for (int i = 0; i < times; i++) {
        r = square(r);
    }
    *a = r;
}

/* a^((p - 5) / 8) = a^(2^252 - 3) */
LANES_INLINE fe52x8 pow22523(fe52x8 a) {
    fe52x8 t0 = square(a), t1 = t0, t2;
    square_times(&t1, 2);
    t1 = product(a, t1);  /* 9 */
    t0 = product(t0, t1); /* 11 */
    t0 = product(t1, square(t0)); /* 2^5 - 1 */
    t1 = t0;
    square_times(&t1, 5);
    t0 = product(t1, t0); /* 2^10 - 1 */
    t1 = t0;
    square_times(&t1, 10);
    t1 = product(t1, t0); /* 2^20 - 1 */
    t2 = t1;
    square_times(&t2, 20);
    t1 = product(t2, t1); /* 2^40 - 1 */
    square_times(&t1, 10);
    t0 = product(t1, t0); /* 2^50 - 1 */
    t1 = t0;
    square_times(&t1, 50);
    t1 = product(t1, t0); /* 2^100 - 1 */
    t2 = t1;
    square_times(&t2, 100);
    t1 = product(t2, t1); /* 2^200 - 1 */
    square_times(&t1, 50);
    t0 = product(t1, t0); /* 2^250 - 1 */
    square_times(&t0, 2);
    return product(t0, a);
}

static uint64_t big_endian64(const uint8_t *p) {
    return __builtin_bswap64(load64(p));
}

/* 48 bytes, big endian, modulo p up to a multiple: an operand. 2^256 = 38. */
static void load_uniform(limbs *to, const uint8_t *const uniform[LANES_WIDTH]) {
    for (int i = 0; i < LANES_WIDTH; i++) {
        uint64_t w[4];
        unsigned __int128 sum = 0;
        for (int j = 0; j < 4; j++) {
            const uint64_t high = j < 2 ? big_endian64(uniform[i] + 8 - 8 * j) : 0;
            sum += (unsigned __int128) high * 38 + big_endian64(uniform[i] + 40 - 8 * j);
            w[j] = (uint64_t) sum;
            sum >>= 64;
        }
        /* sum is 0 or 1, of weight 38; bit 255 is worth 19. */
        sum = (uint64_t) sum * 38 + (w[3] >> 63) * 19;
        w[3] &= UINT64_MAX >> 1;
        for (int j = 0; j < 4; j++) {
            sum += w[j];
            w[j] = (uint64_t) sum;
            sum >>= 64;
        }
        to->limb[0][i] = w[0] & FE52_MASK;
        to->limb[1][i] = (w[0] >> 52 | w[1] << 12) & FE52_MASK;
        to->limb[2][i] = (w[1] >> 40 | w[2] << 24) & FE52_MASK;
        to->limb[3][i] = (w[2] >> 28 | w[3] << 36) & FE52_MASK;
        to->limb[4][i] = w[3] >> 16;
    }
}

static void store_limbs(uint64_t to[5][LANES_WIDTH], fe52x8 operand) {
    const fe52x8 a = clean(operand);
    _mm512_store_si512(to[0], a.c0);
    _mm512_store_si512(to[1], a.c1);
    _mm512_store_si512(to[2], a.c2);
    _mm512_store_si512(to[3], a.c3);
    _mm512_store_si512(to[4], a.c4);
}

/*
 * With x1 = -J / d and d = 1 + 2 r^2: g(x1) = n / d^3 with n = -J (d^2 - 2 J^2 r^2). One power, w = t^((p - 5) / 8) of
 * t = n d^3, gives the inverse of d and both roots, because w^2 t = e is a fourth root of one: 1 / t = w^2 e^3, and
 * (n w)^2 = e g(x1). If e is 1 or -1, g(x1) is a square with root n w or i n w; else g(x2) = 2 r^2 g(x1) is one, with
 * root n w r (1 - i) or n w r (1 + i). Neither d nor t is ever zero: -1/2 is no square and g has no root but 0.
 */
__attribute__((noinline)) void edwards25519_map_ifma(edwards25519_mapped *mapped,
                                                     const uint8_t *const uniform[LANES_WIDTH]) {
    limbs l;
    load_uniform(&l, uniform);
    const fe52x8 r = load_limbs(&l);
    const fe52x8 r2 = square(r), twice = sum(r2, r2);
    const fe52x8 d = sum(twice, constant(ONE)), d2 = square(d);
    const fe52x8 n = product(difference(d2, product(twice, constant(J_SQUARED))), constant(MINUS_J));
    const fe52x8 t = product(n, product(d2, d));
    const fe52x8 w = pow22523(t);
    const fe52x8 w2 = square(w), e = product(w2, t);
    const fe52x8 inverse_t = product(w2, product(square(e), e));
    const fe52x8 inverse_d = product(product(inverse_t, n), d2);

    const fe52x8 root = canonical(e);
    const __mmask8 one = equal(root, constant(ONE)), minus_one = equal(root, constant(MINUS_1));
    const __mmask8 imaginary = equal(root, constant(ROOT_OF_MINUS_1)), first = one | minus_one;
    fe52x8 factor = fe_select(imaginary, constant(ONE_PLUS_I), constant(ONE_MINUS_I));
    factor = product(factor, r);
    factor = fe_select(minus_one, factor, constant(ROOT_OF_MINUS_1));
    factor = fe_select(one, factor, constant(ONE));
    const fe52x8 v = canonical(product(product(n, w), factor));
    /* The first candidate's root is odd, the second's even. */
    const __mmask8 odd = _mm512_test_epi64_mask(v.c0, splat(1));

    const fe52x8 x1 = product(inverse_d, constant(MINUS_J));
    store_limbs(mapped->u, fe_select(first, difference(constant(MINUS_J), x1), x1));
    store_limbs(mapped->v, fe_select((__mmask8) (odd ^ first), v, difference(constant(ZERO), v)));
}

typedef struct {
    fe52x8 x, y, z;
} edwards;

/* dbl-2008-bbjlp for a = -1, with the signs of both factors turned in two of its products. */
LANES_INLINE edwards edwards_double(edwards p) {
    const fe52x8 xx = square(p.x), yy = square(p.y), zz = square(p.z), xy = square(sum(p.x, p.y));
    const fe52x8 h = sum(xx, yy), e = difference(h, xy), g = difference(xx, yy), f = sum(g, sum(zz, zz));
    return (edwards) {product(e, f), product(g, h), product(f, g)};
}

static fe52x8 load_mapped(const uint64_t from[5][LANES_WIDTH]) {
    return (fe52x8) {_mm512_load_si512(from[0]), _mm512_load_si512(from[1]), _mm512_load_si512(from[2]),
                     _mm512_load_si512(from[3]), _mm512_load_si512(from[4])};
}

/*
 * k P from the u-coordinates of it and of (k + 1) P, as a point of edwards25519. Source: Okeya and Sakurai, "Efficient
 * Elliptic Curve Cryptosystems from a Scalar Multiplication Algorithm with Recovery of the y-Coordinate on a
 * Montgomery-Form Elliptic Curve", 2001.
 */
LANES_INLINE edwards recover(fe52x8 u, fe52x8 v, fe52x8 x, fe52x8 z, fe52x8 next_x, fe52x8 next_z) {
    const fe52x8 uz = product(u, z), jz = product(z, constant(TWICE_J));
    const fe52x8 left = product(sum(sum(x, uz), jz), sum(product(u, x), z));
    const fe52x8 right = product(square(difference(x, uz)), next_x);
    const fe52x8 montgomery_y = difference(product(difference(left, product(jz, z)), next_z), right);
    const fe52x8 scale = product(product(sum(v, v), z), next_z);
    const fe52x8 montgomery_x = product(scale, x), montgomery_z = product(scale, z);
    /* x = sqrt(-486664) u / v and y = (u - 1) / (u + 1) */
    const fe52x8 above = difference(montgomery_x, montgomery_z), under = sum(montgomery_x, montgomery_z);
    return (edwards) {product(product(montgomery_x, under), constant(ROOT_OF_MINUS_486664)),
                      product(above, montgomery_y), product(montgomery_y, under)};
}

static void load_words(words *to, const uint8_t *const scalar[LANES_WIDTH]) {
    for (int i = 0; i < LANES_WIDTH; i++) {
        for (int j = 0; j < 4; j++) {
            to->word[j][i] = load64(scalar[i] + 8 * j);
        }
    }
}

__attribute__((noinline)) void edwards25519_multiply_ifma(x25519_ratio x[LANES_WIDTH], x25519_ratio y[LANES_WIDTH],
                                                          const edwards25519_mapped *mapped,
                                                          const uint8_t *const scalar[LANES_WIDTH]) {
    words w;
    load_words(&w, scalar);
    const fe52x8 u = load_mapped(mapped->u);
    /* The identity and P. */
    projective doubled = {fe_add(constant(ONE), fe_bias()), constant(ZERO)};
    projective added = {fe_add(u, fe_bias()), constant(ONE)};
    __mmask8 previous = 0;
    for (int position = 254; position >= 0; position--) {
        const __mmask8 bit = bits_at(&w, position);
        ladder_step(&doubled, &added, u, (__mmask8) (bit ^ previous));
        previous = bit;
    }
    const fe52x8 x0 = fe_carry(doubled.x), z0 = fe_carry(doubled.z), x1 = fe_carry(added.x), z1 = fe_carry(added.z);
    edwards p = recover(u, load_mapped(mapped->v), fe_select(previous, x0, x1), fe_select(previous, z0, z1),
                        fe_select(previous, x1, x0), fe_select(previous, z1, z0));
    for (int i = 0; i < 3; i++) {
        p = edwards_double(p);
    }
    fe51 element[LANES_WIDTH];
    store_elements(element, p.x);
    for (int i = 0; i < LANES_WIDTH; i++) {
        x[i].x = element[i];
    }
    store_elements(element, p.y);
    for (int i = 0; i < LANES_WIDTH; i++) {
        y[i].x = element[i];
    }
    store_elements(element, p.z);
    for (int i = 0; i < LANES_WIDTH; i++) {
        x[i].z = element[i];
        y[i].z = element[i];
    }
}

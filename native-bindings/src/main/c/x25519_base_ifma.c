/*
 * Eight multiples of the base point at once on AVX-512 IFMA, over edwards25519 and a table (base25519.h): 64 additions
 * instead of 252 steps of the ladder. A digit's eight multiples lie in one vector a limb, so that the choice of each lane is
 * one permutation in registers: no address depends on a scalar.
 */
#include "base25519.h"
#include "ladder52x8.h"
#include "x25519.h"

/* X is a subtrahend and Y and Z are minuends of fe52x8.h; T is an operand. */
typedef struct {
    fe52x8 x, y, z, t;
} extended;

/* The order of the base point, RFC 8032 section 5.1. */
static const uint64_t ORDER[4] = {UINT64_C(0x5812631a5cf5d3ed), UINT64_C(0x14def9dea2f79cd6), 0,
                                  UINT64_C(0x1000000000000000)};

/*
 * The clamped scalar s as digits of 4 bits, n[i], with s + order = sum of (2 n[i] - 15) 16^i: the sum is odd, and an odd
 * number below 2^256 is the sum of all powers of two up to 2^255, each with the sign that a bit of (s + order) / 2 + 2^255
 * gives. No digit is zero.
 */
static void load_digits(words *to, const uint8_t *const scalar[LANES_WIDTH]) {
    for (int i = 0; i < LANES_WIDTH; i++) {
        uint64_t k[4];
        unsigned __int128 sum = 0;
        for (int j = 0; j < 4; j++) {
            uint64_t word = load64(scalar[i] + 8 * j);
            if (j == 0) {
                word &= ~UINT64_C(7);
            } else if (j == 3) {
                word = (word & ~(UINT64_C(1) << 63)) | UINT64_C(1) << 62;
            }
            sum += (unsigned __int128) word + ORDER[j];
            k[j] = (uint64_t) sum;
            sum >>= 64;
        }
        for (int j = 0; j < 3; j++) {
            to->word[j][i] = k[j] >> 1 | k[j + 1] << 63;
        }
        to->word[3][i] = k[3] >> 1 | UINT64_C(1) << 63;
    }
}

LANES_INLINE fe52x8 choose(const uint64_t from[5][BASE25519_MULTIPLES], vec index) {
    return (fe52x8) {_mm512_permutexvar_epi64(index, _mm512_load_si512(from[0])),
                     _mm512_permutexvar_epi64(index, _mm512_load_si512(from[1])),
                     _mm512_permutexvar_epi64(index, _mm512_load_si512(from[2])),
                     _mm512_permutexvar_epi64(index, _mm512_load_si512(from[3])),
                     _mm512_permutexvar_epi64(index, _mm512_load_si512(from[4]))};
}

/* Adds the multiple that index chooses, or its negative: then y + x and y - x change places, and so do f and g. */
LANES_INLINE void add_multiple(extended *p, const base25519_digit *digit, vec index, __mmask8 negative) {
    const fe52x8 plus = choose(digit->sum, index), minus = choose(digit->difference, index);
    const fe52x8 a = fe_mul_subtrahend(fe_carry(fe_sub(p->y, p->x)), fe_select(negative, minus, plus));
    const fe52x8 b = fe_mul_minuend(fe_carry(fe_add(p->y, p->x)), fe_select(negative, plus, minus));
    const fe52x8 c = fe_mul_subtrahend(p->t, choose(digit->product, index));
    const fe52x8 d = fe_add(p->z, p->z);
    const fe52x8 less = fe_carry_doubled(fe_sub(d, c)), more = fe_carry_doubled(fe_add(d, c));
    const fe52x8 e = fe_carry(fe_sub(b, a)), h = fe_carry(fe_add(b, a));
    const fe52x8 f = fe_select(negative, less, more), g = fe_select(negative, more, less);
    p->x = fe_mul_subtrahend(e, f);
    p->y = fe_mul_minuend(g, h);
    p->t = fe_carry(fe_mul_loose(e, h));
    p->z = fe_mul_even_minuend(f, g);
}

__attribute__((noinline)) void x25519_base_ifma(x25519_ratio ratio[LANES_WIDTH],
                                                const uint8_t *const scalar[LANES_WIDTH]) {
    const vec zero = splat(0);
    words w;
    load_digits(&w, scalar);
    extended p = {fe_zero(), fe_bias(), fe_bias(), fe_zero()};
    p.y.c0 = p.z.c0 = add(p.y.c0, splat(1));
    for (int i = 0; i < BASE25519_DIGITS; i++) {
        const vec bits = _mm512_load_si512(w.word[i >> 4]);
        const int at = 4 * (i & 15);
        const vec n = _mm512_and_si512(_mm512_srli_epi64(bits, (unsigned) at), splat(15));
        /* 8 to 15 are 1, 3, to 15; 7 down to 0 their negatives. */
        const __mmask8 negative = (__mmask8) ~_mm512_test_epi64_mask(n, splat(8));
        const vec flipped = _mm512_mask_blend_epi64(negative, zero, splat(7));
        add_multiple(&p, &base25519[i], _mm512_and_si512(_mm512_xor_si512(n, flipped), splat(7)), negative);
    }
    /* u = (1 + y) / (1 - y) */
    fe51 y[LANES_WIDTH], z[LANES_WIDTH];
    store_elements(y, fe_carry(p.y));
    store_elements(z, fe_carry(p.z));
    for (int i = 0; i < LANES_WIDTH; i++) {
        fe51_add(&ratio[i].x, &z[i], &y[i]);
        fe51_sub(&ratio[i].z, &z[i], &y[i]);
    }
}

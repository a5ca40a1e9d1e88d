/*
 * Poly1305, eight messages at once, message j in lane j: radix 2^44 with limbs of 44, 44 and 42 bits.
 *
 * Bounds (checked by LANES_CHECK_BOUNDS, argued in src/docs/internals/lanes-bounds.md): elements
 * have limbs below 2^44, 2^45 and 2^42, 20 times the upper two is below 2^50 and a sum of two below 2^46: every factor
 * fits the multiplier's 52 bits.
 */
#include "poly1305.h"

#include <immintrin.h>

#include "transpose.h"

#define POLY1305_INLINE static inline __attribute__((always_inline))

POLY1305_INLINE vec splat(uint64_t x) {
    return _mm512_set1_epi64((long long) x);
}

POLY1305_INLINE void below(vec a, int bits) {
    (void) a;
    (void) bits;
#ifdef LANES_CHECK_BOUNDS
    LANES_BOUND(_mm512_cmpge_epu64_mask(a, splat(UINT64_C(1) << bits)) == 0);
#endif
}

#define MASK44 ((UINT64_C(1) << 44) - 1)
#define MASK42 ((UINT64_C(1) << 42) - 1)

/* An element: limbs of 44, 44 and 42 bits, the middle one up to 2^14 above that. */
typedef struct {
    vec a0, a1, a2;
} element;

/* A factor: an element, and 20 times (2^132 = 20 modulo p) the two limbs of it that wrap. */
typedef struct {
    vec r0, r1, r2, s1, s2;
} factor;

/* Sums of products: low halves by limb, high halves by the limb that they come from, 52 bits above its start. */
typedef struct {
    vec l0, l1, l2, u0, u1, u2;
} product;

typedef struct {
    element h;
    /* r to the powers 1 to 4. */
    factor power[4];
} poly;

POLY1305_INLINE factor to_factor(element a) {
    const vec twenty = splat(20);
    below(a.a1, 45);
    return (factor) {a.a0, a.a1, a.a2, _mm512_mullo_epi64(a.a1, twenty), _mm512_mullo_epi64(a.a2, twenty)};
}

/* low and high are a block's 128 bits; bit 128 is always set. */
POLY1305_INLINE element to_element(vec low, vec high) {
    const vec mask = splat(MASK44);
    const vec middle = _mm512_or_si512(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20));
    const vec top = _mm512_or_si512(_mm512_srli_epi64(high, 24), splat(UINT64_C(1) << 40));
    return (element) {_mm512_and_si512(low, mask), _mm512_and_si512(middle, mask), top};
}

POLY1305_INLINE element sum_of(element a, element b) {
    return (element) {_mm512_add_epi64(a.a0, b.a0), _mm512_add_epi64(a.a1, b.a1), _mm512_add_epi64(a.a2, b.a2)};
}

POLY1305_INLINE product no_product(void) {
    const vec zero = _mm512_setzero_si512();
    return (product) {zero, zero, zero, zero, zero, zero};
}

/* sum + a * f */
POLY1305_INLINE product add_product(product sum, element a, const factor *f) {
    below(a.a0, 46);
    below(a.a1, 46);
    below(a.a2, 44);
#define LANES_TERM(k, x, y)                                                                                            \
    sum.l##k = _mm512_madd52lo_epu64(sum.l##k, x, y);                                                                  \
    sum.u##k = _mm512_madd52hi_epu64(sum.u##k, x, y)
    LANES_TERM(0, a.a2, f->s1);
    LANES_TERM(1, a.a2, f->s2);
    LANES_TERM(2, a.a2, f->r0);
    LANES_TERM(0, a.a1, f->s2);
    LANES_TERM(1, a.a1, f->r0);
    LANES_TERM(2, a.a1, f->r1);
    LANES_TERM(0, a.a0, f->r0);
    LANES_TERM(1, a.a0, f->r1);
    LANES_TERM(2, a.a0, f->r2);
#undef LANES_TERM
    return sum;
}

/* The high halves are 8 bits above the next limb's start; the last ones 10 bits above 2^130, which is 5. */
POLY1305_INLINE element reduce(product p) {
    const vec mask = splat(MASK44);
    below(p.l0, 56);
    below(p.l1, 56);
    below(p.l2, 56);
    below(p.u0, 46);
    below(p.u1, 46);
    below(p.u2, 46);
    const vec c1 = _mm512_add_epi64(_mm512_add_epi64(p.l1, _mm512_slli_epi64(p.u0, 8)), _mm512_srli_epi64(p.l0, 44));
    const vec c2 = _mm512_add_epi64(_mm512_add_epi64(p.l2, _mm512_slli_epi64(p.u1, 8)), _mm512_srli_epi64(c1, 44));
    const vec wrap = _mm512_add_epi64(_mm512_slli_epi64(p.u2, 10), _mm512_srli_epi64(c2, 42));
    const vec d0 = _mm512_add_epi64(_mm512_add_epi64(_mm512_and_si512(p.l0, mask), wrap), _mm512_slli_epi64(wrap, 2));
    below(d0, 59);
    return (element) {_mm512_and_si512(d0, mask),
                      _mm512_add_epi64(_mm512_and_si512(c1, mask), _mm512_srli_epi64(d0, 44)),
                      _mm512_and_si512(c2, splat(MASK42))};
}

/* h = (h + block) * r */
POLY1305_INLINE element absorb(element h, const poly *p, vec low, vec high) {
    return reduce(add_product(no_product(), sum_of(h, to_element(low, high)), &p->power[0]));
}

/* Four blocks with one reduction: h = (h + first) * r^4 + second * r^3 + third * r^2 + fourth * r */
POLY1305_INLINE element absorb_four(element h, const poly *p, const vec row[8]) {
    product sum = add_product(no_product(), to_element(row[6], row[7]), &p->power[0]);
    sum = add_product(sum, to_element(row[4], row[5]), &p->power[1]);
    sum = add_product(sum, to_element(row[2], row[3]), &p->power[2]);
    return reduce(add_product(sum, sum_of(h, to_element(row[0], row[1])), &p->power[3]));
}

/* length bytes of each message, filled up with zeros to whole blocks. */
static void absorb_padded(poly *p, const uint8_t *const message[LANES_WIDTH], size_t length) {
    element h = p->h;
    vec row[8];
    size_t offset = 0;
    for (; length - offset >= 64; offset += 64) {
#pragma GCC unroll 8
        for (int j = 0; j < LANES_WIDTH; j++) {
            row[j] = _mm512_loadu_si512(message[j] + offset);
        }
        transpose8(row);
        h = absorb_four(h, p, row);
    }
    if (length > offset) {
        const size_t rest = length - offset;
        const __mmask64 bytes = (__mmask64) (UINT64_MAX >> (64 - rest));
#pragma GCC unroll 8
        for (int j = 0; j < LANES_WIDTH; j++) {
            row[j] = _mm512_maskz_loadu_epi8(bytes, message[j] + offset);
        }
        transpose8(row);
        for (size_t i = 0; 16 * i < rest; i++) {
            h = absorb(h, p, row[2 * i], row[2 * i + 1]);
        }
    }
    p->h = h;
}

static vec column(const uint8_t key[LANES_WIDTH][POLY1305_KEY], int offset) {
    _Alignas(64) uint64_t word[LANES_WIDTH];
    for (int j = 0; j < LANES_WIDTH; j++) {
        memcpy(&word[j], key[j] + offset, 8);
    }
    return _mm512_load_si512(word);
}

static void start(poly *p, const uint8_t key[LANES_WIDTH][POLY1305_KEY]) {
    const vec mask = splat(MASK44);
    const vec low = _mm512_and_si512(column(key, 0), splat(UINT64_C(0x0ffffffc0fffffff)));
    const vec high = _mm512_and_si512(column(key, 8), splat(UINT64_C(0x0ffffffc0ffffffc)));
    const vec middle = _mm512_or_si512(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20));
    element r = {_mm512_and_si512(low, mask), _mm512_and_si512(middle, mask), _mm512_srli_epi64(high, 24)};
    p->power[0] = to_factor(r);
    for (int i = 1; i < 4; i++) {
        r = reduce(add_product(no_product(), r, &p->power[0]));
        p->power[i] = to_factor(r);
    }
    const vec zero = _mm512_setzero_si512();
    p->h = (element) {zero, zero, zero};
}

/* tag = (h modulo p) + key's second half, modulo 2^128. */
static void finish(const poly *p, uint8_t tag[LANES_WIDTH][POLY1305_TAG],
                   const uint8_t key[LANES_WIDTH][POLY1305_KEY]) {
    _Alignas(64) uint64_t h[3][LANES_WIDTH];
    _mm512_store_si512(h[0], p->h.a0);
    _mm512_store_si512(h[1], p->h.a1);
    _mm512_store_si512(h[2], p->h.a2);
    for (int j = 0; j < LANES_WIDTH; j++) {
        uint64_t a = h[0][j], b = h[1][j], c = h[2][j];
        c += b >> 44;
        b &= MASK44;
        a += 5 * (c >> 42);
        c &= MASK42;
        b += a >> 44;
        a &= MASK44;
        c += b >> 44;
        b &= MASK44;
        /* a, b, c is now below 2p; subtract p = 2^130 - 5 if that does not go below zero. */
        uint64_t x = a + 5, y = b + (x >> 44), z = c + (y >> 44);
        const uint64_t keep = (z >> 42) - 1; /* all ones if h < p; z >> 42 is 0 or 1 */
        a = (a & keep) | (x & MASK44 & ~keep);
        b = (b & keep) | (y & MASK44 & ~keep);
        c = (c & keep) | (z & MASK42 & ~keep);
        uint64_t pad[2];
        memcpy(pad, key[j] + 16, 16);
        const unsigned __int128 value = ((unsigned __int128) c << 88) + ((unsigned __int128) b << 44) + a;
        const unsigned __int128 sum = value + ((unsigned __int128) pad[1] << 64 | pad[0]);
        const uint64_t word[2] = {(uint64_t) sum, (uint64_t) (sum >> 64)};
        memcpy(tag[j], word, sizeof word);
    }
}

__attribute__((noinline)) static void aead(uint8_t tag[][POLY1305_TAG], const uint8_t key[][POLY1305_KEY],
                                           const uint8_t *const ad[], size_t ad_length, const uint8_t *const text[],
                                           size_t text_length) {
    poly p;
    start(&p, key);
    absorb_padded(&p, ad, ad_length);
    absorb_padded(&p, text, text_length);
    p.h = absorb(p.h, &p, splat(ad_length), splat(text_length));
    finish(&p, tag, key);
}

const poly1305_kernel poly1305_ifma = {LANES_WIDTH, aead};

/*
 * Poly1305, eight messages at once, message j in lane j: radix 2^44 with limbs of 44, 44 and 42 bits.
 *
 * Bounds (checked by LANES_CHECK_BOUNDS, argued in src/docs/lanes-bounds.md): r has limbs below 2^44, 2^44 and 2^36, 20 r
 * below 2^49; h has limbs below 2^44, 2^45 and 2^42 between blocks, so that every factor fits the multiplier's 52 bits.
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

typedef struct {
    vec h0, h1, h2;
    /* The key's r, and 20 r (2^132 = 20 modulo p) of the two limbs that wrap. */
    vec r0, r1, r2, s1, s2;
} poly;

/* h = (h + block) * r. low and high are the block's 128 bits; bit 128 is always set. */
POLY1305_INLINE void absorb(poly *p, vec low, vec high) {
    const vec mask = splat(MASK44);
    const vec a0 = _mm512_add_epi64(p->h0, _mm512_and_si512(low, mask));
    const vec middle = _mm512_or_si512(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20));
    const vec a1 = _mm512_add_epi64(p->h1, _mm512_and_si512(middle, mask));
    const vec top = _mm512_or_si512(_mm512_srli_epi64(high, 24), splat(UINT64_C(1) << 40));
    const vec a2 = _mm512_add_epi64(p->h2, top);
    below(a0, 46);
    below(a1, 46);
    below(a2, 44);
    const vec zero = _mm512_setzero_si512();
    vec l0 = zero, l1 = zero, l2 = zero, u0 = zero, u1 = zero, u2 = zero;
#define LANES_TERM(k, x, y)                                                                                            \
    l##k = _mm512_madd52lo_epu64(l##k, x, y);                                                                          \
    u##k = _mm512_madd52hi_epu64(u##k, x, y)
    /* a0 last: its carry arrives last. */
    LANES_TERM(0, a2, p->s1);
    LANES_TERM(1, a2, p->s2);
    LANES_TERM(2, a2, p->r0);
    LANES_TERM(0, a1, p->s2);
    LANES_TERM(1, a1, p->r0);
    LANES_TERM(2, a1, p->r1);
    LANES_TERM(0, a0, p->r0);
    LANES_TERM(1, a0, p->r1);
    LANES_TERM(2, a0, p->r2);
#undef LANES_TERM
    /* The high halves stand 52 bits up, which is 8 bits above the next limb (10 above the wrapped one). */
    const vec c1 = _mm512_add_epi64(_mm512_add_epi64(l1, _mm512_slli_epi64(u0, 8)), _mm512_srli_epi64(l0, 44));
    const vec c2 = _mm512_add_epi64(_mm512_add_epi64(l2, _mm512_slli_epi64(u1, 8)), _mm512_srli_epi64(c1, 44));
    const vec wrap = _mm512_add_epi64(_mm512_slli_epi64(u2, 10), _mm512_srli_epi64(c2, 42));
    below(c1, 55);
    below(c2, 55);
    below(wrap, 56);
    const vec d0 = _mm512_add_epi64(_mm512_add_epi64(_mm512_and_si512(l0, mask), wrap), _mm512_slli_epi64(wrap, 2));
    below(d0, 59);
    p->h0 = _mm512_and_si512(d0, mask);
    p->h1 = _mm512_add_epi64(_mm512_and_si512(c1, mask), _mm512_srli_epi64(d0, 44));
    p->h2 = _mm512_and_si512(c2, splat(MASK42));
    below(p->h1, 45);
}

/* length bytes of each message, filled up with zeros to whole blocks. */
static void absorb_padded(poly *p, const uint8_t *const message[LANES_WIDTH], size_t length) {
    poly q = *p;
    vec row[8];
    size_t offset = 0;
    for (; length - offset >= 64; offset += 64) {
#pragma GCC unroll 8
        for (int j = 0; j < LANES_WIDTH; j++) {
            row[j] = _mm512_loadu_si512(message[j] + offset);
        }
        transpose8(row);
        absorb(&q, row[0], row[1]);
        absorb(&q, row[2], row[3]);
        absorb(&q, row[4], row[5]);
        absorb(&q, row[6], row[7]);
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
            absorb(&q, row[2 * i], row[2 * i + 1]);
        }
    }
    *p = q;
}

static vec column(const uint8_t key[LANES_WIDTH][POLY1305_KEY], int offset) {
    _Alignas(64) uint64_t word[LANES_WIDTH];
    for (int j = 0; j < LANES_WIDTH; j++) {
        memcpy(&word[j], key[j] + offset, 8);
    }
    return _mm512_load_si512(word);
}

static void start(poly *p, const uint8_t key[LANES_WIDTH][POLY1305_KEY]) {
    const vec mask = splat(MASK44), twenty = splat(20);
    const vec low = _mm512_and_si512(column(key, 0), splat(UINT64_C(0x0ffffffc0fffffff)));
    const vec high = _mm512_and_si512(column(key, 8), splat(UINT64_C(0x0ffffffc0ffffffc)));
    p->h0 = p->h1 = p->h2 = _mm512_setzero_si512();
    p->r0 = _mm512_and_si512(low, mask);
    p->r1 = _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64(low, 44), _mm512_slli_epi64(high, 20)), mask);
    p->r2 = _mm512_srli_epi64(high, 24);
    p->s1 = _mm512_mullo_epi64(p->r1, twenty);
    p->s2 = _mm512_mullo_epi64(p->r2, twenty);
}

/* tag = (h modulo p) + key's second half, modulo 2^128. */
static void finish(const poly *p, uint8_t tag[LANES_WIDTH][POLY1305_TAG],
                   const uint8_t key[LANES_WIDTH][POLY1305_KEY]) {
    _Alignas(64) uint64_t h[3][LANES_WIDTH];
    _mm512_store_si512(h[0], p->h0);
    _mm512_store_si512(h[1], p->h1);
    _mm512_store_si512(h[2], p->h2);
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

__attribute__((noinline)) void poly1305_aead_eight(uint8_t tag[LANES_WIDTH][POLY1305_TAG],
                                                   const uint8_t key[LANES_WIDTH][POLY1305_KEY],
                                                   const uint8_t *const ad[LANES_WIDTH], size_t ad_length,
                                                   const uint8_t *const text[LANES_WIDTH], size_t text_length) {
    poly p;
    start(&p, key);
    absorb_padded(&p, ad, ad_length);
    absorb_padded(&p, text, text_length);
    absorb(&p, splat(ad_length), splat(text_length));
    finish(&p, tag, key);
}

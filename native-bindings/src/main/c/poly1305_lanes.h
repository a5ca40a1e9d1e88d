/*
 * Poly1305 without IFMA, POLY1305_LANES messages at once, message j in lane j: radix 2^26, five limbs, multiplied 32 by 32
 * bits. The body of poly1305_avx512.c, poly1305_avx2.c and poly1305_neon.c, which have defined vec and the operations
 * vec_* on it.
 *
 * Bounds (checked by LANES_CHECK_BOUNDS, argued in src/docs/internals/lanes-bounds.md): elements have limbs below
 * 2^26 + 2^10, five times that is below 2^29 and a sum of two below 2^28: every factor fits the multiplier's 32 bits.
 */
#ifndef LANES_POLY1305_LANES_H
#define LANES_POLY1305_LANES_H

#include "poly1305.h"

#define POLY1305_INLINE static inline __attribute__((always_inline))

#define MASK26 ((UINT64_C(1) << 26) - 1)

/* Bytes of each message that one reduction is for. */
#define POLY1305_STEP (4 * POLY1305_BLOCK)

typedef struct {
    vec limb[5];
} element;

/* A factor: an element, and 5 times (2^130 = 5 modulo p) its limbs 1 to 4, which wrap. */
typedef struct {
    vec r[5], s[5];
} factor;

typedef struct {
    element h;
    /* r to the powers 1 to 4. */
    factor power[4];
} poly;

POLY1305_INLINE void below(vec a, int bits) {
    (void) a;
    (void) bits;
#ifdef LANES_CHECK_BOUNDS
    _Alignas(64) uint64_t lane[POLY1305_LANES];
    vec_store(lane, a);
    for (int i = 0; i < POLY1305_LANES; i++) {
        LANES_BOUND(lane[i] >> bits == 0);
    }
#endif
}

/* Of the including file: POLY1305_STEP bytes of each message as eight words, low and high ones in turn. */
static void load_step(vec word[8], const uint8_t *const from[POLY1305_LANES]);

POLY1305_INLINE void to_factor(factor *f, const element *a) {
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        below(a->limb[k], 27);
        f->r[k] = a->limb[k];
        f->s[k] = vec_add(a->limb[k], vec_shift_left(a->limb[k], 2));
    }
}

/* low and high are 128 bits. */
POLY1305_INLINE void split(vec limb[5], vec low, vec high) {
    const vec mask = vec_splat(MASK26);
    limb[0] = vec_and(low, mask);
    limb[1] = vec_and(vec_shift_right(low, 26), mask);
    limb[2] = vec_and(vec_or(vec_shift_right(low, 52), vec_shift_left(high, 12)), mask);
    limb[3] = vec_and(vec_shift_right(high, 14), mask);
    limb[4] = vec_shift_right(high, 40);
}

/*
 * sum += a * f. As inline assembly, because GCC postpones the sums and spills the products. Not in a build that has to see
 * through it (LANES_NO_ASSEMBLY), nor for another architecture.
 */
#if defined(LANES_NO_ASSEMBLY) || defined(LANES_NEON_H)
#define ADD_PRODUCT(sum, a, f) sum = vec_add(sum, vec_mul32(a, f))
#else
#define ADD_PRODUCT(sum, a, f)                                                                                         \
    do {                                                                                                               \
        vec product_;                                                                                                  \
        __asm__("vpmuludq %[g], %[x], %[t]\n\tvpaddq %[t], %[s], %[s]"                                                  \
                : [s] "+v"(sum), [t] "=&v"(product_)                                                                   \
                : [x] "v"(a), [g] "m"(f));                                                                             \
    } while (0)
#endif

/* d += a * f, not carried. */
POLY1305_INLINE void add_product(vec d[5], const vec a[5], const factor *f) {
#define ROW(j, f0, f1, f2, f3, f4)                                                                                     \
    below(a[j], 28);                                                                                                   \
    ADD_PRODUCT(d[0], a[j], f0);                                                                                       \
    ADD_PRODUCT(d[1], a[j], f1);                                                                                       \
    ADD_PRODUCT(d[2], a[j], f2);                                                                                       \
    ADD_PRODUCT(d[3], a[j], f3);                                                                                       \
    ADD_PRODUCT(d[4], a[j], f4)
    ROW(0, f->r[0], f->r[1], f->r[2], f->r[3], f->r[4]);
    ROW(1, f->s[4], f->r[0], f->r[1], f->r[2], f->r[3]);
    ROW(2, f->s[3], f->s[4], f->r[0], f->r[1], f->r[2]);
    ROW(3, f->s[2], f->s[3], f->s[4], f->r[0], f->r[1]);
    ROW(4, f->s[1], f->s[2], f->s[3], f->s[4], f->r[0]);
#undef ROW
}

/* d += block * f; bit 128 of a block is always set. */
POLY1305_INLINE void add_block(vec d[5], vec low, vec high, const factor *f) {
    vec x[5];
    split(x, low, high);
    x[4] = vec_or(x[4], vec_splat(UINT64_C(1) << 24));
    add_product(d, x, f);
}

/* d += (h + block) * f */
POLY1305_INLINE void add_sum(vec d[5], const element *h, vec low, vec high, const factor *f) {
    vec x[5];
    split(x, low, high);
    x[4] = vec_or(x[4], vec_splat(UINT64_C(1) << 24));
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        x[k] = vec_add(x[k], h->limb[k]);
    }
    add_product(d, x, f);
}

POLY1305_INLINE void start_sum(vec d[5]) {
    d[0] = d[1] = d[2] = d[3] = d[4] = vec_splat(0);
}

/* Two chains of carries at once, from limbs 0 and 3. */
POLY1305_INLINE void reduce(element *r, vec d[5]) {
    const vec mask = vec_splat(MASK26);
#define CARRY(i, j)                                                                                                    \
    do {                                                                                                               \
        below(d[i], 60);                                                                                               \
        d[j] = vec_add(d[j], vec_shift_right(d[i], 26));                                                               \
        d[i] = vec_and(d[i], mask);                                                                                    \
    } while (0)
    CARRY(0, 1);
    CARRY(3, 4);
    CARRY(1, 2);
    const vec wrap = vec_shift_right(d[4], 26);
    d[0] = vec_add(d[0], vec_add(wrap, vec_shift_left(wrap, 2)));
    d[4] = vec_and(d[4], mask);
    CARRY(2, 3);
    CARRY(0, 1);
    CARRY(3, 4);
#undef CARRY
#pragma GCC unroll 5
    for (int k = 0; k < 5; k++) {
        below(d[k], 27);
        r->limb[k] = d[k];
    }
}

/* h = (h + block) * r */
__attribute__((noinline)) static void absorb(poly *p, vec low, vec high) {
    vec d[5];
    start_sum(d);
    add_sum(d, &p->h, low, high, &p->power[0]);
    reduce(&p->h, d);
}

/* Four blocks with one reduction: h = (h + first) * r^4 + second * r^3 + third * r^2 + fourth * r */
__attribute__((noinline)) static void absorb_four(poly *p, const vec word[8]) {
    vec d[5];
    start_sum(d);
    add_sum(d, &p->h, word[0], word[1], &p->power[3]);
    add_block(d, word[2], word[3], &p->power[2]);
    add_block(d, word[4], word[5], &p->power[1]);
    add_block(d, word[6], word[7], &p->power[0]);
    reduce(&p->h, d);
}

/* length bytes of each message, filled up with zeros to whole blocks. */
static void absorb_padded(poly *p, const uint8_t *const message[POLY1305_LANES], size_t length) {
    const uint8_t *from[POLY1305_LANES];
    vec word[8];
    size_t offset = 0;
    for (; length - offset >= POLY1305_STEP; offset += POLY1305_STEP) {
        for (int j = 0; j < POLY1305_LANES; j++) {
            from[j] = message[j] + offset;
        }
        load_step(word, from);
        absorb_four(p, word);
    }
    if (length > offset) {
        uint8_t padded[POLY1305_LANES][POLY1305_STEP] = {{0}};
        const size_t rest = length - offset;
        for (int j = 0; j < POLY1305_LANES; j++) {
            memcpy(padded[j], message[j] + offset, rest);
            from[j] = padded[j];
        }
        load_step(word, from);
        for (size_t i = 0; POLY1305_BLOCK * i < rest; i++) {
            absorb(p, word[2 * i], word[2 * i + 1]);
        }
    }
}

static vec column(const uint8_t key[][POLY1305_KEY], int offset) {
    _Alignas(64) uint64_t word[POLY1305_LANES];
    for (int j = 0; j < POLY1305_LANES; j++) {
        memcpy(&word[j], key[j] + offset, 8);
    }
    return vec_load(word);
}

static void start(poly *p, const uint8_t key[][POLY1305_KEY]) {
    element r;
    split(r.limb, vec_and(column(key, 0), vec_splat(UINT64_C(0x0ffffffc0fffffff))),
          vec_and(column(key, 8), vec_splat(UINT64_C(0x0ffffffc0ffffffc))));
    to_factor(&p->power[0], &r);
    for (int i = 1; i < 4; i++) {
        vec d[5];
        start_sum(d);
        add_product(d, r.limb, &p->power[0]);
        reduce(&r, d);
        to_factor(&p->power[i], &r);
    }
    for (int k = 0; k < 5; k++) {
        p->h.limb[k] = vec_splat(0);
    }
}

/* tag = (h modulo p) + key's second half, modulo 2^128. */
static void finish(const poly *p, uint8_t tag[][POLY1305_TAG], const uint8_t key[][POLY1305_KEY]) {
    _Alignas(64) uint64_t limb[5][POLY1305_LANES];
    for (int k = 0; k < 5; k++) {
        vec_store(limb[k], p->h.limb[k]);
    }
    for (int j = 0; j < POLY1305_LANES; j++) {
        uint64_t h[5], g[5];
        for (int k = 0; k < 5; k++) {
            h[k] = limb[k][j];
        }
        /* Two passes leave h below 2^130 + 2^26. */
        for (int pass = 0; pass < 2; pass++) {
            for (int k = 0; k < 4; k++) {
                h[k + 1] += h[k] >> 26;
                h[k] &= MASK26;
            }
            h[0] += 5 * (h[4] >> 26);
            h[4] &= MASK26;
        }
        /* h + 5, which reaches 2^130 exactly if h is p = 2^130 - 5 or more: then its lower bits are h modulo p. */
        uint64_t carry = 5;
        for (int k = 0; k < 5; k++) {
            g[k] = h[k] + carry;
            carry = g[k] >> 26;
            g[k] &= MASK26;
        }
        const uint64_t keep = carry - 1; /* all ones if h < p; carry is 0 or 1 */
        unsigned __int128 value = 0;
        for (int k = 4; k >= 0; k--) {
            value = (value << 26) + ((h[k] & keep) | (g[k] & ~keep));
        }
        uint64_t pad[2];
        memcpy(pad, key[j] + 16, 16);
        value += (unsigned __int128) pad[1] << 64 | pad[0];
        const uint64_t word[2] = {(uint64_t) value, (uint64_t) (value >> 64)};
        memcpy(tag[j], word, sizeof word);
    }
}

static void aead(uint8_t tag[][POLY1305_TAG], const uint8_t key[][POLY1305_KEY], const uint8_t *const ad[],
                 size_t ad_length, const uint8_t *const text[], size_t text_length) {
    poly p;
    start(&p, key);
    absorb_padded(&p, ad, ad_length);
    absorb_padded(&p, text, text_length);
    absorb(&p, vec_splat(ad_length), vec_splat(text_length));
    finish(&p, tag, key);
}

#endif

/*
 * The field of 2^255 - 19, one element at a time: five limbs of 51 bits in 64-bit words.
 *
 * Serves the inversion that the vector ladders share. No branch and no address depends on a value. Every element has
 * limbs below 2^52 (checked by LANES_CHECK_BOUNDS).
 */
#ifndef LANES_FE51_H
#define LANES_FE51_H

#include <stdint.h>
#include <string.h>

#include "lanes_internal.h"

typedef struct {
    uint64_t v[5];
} fe51;

#define FE51_MASK ((UINT64_C(1) << 51) - 1)

static inline void fe51_check(const fe51 *a, int bits) {
    (void) a;
    (void) bits;
#ifdef LANES_CHECK_BOUNDS
    for (int i = 0; i < 5; i++) {
        LANES_BOUND(a->v[i] < (UINT64_C(1) << bits));
    }
#endif
}

static inline uint64_t load64(const uint8_t *p) {
    uint64_t x;
    memcpy(&x, p, 8);
    return x;
}

static inline void store64(uint8_t *p, uint64_t x) {
    memcpy(p, &x, 8);
}

/* Writes the one representative below p. */
static inline void fe51_store(uint8_t out[32], const fe51 *a) {
    fe51_check(a, 52);
    uint64_t t[5];
    memcpy(t, a->v, sizeof t);
    /* Two passes leave t below 2^255 + 19, i.e. below 2p. */
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < 4; i++) {
            t[i + 1] += t[i] >> 51;
            t[i] &= FE51_MASK;
        }
        t[0] += 19 * (t[4] >> 51);
        t[4] &= FE51_MASK;
    }
    /* q = 1 exactly if t + 19 reaches 2^255, i.e. t >= p. */
    uint64_t q = (t[0] + 19) >> 51;
    for (int i = 1; i < 5; i++) {
        q = (t[i] + q) >> 51;
    }
    t[0] += 19 * q;
    for (int i = 0; i < 4; i++) {
        t[i + 1] += t[i] >> 51;
        t[i] &= FE51_MASK;
    }
    t[4] &= FE51_MASK;
    store64(out, t[0] | t[1] << 51);
    store64(out + 8, t[1] >> 13 | t[2] << 38);
    store64(out + 16, t[2] >> 26 | t[3] << 25);
    store64(out + 24, t[3] >> 39 | t[4] << 12);
}

/* c >> 51, of which 64 bits count; two shifts and a sum, because the double-word shift is slow on AMD. */
static inline uint64_t fe51_high(unsigned __int128 c) {
    return ((uint64_t) (c >> 64) << 13) + ((uint64_t) c >> 51);
}

/*
 * Two rounds of carries, each for all limbs at once, because the latency of a chain of five would dominate. With
 * operands below 2^52 the columns are below 77 * 2^104 < 2^111 and the last one, which nothing was folded into, below
 * 5 * 2^104; so no carry, 19 times the last one included, reaches 2^60, and the limbs end below 2^51 + 2^14.
 */
static inline void fe51_carry(fe51 *r, unsigned __int128 c0, unsigned __int128 c1, unsigned __int128 c2,
                              unsigned __int128 c3, unsigned __int128 c4) {
    const uint64_t t0 = ((uint64_t) c0 & FE51_MASK) + 19 * fe51_high(c4);
    const uint64_t t1 = ((uint64_t) c1 & FE51_MASK) + fe51_high(c0);
    const uint64_t t2 = ((uint64_t) c2 & FE51_MASK) + fe51_high(c1);
    const uint64_t t3 = ((uint64_t) c3 & FE51_MASK) + fe51_high(c2);
    const uint64_t t4 = ((uint64_t) c4 & FE51_MASK) + fe51_high(c3);
    r->v[0] = (t0 & FE51_MASK) + 19 * (t4 >> 51);
    r->v[1] = (t1 & FE51_MASK) + (t0 >> 51);
    r->v[2] = (t2 & FE51_MASK) + (t1 >> 51);
    r->v[3] = (t3 & FE51_MASK) + (t2 >> 51);
    r->v[4] = (t4 & FE51_MASK) + (t3 >> 51);
    fe51_check(r, 52);
}

#define FE51_WIDE(x, y) ((unsigned __int128) (x) * (y))

static inline void fe51_mul(fe51 *r, const fe51 *a, const fe51 *b) {
    fe51_check(a, 52);
    fe51_check(b, 52);
    const uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
    const uint64_t b0 = b->v[0], b1 = b->v[1], b2 = b->v[2], b3 = b->v[3], b4 = b->v[4];
    const uint64_t b1n = 19 * b1, b2n = 19 * b2, b3n = 19 * b3, b4n = 19 * b4;
    fe51_carry(r,
               FE51_WIDE(a0, b0) + FE51_WIDE(a1, b4n) + FE51_WIDE(a2, b3n) + FE51_WIDE(a3, b2n) + FE51_WIDE(a4, b1n),
               FE51_WIDE(a0, b1) + FE51_WIDE(a1, b0) + FE51_WIDE(a2, b4n) + FE51_WIDE(a3, b3n) + FE51_WIDE(a4, b2n),
               FE51_WIDE(a0, b2) + FE51_WIDE(a1, b1) + FE51_WIDE(a2, b0) + FE51_WIDE(a3, b4n) + FE51_WIDE(a4, b3n),
               FE51_WIDE(a0, b3) + FE51_WIDE(a1, b2) + FE51_WIDE(a2, b1) + FE51_WIDE(a3, b0) + FE51_WIDE(a4, b4n),
               FE51_WIDE(a0, b4) + FE51_WIDE(a1, b3) + FE51_WIDE(a2, b2) + FE51_WIDE(a3, b1) + FE51_WIDE(a4, b0));
}

static inline __attribute__((always_inline)) void fe51_square(fe51 *r, const fe51 *a) {
    fe51_check(a, 52);
    const uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
    const uint64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, a3n = 19 * a3, a4n = 19 * a4, d4n = 2 * a4n;
    fe51_carry(r, FE51_WIDE(a0, a0) + FE51_WIDE(a1, d4n) + FE51_WIDE(d2, a3n),
               FE51_WIDE(d0, a1) + FE51_WIDE(a2, d4n) + FE51_WIDE(a3, a3n),
               FE51_WIDE(d0, a2) + FE51_WIDE(a1, a1) + FE51_WIDE(a3, d4n),
               FE51_WIDE(d0, a3) + FE51_WIDE(d1, a2) + FE51_WIDE(a4, a4n),
               FE51_WIDE(d0, a4) + FE51_WIDE(d1, a3) + FE51_WIDE(a2, a2));
}

static inline void fe51_add(fe51 *r, const fe51 *a, const fe51 *b) {
    fe51_carry(r, a->v[0] + b->v[0], a->v[1] + b->v[1], a->v[2] + b->v[2], a->v[3] + b->v[3], a->v[4] + b->v[4]);
}

/* a + 4 p - b: no limb goes below zero. */
static inline void fe51_sub(fe51 *r, const fe51 *a, const fe51 *b) {
    const uint64_t p0 = 4 * (FE51_MASK - 18), p = 4 * FE51_MASK;
    fe51_carry(r, a->v[0] + p0 - b->v[0], a->v[1] + p - b->v[1], a->v[2] + p - b->v[2], a->v[3] + p - b->v[3],
               a->v[4] + p - b->v[4]);
}

static inline void fe51_square_times(fe51 *r, const fe51 *a, int times) {
    fe51 t = *a; /* a local, so that the chain stays in registers */
    for (int i = 0; i < times; i++) {
        fe51_square(&t, &t);
    }
    *r = t;
}

/* a^(p - 2): the inverse, or 0 of 0. The usual chain: 254 squarings, 11 multiplications. */
static inline void fe51_invert(fe51 *r, const fe51 *a) {
    fe51 t0, t1, t2, t3;
    fe51_square(&t0, a);
    fe51_square_times(&t1, &t0, 2);
    fe51_mul(&t1, a, &t1);
    fe51_mul(&t0, &t0, &t1);
    fe51_square(&t2, &t0);
    fe51_mul(&t1, &t1, &t2);
    fe51_square_times(&t2, &t1, 5);
    fe51_mul(&t1, &t2, &t1);
    fe51_square_times(&t2, &t1, 10);
    fe51_mul(&t2, &t2, &t1);
    fe51_square_times(&t3, &t2, 20);
    fe51_mul(&t2, &t3, &t2);
    fe51_square_times(&t2, &t2, 10);
    fe51_mul(&t1, &t2, &t1);
    fe51_square_times(&t2, &t1, 50);
    fe51_mul(&t2, &t2, &t1);
    fe51_square_times(&t3, &t2, 100);
    fe51_mul(&t2, &t3, &t2);
    fe51_square_times(&t2, &t2, 50);
    fe51_mul(&t1, &t2, &t1);
    fe51_square_times(&t1, &t1, 5);
    fe51_mul(r, &t1, &t0);
}

/* All ones if a is 0 modulo p, else 0. */
static inline uint64_t fe51_is_zero(const fe51 *a) {
    uint8_t bytes[32];
    fe51_store(bytes, a);
    const uint64_t any = load64(bytes) | load64(bytes + 8) | load64(bytes + 16) | load64(bytes + 24);
    return (uint64_t) (((any | (0 - any)) >> 63) - 1);
}

#endif

/*
 * The frame of keyed BLAKE2b around its rounds, over BLAKE2B_LANES inputs a vector: word i of the states in one vector,
 * input j in lane j. The body of blake2b_avx512.c, blake2b_avx2.c and blake2b_neon.c, which have defined vec, vec_splat and
 * vec_xor.
 */
#ifndef LANES_BLAKE2B_LANES_H
#define LANES_BLAKE2B_LANES_H

#include "blake2b.h"

static const uint64_t IV[8] = {
    UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b),
    UINT64_C(0xa54ff53a5f1d36f1), UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

/* The rows of RFC 7693's message schedule; ROUND is the including file's. */
#define BLAKE2B_ROUNDS                                                                                                 \
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                                                       \
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);                                                       \
    ROUND(11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4);                                                       \
    ROUND(7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8);                                                       \
    ROUND(9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13);                                                       \
    ROUND(2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9);                                                       \
    ROUND(12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11);                                                       \
    ROUND(13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10);                                                       \
    ROUND(6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5);                                                       \
    ROUND(10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0);                                                       \
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                                                       \
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3)

/* total: bytes hashed so far, this block included. */
static inline __attribute__((always_inline)) void start_rounds(vec v[16], const vec h[8], uint64_t total, int last) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        v[i] = h[i];
        v[8 + i] = vec_splat(IV[i]);
    }
    v[12] = vec_xor(v[12], vec_splat(total));
    v[14] = vec_xor(v[14], vec_splat(last ? -1 : 0));
}

static inline __attribute__((always_inline)) void end_rounds(vec h[8], const vec v[16]) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        h[i] = vec_xor(h[i], vec_xor(v[i], v[8 + i]));
    }
}

/* Of the including file: width inputs, each with a block, into the states h. */
static void compress_all(int width, vec h[], const uint8_t *const block[], uint64_t total, int last);

/* Of the including file: the states as 64 bytes for each input. */
static void store_states(int width, uint8_t to[BLAKE2B_WIDTH][64], vec h[]);

/* Copies of up to one block of each input, filled up with zeros. */
typedef struct {
    _Alignas(64) uint8_t byte[BLAKE2B_WIDTH][BLAKE2B_BLOCK];
} padded;

static void pad(int width, padded *to, const uint8_t *block[], const uint8_t *const in[], size_t offset,
                size_t length) {
    memset(to, 0, sizeof *to);
    for (int j = 0; j < width; j++) {
        if (length > 0) {
            memcpy(to->byte[j], in[j] + offset, length);
        }
        block[j] = to->byte[j];
    }
}

static uint64_t word_at(const uint8_t *p) {
    uint64_t x;
    memcpy(&x, p, 8);
    return x;
}

static void blake2b_hash(const blake2b_shape *shape, int width, uint8_t *const out[], const uint8_t *const in[],
                         const uint8_t *const key[]) {
    uint64_t parameter[8] = {0};
    parameter[0] = shape->out_length | shape->key_length << 8 | UINT64_C(1) << 16 | UINT64_C(1) << 24;
    for (int i = 0; i < 2; i++) {
        parameter[4 + i] = word_at(shape->salt + 8 * i);
        parameter[6 + i] = word_at(shape->personal + 8 * i);
    }
    vec h[8 * BLAKE2B_WIDTH / BLAKE2B_LANES];
    for (int i = 0; i < 8 * width / BLAKE2B_LANES; i++) {
        h[i] = vec_splat(IV[i % 8] ^ parameter[i % 8]);
    }

    padded buffer;
    const uint8_t *block[BLAKE2B_WIDTH];
    uint64_t total = 0;
    size_t offset = 0;
    if (shape->key_length > 0) {
        pad(width, &buffer, block, key, 0, shape->key_length);
        total = BLAKE2B_BLOCK;
        compress_all(width, h, block, total, shape->in_length == 0);
    }
    while (shape->in_length - offset > BLAKE2B_BLOCK) {
        for (int j = 0; j < width; j++) {
            block[j] = in[j] + offset;
        }
        offset += BLAKE2B_BLOCK;
        total += BLAKE2B_BLOCK;
        compress_all(width, h, block, total, 0);
    }
    if (shape->in_length > 0 || shape->key_length == 0) {
        pad(width, &buffer, block, in, offset, shape->in_length - offset);
        compress_all(width, h, block, total + shape->in_length - offset, 1);
    }

    _Alignas(64) uint8_t digest[BLAKE2B_WIDTH][64];
    store_states(width, digest, h);
    for (int j = 0; j < width; j++) {
        memcpy(out[j], digest[j], shape->out_length);
    }
}

#endif

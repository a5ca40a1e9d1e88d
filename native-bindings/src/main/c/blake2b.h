/* Keyed BLAKE2b over several inputs of one length. Source: RFC 7693. */
#ifndef LANES_BLAKE2B_H
#define LANES_BLAKE2B_H

#include "lanes_internal.h"

#define BLAKE2B_BLOCK 128

/* Most inputs of one call at any level. */
#define BLAKE2B_WIDTH (2 * LANES_WIDTH)

/* What all inputs of a call share. Lengths in bytes: out 1 to 64, key 0 to 64. salt, personal: 16 bytes each. */
typedef struct {
    size_t out_length;
    size_t in_length;
    size_t key_length;
    const uint8_t *salt;
    const uint8_t *personal;
} blake2b_shape;

/* The function of a level. */
typedef struct {
    int width;
    int most;
    /* width, width or most, is the number of elements of each operand. */
    void (*vectors)(const blake2b_shape *shape, int width, uint8_t *const out[], const uint8_t *const in[],
                    const uint8_t *const key[]);
} blake2b_kernel;

/* For arm64. */
extern const blake2b_kernel blake2b_neon;

/* Needs AVX2. */
extern const blake2b_kernel blake2b_avx2;

/* Needs AVX-512 F. */
extern const blake2b_kernel blake2b_avx512;

#endif

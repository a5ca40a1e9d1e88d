/* Keyed BLAKE2b over eight or sixteen inputs of one length. Needs AVX-512 F. Source: RFC 7693. */
#ifndef LANES_BLAKE2B_H
#define LANES_BLAKE2B_H

#include "lanes_internal.h"

#define BLAKE2B_BLOCK 128

/* Most inputs of one call. */
#define BLAKE2B_WIDTH (2 * LANES_WIDTH)

/* What all inputs of a call share. Lengths in bytes: out 1 to 64, key 0 to 64. salt, personal: 16 bytes each. */
typedef struct {
    size_t out_length;
    size_t in_length;
    size_t key_length;
    const uint8_t *salt;
    const uint8_t *personal;
} blake2b_shape;

/* width: LANES_WIDTH or BLAKE2B_WIDTH, the number of elements of each operand. */
void blake2b_vectors(const blake2b_shape *shape, int width, uint8_t *const out[], const uint8_t *const in[],
                     const uint8_t *const key[]);

#endif

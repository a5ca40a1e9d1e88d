/*
 * From uniform bytes to multiples of points on edwards25519: RFC 9380's encode_to_curve after its hash, times a scalar.
 * Needs AVX-512 F, DQ, VL and IFMA. Source: RFC 9380 sections 6.7.1, 6.8.2 and D.1.
 */
#ifndef LANES_EDWARDS25519_H
#define LANES_EDWARDS25519_H

#include "x25519.h"

#define EDWARDS25519_UNIFORM 48

/* Affine points of curve25519, one per lane; limbs are operands of fe52x8.h. */
typedef struct {
    _Alignas(64) uint64_t u[5][LANES_WIDTH];
    _Alignas(64) uint64_t v[5][LANES_WIDTH];
} edwards25519_mapped;

/* The points of 48 big-endian bytes each, modulo p: Elligator 2, with the signs of RFC 9380; the cofactor is not cleared. */
void edwards25519_map_ifma(edwards25519_mapped *mapped, const uint8_t *const uniform[LANES_WIDTH]);

/*
 * x and y of 8 * scalar * point on edwards25519, bit 255 of the scalar ignored. x counts as zero or z is zero where the
 * result is the identity or where the formulas end in it on the way; such a lane says nothing.
 */
void edwards25519_multiply_ifma(x25519_ratio x[LANES_WIDTH], x25519_ratio y[LANES_WIDTH],
                                const edwards25519_mapped *mapped, const uint8_t *const scalar[LANES_WIDTH]);

#endif

/* Shared by the ladders: they end in ratios x / z, divided together. */
#ifndef LANES_X25519_H
#define LANES_X25519_H

#include "fe51.h"

/* Most ratios that one inversion is shared by. */
#define X25519_SHARED 64

/* x / z, the u-coordinate of a result; z is zero where the result is the point at infinity, whose u counts as 0. */
typedef struct {
    fe51 x, z;
} x25519_ratio;

/* scalar * u for eight inputs. Needs AVX-512 F, DQ, VL and IFMA. */
void x25519_ladder_ifma(x25519_ratio ratio[LANES_WIDTH], const uint8_t *const scalar[LANES_WIDTH],
                        const uint8_t *const u[LANES_WIDTH]);

/* scalar * 9 for eight inputs, by the table that base25519_prepare has filled. Needs the same instructions as the ladder. */
void x25519_base_ifma(x25519_ratio ratio[LANES_WIDTH], const uint8_t *const scalar[LANES_WIDTH]);

/* The ladder without IFMA. Needs AVX-512 F and DQ. */
void x25519_ladder_avx512(x25519_ratio ratio[LANES_WIDTH], const uint8_t *const scalar[LANES_WIDTH],
                          const uint8_t *const u[LANES_WIDTH]);

/* scalar * u for eight inputs, and for four in less time. Need AVX2 and FMA. */
void x25519_ladder_avx2(x25519_ratio ratio[LANES_WIDTH], const uint8_t *const scalar[LANES_WIDTH],
                        const uint8_t *const u[LANES_WIDTH]);
void x25519_half_ladder_avx2(x25519_ratio ratio[LANES_WIDTH / 2], const uint8_t *const scalar[LANES_WIDTH / 2],
                             const uint8_t *const u[LANES_WIDTH / 2]);

/* scalar * u for two inputs, on arm64. */
void x25519_ladder_neon(x25519_ratio ratio[2], const uint8_t *const scalar[2], const uint8_t *const u[2]);

/*
 * Writes the quotients of count (1 to X25519_SHARED) ratios, with one inversion for all. ok, unless NULL, receives 1
 * where the quotient is not zero and 0 where it is.
 */
void x25519_finish(int count, uint8_t *const out[], uint8_t *ok, x25519_ratio ratio[]);

#endif

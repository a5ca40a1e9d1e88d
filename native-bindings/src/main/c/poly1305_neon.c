/* Poly1305, two messages at once on arm64. */
#include "neon.h"

#define POLY1305_LANES 2

#include "poly1305_lanes.h"

POLY1305_INLINE void load_step(vec word[8], const uint8_t *const from[POLY1305_LANES]) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        const vec a = vec_load(from[0] + POLY1305_BLOCK * i), b = vec_load(from[1] + POLY1305_BLOCK * i);
        word[2 * i] = vec_low(a, b);
        word[2 * i + 1] = vec_high(a, b);
    }
}

const poly1305_kernel poly1305_neon = {POLY1305_LANES, aead};

/* The kernels of a level and the choice of a level: levels_x86.c or levels_neon.c, by the architecture. */
#ifndef LANES_LEVEL_H
#define LANES_LEVEL_H

#include <stdint.h>

#include "blake2b.h"
#include "chacha20.h"
#include "poly1305.h"
#include "x25519.h"

/* The highest level for bits of LANES_CPU_*: apart from the processor, so that it can be tested. */
int32_t lanes_level_of(uint32_t has);

/* What lanes_reason says for them. */
const char *lanes_reason_of(uint32_t has);

/* Whether the kernels of a level run here. */
int level_runs(int32_t wanted);

/* Ladders for width inputs and, unless NULL, for half as many; base, unless NULL, is faster where u is 9. */
typedef struct {
    void (*base)(x25519_ratio ratio[], const uint8_t *const scalar[]);
    void (*ladder)(x25519_ratio ratio[], const uint8_t *const scalar[], const uint8_t *const u[]);
    void (*half)(x25519_ratio ratio[], const uint8_t *const scalar[], const uint8_t *const u[]);
    int width;
    void (*cleanse)(void);
} x25519_kernel;

/* Of a level that runs. */
x25519_kernel x25519_kernel_of(int32_t wanted);

/* The symmetric kernels of a level. */
typedef struct {
    const chacha20_kernel *chacha20;
    const blake2b_kernel *blake2b;
    const poly1305_kernel *poly1305;
    void (*cleanse)(void);
} symmetric_kernels;

/* Of a level that runs. */
symmetric_kernels symmetric_kernels_of(int32_t wanted);

#endif

/* The level of arm64, whose every processor has NEON, and the functions that have no kernels there. */
#include "cleanse.h"
#include "lanes.h"
#include "lanes_level.h"

int32_t lanes_level_of(uint32_t has) {
    return (has & LANES_CPU_NEON) != 0 ? LANES_LEVEL_NEON : LANES_LEVEL_NONE;
}

const char *lanes_reason_of(uint32_t has) {
    return lanes_level_of(has) == LANES_LEVEL_NEON ? "NEON" : "the processor has no NEON";
}

uint32_t lanes_features(void) {
    return LANES_CPU_NEON;
}

int32_t lanes_level(void) {
    return lanes_level_of(lanes_features());
}

const char *lanes_reason(void) {
    return lanes_reason_of(lanes_features());
}

int level_runs(int32_t wanted) {
    return wanted == LANES_LEVEL_NEON;
}

int lanes_available(void) {
    return 0;
}

x25519_kernel x25519_kernel_of(int32_t wanted) {
    (void) wanted;
    return (x25519_kernel) {NULL, x25519_ladder_neon, NULL, 2, cleanse_after_neon_ladder};
}

symmetric_kernels symmetric_kernels_of(int32_t wanted) {
    (void) wanted;
    return (symmetric_kernels) {&chacha20_neon, &blake2b_neon, &poly1305_neon, cleanse_neon};
}

int lanes_sha512(int32_t count, uint8_t *const out[], const uint8_t *const in[], int32_t in_length) {
    (void) count, (void) out, (void) in, (void) in_length;
    return -1;
}

int lanes_edwards25519_map(int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                           const uint8_t *const uniform[], uint8_t ok[]) {
    (void) count, (void) out, (void) scalar, (void) uniform, (void) ok;
    return -1;
}

int lanes_sha256_available(void) {
    return 0;
}

int lanes_sha256_short(int32_t count, int32_t prefix, uint8_t *out, const uint8_t *in, int32_t stride, int32_t length) {
    (void) count, (void) prefix, (void) out, (void) in, (void) stride, (void) length;
    return -1;
}

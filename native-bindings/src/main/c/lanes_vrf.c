/* The exported functions for a VRF per packet: IFMA only, so only in libraries for x86-64. */
#include "cleanse.h"
#include "edwards25519.h"
#include "lanes.h"
#include "sha512.h"
#include "x25519.h"

static int least(int a, int b) {
    return a < b ? a : b;
}

__attribute__((noinline)) static void sha512_batch(int count, uint8_t *const out[], const uint8_t *const in[],
                                                   size_t in_length) {
    uint8_t nowhere[SHA512_LENGTH];
    for (int first = 0; first < count; first += LANES_WIDTH) {
        uint8_t *o[LANES_WIDTH];
        const uint8_t *m[LANES_WIDTH];
        for (int j = 0; j < LANES_WIDTH; j++) {
            o[j] = first + j < count ? out[first + j] : nowhere;
            m[j] = in[first + j < count ? first + j : first];
        }
        sha512_eight(o, m, in_length);
    }
}

int lanes_sha512(int32_t count, uint8_t *const out[], const uint8_t *const in[], int32_t in_length) {
    if (!lanes_available()) {
        return -1;
    }
    sha512_batch(count, out, in, (size_t) in_length);
    cleanse();
    return 0;
}

/* Inputs whose inversions are shared: bounded by room on the stack. */
#define EDWARDS25519_SHARED 24

__attribute__((noinline)) static void edwards25519_batch(int count, uint8_t *const out[], const uint8_t *const scalar[],
                                                         const uint8_t *const uniform[], uint8_t ok[]) {
    x25519_ratio x[EDWARDS25519_SHARED], y[EDWARDS25519_SHARED];
    uint8_t encoded_x[EDWARDS25519_SHARED][32], *x_out[EDWARDS25519_SHARED];
    for (int done = 0; done < count; done += EDWARDS25519_SHARED) {
        const int shared = least(count - done, EDWARDS25519_SHARED);
        for (int first = 0; first < shared; first += LANES_WIDTH) {
            const uint8_t *s[LANES_WIDTH], *u[LANES_WIDTH];
            for (int j = 0; j < LANES_WIDTH; j++) {
                const int i = done + (first + j < shared ? first + j : first);
                s[j] = scalar[i];
                u[j] = uniform[i];
            }
            edwards25519_mapped mapped;
            edwards25519_map_ifma(&mapped, u);
            edwards25519_multiply_ifma(&x[first], &y[first], &mapped, s);
        }
        for (int i = 0; i < shared; i++) {
            x_out[i] = encoded_x[i];
        }
        x25519_finish(shared, x_out, ok + done, x);
        x25519_finish(shared, out + done, NULL, y);
        for (int i = 0; i < shared; i++) {
            out[done + i][31] |= (uint8_t) (encoded_x[i][0] << 7);
        }
    }
}

int lanes_edwards25519_map(int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                           const uint8_t *const uniform[], uint8_t ok[]) {
    if (!lanes_available()) {
        return -1;
    }
    edwards25519_batch(count, out, scalar, uniform, ok);
    cleanse();
    return 0;
}

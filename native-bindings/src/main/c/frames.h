/* ChaCha20-Poly1305 over up to sixteen frames of one length. Source: RFC 8439 section 2.8. */
#ifndef LANES_FRAMES_H
#define LANES_FRAMES_H

#include "chacha20.h"
#include "poly1305.h"

/* Most frames of one call. */
#define FRAMES_WIDTH 16

typedef struct {
    const chacha20_kernel *chacha20;
    const poly1305_kernel *poly1305;
    int count; /* 1 to FRAMES_WIDTH */
    uint8_t *const *text;
    uint32_t length;
    const uint8_t *const *ad;
    size_t ad_length;
    const uint8_t *const *nonce;
    const uint8_t *const *key;
} frames;

void frames_seal(const frames *f, uint8_t *const tag[]);

void frames_open(const frames *f, const uint8_t *const tag[], uint8_t ok[]);

#endif

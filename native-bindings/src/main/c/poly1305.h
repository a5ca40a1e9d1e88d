/*
 * Poly1305 over several messages of one length at once, as ChaCha20-Poly1305 uses it: every part is filled up with zeros
 * to whole blocks. Source: RFC 8439 sections 2.5 and 2.8.
 */
#ifndef LANES_POLY1305_H
#define LANES_POLY1305_H

#include "lanes_internal.h"

#define POLY1305_BLOCK 16
#define POLY1305_TAG 16
#define POLY1305_KEY 32

/* The function of a level, for width messages, at most LANES_WIDTH. */
typedef struct {
    int width;
    /*
     * tag[j] = Poly1305 under key[j] of ad, padded, then text, padded, then both lengths as 64-bit words. Lengths in bytes,
     * either may be 0.
     */
    void (*aead)(uint8_t tag[][POLY1305_TAG], const uint8_t key[][POLY1305_KEY], const uint8_t *const ad[],
                 size_t ad_length, const uint8_t *const text[], size_t text_length);
} poly1305_kernel;

/* For arm64. */
extern const poly1305_kernel poly1305_neon;

/* Needs AVX2. */
extern const poly1305_kernel poly1305_avx2;

/* Needs AVX-512 F. */
extern const poly1305_kernel poly1305_avx512;

/* Needs AVX-512 F, BW, DQ and IFMA. */
extern const poly1305_kernel poly1305_ifma;

#endif

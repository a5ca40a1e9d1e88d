/*
 * Poly1305 over eight messages of one length at once, as ChaCha20-Poly1305 uses it: every part is filled up with zeros to
 * whole blocks. Needs AVX-512 F, DQ and IFMA. Source: RFC 8439 sections 2.5 and 2.8.
 */
#ifndef LANES_POLY1305_H
#define LANES_POLY1305_H

#include "lanes_internal.h"

#define POLY1305_BLOCK 16
#define POLY1305_TAG 16
#define POLY1305_KEY 32

/*
 * tag[j] = Poly1305 under key[j] of ad, padded, then text, padded, then both lengths as 64-bit words. Lengths in bytes,
 * either may be 0.
 */
void poly1305_aead_eight(uint8_t tag[LANES_WIDTH][POLY1305_TAG], const uint8_t key[LANES_WIDTH][POLY1305_KEY],
                         const uint8_t *const ad[LANES_WIDTH], size_t ad_length,
                         const uint8_t *const text[LANES_WIDTH], size_t text_length);

#endif

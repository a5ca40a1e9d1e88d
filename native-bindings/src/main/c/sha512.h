/* SHA-512 over eight inputs of one length. Needs AVX-512 F and BW. Source: FIPS 180-4 section 6.4. */
#ifndef LANES_SHA512_H
#define LANES_SHA512_H

#include "lanes_internal.h"

#define SHA512_BLOCK 128
#define SHA512_LENGTH 64

void sha512_eight(uint8_t *const out[LANES_WIDTH], const uint8_t *const in[LANES_WIDTH], size_t in_length);

#endif

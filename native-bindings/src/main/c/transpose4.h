/* A 4 x 4 matrix of 64-bit words in four vectors of AVX2, transposed in place. */
#ifndef LANES_TRANSPOSE4_H
#define LANES_TRANSPOSE4_H

#include <immintrin.h>

static inline __attribute__((always_inline)) void transpose4(__m256i r[4]) {
    const __m256i a0 = _mm256_unpacklo_epi64(r[0], r[1]), a1 = _mm256_unpackhi_epi64(r[0], r[1]);
    const __m256i a2 = _mm256_unpacklo_epi64(r[2], r[3]), a3 = _mm256_unpackhi_epi64(r[2], r[3]);
    /* a0: columns 0 and 2 of rows 0 and 1; a1: columns 1 and 3; a2 and a3 the same of rows 2 and 3. */
    r[0] = _mm256_permute2x128_si256(a0, a2, 0x20);
    r[1] = _mm256_permute2x128_si256(a1, a3, 0x20);
    r[2] = _mm256_permute2x128_si256(a0, a2, 0x31);
    r[3] = _mm256_permute2x128_si256(a1, a3, 0x31);
}

#endif

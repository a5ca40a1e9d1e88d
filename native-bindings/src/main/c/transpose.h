/* An 8 x 8 matrix of 64-bit words in eight vectors, transposed in place. */
#ifndef LANES_TRANSPOSE_H
#define LANES_TRANSPOSE_H

#include <immintrin.h>

typedef __m512i vec;

static inline __attribute__((always_inline)) void transpose8(vec r[8]) {
    const vec a0 = _mm512_unpacklo_epi64(r[0], r[1]), a1 = _mm512_unpackhi_epi64(r[0], r[1]);
    const vec a2 = _mm512_unpacklo_epi64(r[2], r[3]), a3 = _mm512_unpackhi_epi64(r[2], r[3]);
    const vec a4 = _mm512_unpacklo_epi64(r[4], r[5]), a5 = _mm512_unpackhi_epi64(r[4], r[5]);
    const vec a6 = _mm512_unpacklo_epi64(r[6], r[7]), a7 = _mm512_unpackhi_epi64(r[6], r[7]);
    /* a0: columns 0, 2, 4, 6 of rows 0 and 1; a1: columns 1, 3, 5, 7; and so on. */
    const vec b0 = _mm512_shuffle_i64x2(a0, a2, 0x44), b4 = _mm512_shuffle_i64x2(a0, a2, 0xee);
    const vec b1 = _mm512_shuffle_i64x2(a1, a3, 0x44), b5 = _mm512_shuffle_i64x2(a1, a3, 0xee);
    const vec b2 = _mm512_shuffle_i64x2(a4, a6, 0x44), b6 = _mm512_shuffle_i64x2(a4, a6, 0xee);
    const vec b3 = _mm512_shuffle_i64x2(a5, a7, 0x44), b7 = _mm512_shuffle_i64x2(a5, a7, 0xee);
    r[0] = _mm512_shuffle_i64x2(b0, b2, 0x88);
    r[1] = _mm512_shuffle_i64x2(b1, b3, 0x88);
    r[2] = _mm512_shuffle_i64x2(b0, b2, 0xdd);
    r[3] = _mm512_shuffle_i64x2(b1, b3, 0xdd);
    r[4] = _mm512_shuffle_i64x2(b4, b6, 0x88);
    r[5] = _mm512_shuffle_i64x2(b5, b7, 0x88);
    r[6] = _mm512_shuffle_i64x2(b4, b6, 0xdd);
    r[7] = _mm512_shuffle_i64x2(b5, b7, 0xdd);
}

#endif

/* Poly1305 without IFMA, eight messages at once. Needs AVX-512 F. */
#include <immintrin.h>
#include <stdint.h>

#include "transpose.h"

#ifdef __AVX512IFMA__
#error "runs on processors without IFMA: compile it without -mavx512ifma"
#endif

#define POLY1305_LANES 8

#define vec_splat(x) _mm512_set1_epi64((long long) (x))
#define vec_load(p) _mm512_load_si512(p)
#define vec_store(p, a) _mm512_store_si512(p, a)
#define vec_add(a, b) _mm512_add_epi64(a, b)
#define vec_mul32(a, b) _mm512_mul_epu32(a, b)
#define vec_and(a, b) _mm512_and_si512(a, b)
#define vec_or(a, b) _mm512_or_si512(a, b)
#define vec_shift_left(a, n) _mm512_slli_epi64(a, n)
#define vec_shift_right(a, n) _mm512_srli_epi64(a, n)

#include "poly1305_lanes.h"

POLY1305_INLINE void load_step(vec word[8], const uint8_t *const from[POLY1305_LANES]) {
    for (int j = 0; j < POLY1305_LANES; j++) {
        word[j] = _mm512_loadu_si512(from[j]);
    }
    transpose8(word);
}

const poly1305_kernel poly1305_avx512 = {POLY1305_LANES, aead};

/* Poly1305, four messages at once. Needs AVX2. */
#include <immintrin.h>
#include <stdint.h>

#include "transpose4.h"

#define POLY1305_LANES 4

typedef __m256i vec;

#define vec_splat(x) _mm256_set1_epi64x((long long) (x))
#define vec_load(p) _mm256_load_si256((const __m256i *) (p))
#define vec_store(p, a) _mm256_store_si256((__m256i *) (p), a)
#define vec_add(a, b) _mm256_add_epi64(a, b)
#define vec_mul32(a, b) _mm256_mul_epu32(a, b)
#define vec_and(a, b) _mm256_and_si256(a, b)
#define vec_or(a, b) _mm256_or_si256(a, b)
#define vec_shift_left(a, n) _mm256_slli_epi64(a, n)
#define vec_shift_right(a, n) _mm256_srli_epi64(a, n)

#include "poly1305_lanes.h"

POLY1305_INLINE void load_step(vec word[8], const uint8_t *const from[POLY1305_LANES]) {
    for (int half = 0; half < 2; half++) {
        for (int j = 0; j < POLY1305_LANES; j++) {
            word[4 * half + j] = _mm256_loadu_si256((const __m256i *) (from[j] + 32 * half));
        }
        transpose4(word + 4 * half);
    }
}

const poly1305_kernel poly1305_avx2 = {POLY1305_LANES, aead};

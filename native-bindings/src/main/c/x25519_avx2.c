/* X25519 for eight or four inputs at once. Needs AVX2 and FMA. */
#include <immintrin.h>
#include <stdint.h>

#define LADDER_WIDTH 4
#define LADDER_GROUPS 2

typedef __m256i vec;
typedef __m256d real;
typedef __m256d lane_mask; /* the sign bit in the lanes that are set */

#define vec_splat(x) _mm256_set1_epi64x((long long) (x))
#define vec_load(p) _mm256_load_si256((const __m256i *) (p))
#define vec_store(p, a) _mm256_store_si256((__m256i *) (p), a)
#define vec_add(a, b) _mm256_add_epi64(a, b)
#define vec_sub(a, b) _mm256_sub_epi64(a, b)
#define vec_mul32(a, b) _mm256_mul_epu32(a, b)
#define vec_and(a, b) _mm256_and_si256(a, b)
#define vec_or(a, b) _mm256_or_si256(a, b)
#define vec_shift_left(a, n) _mm256_slli_epi64(a, n)
#define vec_shift_right(a, n) _mm256_srli_epi64(a, n)

#define real_splat(x) _mm256_set1_pd(x)
#define real_store(p, a) _mm256_store_pd(p, a)
#define real_add(a, b) _mm256_add_pd(a, b)
#define real_sub(a, b) _mm256_sub_pd(a, b)
#define real_fma(a, b, c) _mm256_fmadd_pd(a, b, c)
#define real_bits(a) _mm256_castpd_si256(a)
#define real_of(a) _mm256_castsi256_pd(a)

/* Masks of lanes: all, those in which a has bit n, those in one of two masks only, and b in those of m and a elsewhere. */
#define lanes_all() real_of(_mm256_set1_epi64x(-1))
#define lanes_with_bit(a, n) real_of(_mm256_sll_epi64(a, _mm_cvtsi32_si128(63 - (n))))
#define lanes_xor(a, b) _mm256_xor_pd(a, b)
#define lanes_select(m, a, b) _mm256_blendv_pd(a, b, m)

/* Rounds to nearest and traps no exception. */
typedef unsigned ladder_mode;
#define LADDER_MODE 0x1f80
#define ladder_mode_of_caller() _mm_getcsr()
#define ladder_set_mode(mode) _mm_setcsr(mode)
/* The caller's code is not of this level, and the build keeps the compiler from doing this in every function. */
#define ladder_end() _mm256_zeroupper()

#include "ladder51d.h"

__attribute__((noinline)) void x25519_ladder_avx2(x25519_ratio ratio[LANES_WIDTH],
                                                  const uint8_t *const scalar[LANES_WIDTH],
                                                  const uint8_t *const u[LANES_WIDTH]) {
    ladder_in_mode(2, ratio, scalar, u);
}

__attribute__((noinline)) void x25519_half_ladder_avx2(x25519_ratio ratio[LANES_WIDTH / 2],
                                                       const uint8_t *const scalar[LANES_WIDTH / 2],
                                                       const uint8_t *const u[LANES_WIDTH / 2]) {
    ladder_in_mode(1, ratio, scalar, u);
}

/* X25519 for eight inputs at once on AVX-512 without IFMA. Needs AVX-512 F and DQ. */
#include <immintrin.h>
#include <stdint.h>

#ifdef __AVX512IFMA__
#error "runs on processors without IFMA: compile it without -mavx512ifma"
#endif

#define LADDER_WIDTH 8
#define LADDER_GROUPS 1

typedef __m512i vec;
typedef __m512d real;
typedef __mmask8 lane_mask;

#define vec_splat(x) _mm512_set1_epi64((long long) (x))
#define vec_load(p) _mm512_load_si512(p)
#define vec_store(p, a) _mm512_store_si512(p, a)
#define vec_add(a, b) _mm512_add_epi64(a, b)
#define vec_sub(a, b) _mm512_sub_epi64(a, b)
#define vec_mul32(a, b) _mm512_mul_epu32(a, b)
#define vec_and(a, b) _mm512_and_si512(a, b)
#define vec_or(a, b) _mm512_or_si512(a, b)
#define vec_shift_left(a, n) _mm512_slli_epi64(a, n)
#define vec_shift_right(a, n) _mm512_srli_epi64(a, n)

#define real_splat(x) _mm512_set1_pd(x)
#define real_store(p, a) _mm512_store_pd(p, a)
#define real_add(a, b) _mm512_add_pd(a, b)
#define real_sub(a, b) _mm512_sub_pd(a, b)
#define real_fma(a, b, c) _mm512_fmadd_pd(a, b, c)
#define real_bits(a) _mm512_castpd_si512(a)
#define real_of(a) _mm512_castsi512_pd(a)

/* Masks of lanes: all, those in which a has bit n, those in one of two masks only, and b in those of m and a elsewhere. */
#define lanes_all() ((lane_mask) 0xff)
#define lanes_with_bit(a, n) _mm512_test_epi64_mask(a, vec_splat(UINT64_C(1) << (n)))
#define lanes_xor(a, b) ((lane_mask) ((a) ^ (b)))
#define lanes_select(m, a, b) _mm512_mask_blend_pd(m, a, b)

/* Rounds to nearest and traps no exception. */
typedef unsigned ladder_mode;
#define LADDER_MODE 0x1f80
#define ladder_mode_of_caller() _mm_getcsr()
#define ladder_set_mode(mode) _mm_setcsr(mode)
/* The caller's code is not of this level, and the build keeps the compiler from doing this in every function. */
#define ladder_end() _mm256_zeroupper()

#include "ladder51d.h"

__attribute__((noinline)) void x25519_ladder_avx512(x25519_ratio ratio[LANES_WIDTH],
                                                    const uint8_t *const scalar[LANES_WIDTH],
                                                    const uint8_t *const u[LANES_WIDTH]) {
    ladder_in_mode(1, ratio, scalar, u);
}

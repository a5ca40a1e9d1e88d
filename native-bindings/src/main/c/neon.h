/*
 * Vectors of 16 bytes for the kernels of arm64: the vector types of GCC and clang, and NEON's intrinsics for the few
 * operations that these do not have. Elsewhere those are plain C, so that the same kernels can be tested by tools for
 * other processors (run.sh portable and memcheck).
 */
#ifndef LANES_NEON_H
#define LANES_NEON_H

#include <stdint.h>
#include <string.h>
#ifdef __aarch64__
#include <arm_neon.h>
#else
#include <math.h>
#endif

#define NEON_INLINE static inline __attribute__((always_inline))

/* Two words of 64 bits, four of 32, sixteen bytes, or two doubles. */
typedef uint64_t vec __attribute__((vector_size(16)));
typedef uint32_t vec32 __attribute__((vector_size(16)));
typedef uint8_t vec8 __attribute__((vector_size(16)));
typedef double real __attribute__((vector_size(16)));

#define vec_splat(x) ((vec) {(uint64_t) (x), (uint64_t) (x)})
#define vec_add(a, b) ((a) + (b))
#define vec_sub(a, b) ((a) - (b))
#define vec_and(a, b) ((a) & (b))
#define vec_or(a, b) ((a) | (b))
#define vec_xor(a, b) ((a) ^ (b))
#define vec_shift_left(a, n) ((a) << (n))
#define vec_shift_right(a, n) ((a) >> (n))

NEON_INLINE vec vec_load(const void *from) {
    vec r;
    memcpy(&r, from, sizeof r);
    return r;
}

NEON_INLINE void vec_store(void *to, vec a) {
    memcpy(to, &a, sizeof a);
}

/* Words 0 of a and b, and words 1. */
#define vec_low(a, b) ((vec) {(a)[0], (b)[0]})
#define vec_high(a, b) ((vec) {(a)[1], (b)[1]})

#ifdef __aarch64__

/* The lower halves of the words multiplied: 32 by 32 bits. */
NEON_INLINE vec vec_mul32(vec a, vec b) {
    return (vec) vmull_u32(vmovn_u64((uint64x2_t) a), vmovn_u64((uint64x2_t) b));
}

/* a * b + c, rounded once. */
NEON_INLINE real real_fma(real a, real b, real c) {
    return (real) vfmaq_f64((float64x2_t) c, (float64x2_t) a, (float64x2_t) b);
}

/* Words turned: of 32 bits to the left, by 0 < n < 32; of 64 bits to the right, by 0 < n < 64. n is a constant. */
#define vec32_turn_left(a, n)                                                                                          \
    ((n) == 16 ? (vec32) vrev32q_u16((uint16x8_t) (a))                                                                 \
               : (vec32) vsriq_n_u32(vshlq_n_u32((uint32x4_t) (a), n), (uint32x4_t) (a), 32 - (n)))
#define vec_turn_right(a, n)                                                                                           \
    ((n) == 32 ? (vec) vrev64q_u32((uint32x4_t) (a))                                                                   \
               : (vec) vsriq_n_u64(vshlq_n_u64((uint64x2_t) (a), 64 - (n)), (uint64x2_t) (a), n))

#else

NEON_INLINE vec vec_mul32(vec a, vec b) {
    return (a & vec_splat(UINT32_MAX)) * (b & vec_splat(UINT32_MAX));
}

NEON_INLINE real real_fma(real a, real b, real c) {
    return (real) {fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
}

#define vec32_turn_left(a, n) ((a) << (n) | (a) >> (32 - (n)))
#define vec_turn_right(a, n) ((a) >> (n) | (a) << (64 - (n)))

#endif

#endif

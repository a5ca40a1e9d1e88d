/* BLAKE2b, four inputs at once. Needs AVX2. */
#include <immintrin.h>

#include "transpose4.h"

typedef __m256i vec;

#define BLAKE2B_LANES 4
#define vec_splat(x) _mm256_set1_epi64x((long long) (x))
#define vec_xor(a, b) _mm256_xor_si256(a, b)

#include "blake2b_lanes.h"

#define BLAKE2B_INLINE static inline __attribute__((always_inline))

/* a >>> n: whole bytes by shuffles, 63 as one to the left. */
BLAKE2B_INLINE vec rotate(vec a, int n) {
    switch (n) {
        case 32:
            return _mm256_shuffle_epi32(a, 0xb1);
        case 24:
            return _mm256_shuffle_epi8(a, _mm256_setr_epi8(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6,
                                                           7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10));
        case 16:
            return _mm256_shuffle_epi8(a, _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5,
                                                           6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9));
        default:
            return _mm256_or_si256(_mm256_add_epi64(a, a), _mm256_srli_epi64(a, 63));
    }
}

#define ADD(a, b) a = _mm256_add_epi64(a, b)
#define XOR_ROTATE(d, a, n) d = rotate(_mm256_xor_si256(d, a), n)

/* Half of RFC 7693's G, for two of them side by side: more than two would spill. Message words stay in memory. */
#define HALF(a0, a1, b0, b1, c0, c1, d0, d1, x0, x1, n, o)                                                             \
    ADD(v[a0], m[x0]);                                                                                                 \
    ADD(v[a1], m[x1]);                                                                                                 \
    ADD(v[a0], v[b0]);                                                                                                 \
    ADD(v[a1], v[b1]);                                                                                                 \
    XOR_ROTATE(v[d0], v[a0], n);                                                                                       \
    XOR_ROTATE(v[d1], v[a1], n);                                                                                       \
    ADD(v[c0], v[d0]);                                                                                                 \
    ADD(v[c1], v[d1]);                                                                                                 \
    XOR_ROTATE(v[b0], v[c0], o);                                                                                       \
    XOR_ROTATE(v[b1], v[c1], o)

#define TWO(a0, a1, b0, b1, c0, c1, d0, d1, x0, y0, x1, y1)                                                            \
    HALF(a0, a1, b0, b1, c0, c1, d0, d1, x0, x1, 32, 24);                                                              \
    HALF(a0, a1, b0, b1, c0, c1, d0, d1, y0, y1, 16, 63)

#define ROUND(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15)                                    \
    TWO(0, 1, 4, 5, 8, 9, 12, 13, s0, s1, s2, s3);                                                                     \
    TWO(2, 3, 6, 7, 10, 11, 14, 15, s4, s5, s6, s7);                                                                   \
    TWO(0, 1, 5, 6, 10, 11, 15, 12, s8, s9, s10, s11);                                                                 \
    TWO(2, 3, 7, 4, 8, 9, 13, 14, s12, s13, s14, s15)

BLAKE2B_INLINE void load_words(vec m[16], const uint8_t *const block[BLAKE2B_LANES]) {
#pragma GCC unroll 4
    for (int part = 0; part < 4; part++) {
        vec t[4];
#pragma GCC unroll 4
        for (int j = 0; j < BLAKE2B_LANES; j++) {
            t[j] = _mm256_loadu_si256((const __m256i *) (block[j] + 32 * part));
        }
        transpose4(t);
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            m[4 * part + i] = t[i];
        }
    }
}

__attribute__((noinline)) static void compress_four(vec h[8], const uint8_t *const block[BLAKE2B_LANES], uint64_t total,
                                                    int last) {
    vec m[16], v[16];
    load_words(m, block);
    start_rounds(v, h, total, last);
    BLAKE2B_ROUNDS;
    end_rounds(h, v);
}

static void compress_all(int width, vec h[], const uint8_t *const block[], uint64_t total, int last) {
    (void) width;
    compress_four(h, block, total, last);
}

static void store_states(int width, uint8_t to[BLAKE2B_WIDTH][64], vec h[]) {
    for (int half = 0; half < 2; half++) {
        transpose4(h + 4 * half);
        for (int j = 0; j < width; j++) {
            _mm256_store_si256((__m256i *) (to[j] + 32 * half), h[4 * half + j]);
        }
    }
}

__attribute__((noinline)) static void vectors(const blake2b_shape *shape, int width, uint8_t *const out[],
                                              const uint8_t *const in[], const uint8_t *const key[]) {
    blake2b_hash(shape, width, out, in, key);
}

const blake2b_kernel blake2b_avx2 = {BLAKE2B_LANES, BLAKE2B_LANES, vectors};

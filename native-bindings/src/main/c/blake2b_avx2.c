/* BLAKE2b, four inputs at once. Needs AVX2. */
#include <immintrin.h>

#include "transpose4.h"

typedef __m256i vec;

#define BLAKE2B_LANES 4
#define vec_splat(x) _mm256_set1_epi64x((long long) (x))
#define vec_xor(a, b) _mm256_xor_si256(a, b)

#include "blake2b_lanes.h"

#define BLAKE2B_INLINE static inline __attribute__((always_inline))

/* Places of the bytes of two words turned right by 24 and by 16 bits, twice. */
static const _Alignas(32) uint8_t TURN24[32] = {3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
                                                3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10};
static const _Alignas(32) uint8_t TURN16[32] = {2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9,
                                                2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9};

/*
 * The steps of RFC 7693's G. A state and what its rotations need do not fit 16 registers, so the third row (v[8] to v[11])
 * stays in memory, where it is touched twice in a G; the sum that is on its way there is free for a rotation after that.
 * As inline assembly, because GCC, left to itself, takes registers for results and spills. Not in a build that has to see
 * through it (LANES_NO_ASSEMBLY).
 */
#ifdef LANES_NO_ASSEMBLY
#define ADD(a, b) a = _mm256_add_epi64(a, b)
#define XOR_SWAP(d, a) d = _mm256_shuffle_epi32(_mm256_xor_si256(d, a), 0xb1)
#define XOR_TURN(d, a, turn) d = _mm256_shuffle_epi8(_mm256_xor_si256(d, a), *(const vec *) (turn))
#define ADD_XOR_TURN(b, c, d, turn)                                                                                    \
    c = _mm256_add_epi64(c, d);                                                                                        \
    XOR_TURN(b, c, turn)
#define ADD_XOR_DOUBLE(b, c, d)                                                                                        \
    c = _mm256_add_epi64(c, d);                                                                                        \
    b = _mm256_xor_si256(b, c);                                                                                        \
    b = _mm256_or_si256(_mm256_add_epi64(b, b), _mm256_srli_epi64(b, 63))
#else
#define ADD(a, b) __asm__("vpaddq %1, %0, %0" : "+x"(a) : "xm"(b))
#define XOR_SWAP(d, a) __asm__("vpxor %1, %0, %0\n\tvpshufd $0xb1, %0, %0" : "+x"(d) : "x"(a))
#define XOR_TURN(d, a, turn)                                                                                           \
    __asm__("vpxor %1, %0, %0\n\tvpshufb %2, %0, %0" : "+x"(d) : "x"(a), "m"(*(const vec *) (turn)))
#define ADD_XOR_TURN(b, c, d, turn)                                                                                    \
    do {                                                                                                               \
        vec sum_;                                                                                                      \
        __asm__("vpaddq %1, %3, %2\n\tvmovdqa %2, %1\n\tvpxor %2, %0, %0\n\tvpshufb %4, %0, %0"                        \
                : "+x"(b), "+m"(c), "=&x"(sum_)                                                                        \
                : "x"(d), "m"(*(const vec *) (turn)));                                                                 \
    } while (0)
/* b >>> 63 is one to the left. */
#define ADD_XOR_DOUBLE(b, c, d)                                                                                        \
    do {                                                                                                               \
        vec sum_;                                                                                                      \
        __asm__("vpaddq %1, %3, %2\n\tvmovdqa %2, %1\n\tvpxor %2, %0, %0\n\tvpaddq %0, %0, %2\n\t"                   \
                "vpsrlq $63, %0, %0\n\tvpor %2, %0, %0"                                                               \
                : "+x"(b), "+m"(c), "=&x"(sum_)                                                                        \
                : "x"(d));                                                                                             \
    } while (0)
#endif

/* G for all four columns or diagonals, side by side. Message words stay in memory. */
#define ADD_WORDS(x0, x1, x2, x3)                                                                                      \
    ADD(v[0], m[x0]);                                                                                                  \
    ADD(v[1], m[x1]);                                                                                                  \
    ADD(v[2], m[x2]);                                                                                                  \
    ADD(v[3], m[x3])

#define ADD_ROW(b0, b1, b2, b3)                                                                                        \
    ADD(v[0], v[b0]);                                                                                                  \
    ADD(v[1], v[b1]);                                                                                                  \
    ADD(v[2], v[b2]);                                                                                                  \
    ADD(v[3], v[b3])

#define FOUR(b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3, x0, y0, x1, y1, x2, y2, x3, y3)                           \
    ADD_WORDS(x0, x1, x2, x3);                                                                                         \
    ADD_ROW(b0, b1, b2, b3);                                                                                           \
    XOR_SWAP(v[d0], v[0]);                                                                                             \
    XOR_SWAP(v[d1], v[1]);                                                                                             \
    XOR_SWAP(v[d2], v[2]);                                                                                             \
    XOR_SWAP(v[d3], v[3]);                                                                                             \
    ADD_XOR_TURN(v[b0], c[c0], v[d0], TURN24);                                                                         \
    ADD_XOR_TURN(v[b1], c[c1], v[d1], TURN24);                                                                         \
    ADD_XOR_TURN(v[b2], c[c2], v[d2], TURN24);                                                                         \
    ADD_XOR_TURN(v[b3], c[c3], v[d3], TURN24);                                                                         \
    ADD_WORDS(y0, y1, y2, y3);                                                                                         \
    ADD_ROW(b0, b1, b2, b3);                                                                                           \
    XOR_TURN(v[d0], v[0], TURN16);                                                                                     \
    XOR_TURN(v[d1], v[1], TURN16);                                                                                     \
    XOR_TURN(v[d2], v[2], TURN16);                                                                                     \
    XOR_TURN(v[d3], v[3], TURN16);                                                                                     \
    ADD_XOR_DOUBLE(v[b0], c[c0], v[d0]);                                                                               \
    ADD_XOR_DOUBLE(v[b1], c[c1], v[d1]);                                                                               \
    ADD_XOR_DOUBLE(v[b2], c[c2], v[d2]);                                                                               \
    ADD_XOR_DOUBLE(v[b3], c[c3], v[d3])

#define ROUND(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15)                                    \
    FOUR(4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, s0, s1, s2, s3, s4, s5, s6, s7);                                      \
    FOUR(5, 6, 7, 4, 2, 3, 0, 1, 15, 12, 13, 14, s8, s9, s10, s11, s12, s13, s14, s15)

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
    vec m[16], v[16], c[4];
    load_words(m, block);
    start_rounds(v, h, total, last);
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        c[i] = v[8 + i];
    }
    BLAKE2B_ROUNDS;
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        v[8 + i] = c[i];
    }
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

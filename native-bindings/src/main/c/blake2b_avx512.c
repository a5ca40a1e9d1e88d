/* BLAKE2b, eight or sixteen inputs at once. Needs AVX-512 F. */
#include <immintrin.h>

#include "transpose.h"

#ifdef __AVX512IFMA__
#error "runs on processors without IFMA: compile it without -mavx512ifma"
#endif

#define BLAKE2B_LANES LANES_WIDTH
#define vec_splat(x) _mm512_set1_epi64((long long) (x))
#define vec_xor(a, b) _mm512_xor_si512(a, b)

#include "blake2b_lanes.h"

/* Both blocks of 64 bytes that a message block consists of, as sixteen message words. */
static inline __attribute__((always_inline)) void load_words(vec m[16], const uint8_t *const block[LANES_WIDTH]) {
    vec half[8];
    for (int part = 0; part < 2; part++) {
#pragma GCC unroll 8
        for (int j = 0; j < LANES_WIDTH; j++) {
            half[j] = _mm512_loadu_si512(block[j] + 64 * part);
        }
        transpose8(half);
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++) {
            m[8 * part + i] = half[i];
        }
    }
}

/* a += b and d = (d ^ a) >>> n, in place: two interleaved states fill all 32 registers; see chacha20_avx512.c. */
#ifdef LANES_NO_ASSEMBLY
#define ADD(a, b) a = _mm512_add_epi64(a, b)
#define XOR_ROTATE(d, a, n) d = _mm512_ror_epi64(_mm512_xor_si512(d, a), n)
#else
#define ADD(a, b) __asm__("vpaddq %1, %0, %0" : "+v"(a) : "vm"(b))
#define XOR_ROTATE(d, a, n) __asm__("vpxorq %1, %0, %0\n\tvprorq %2, %0, %0" : "+v"(d) : "v"(a), "i"(n))
#endif

/* Half of RFC 7693's G, for four of them side by side, whose chains are independent. */
#define HALF(v, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3, x0, x1, x2, x3, n, o)                                  \
    ADD(v[0], x0);                                                                                                     \
    ADD(v[1], x1);                                                                                                     \
    ADD(v[2], x2);                                                                                                     \
    ADD(v[3], x3);                                                                                                     \
    ADD(v[0], v[b0]);                                                                                                  \
    ADD(v[1], v[b1]);                                                                                                  \
    ADD(v[2], v[b2]);                                                                                                  \
    ADD(v[3], v[b3]);                                                                                                  \
    XOR_ROTATE(v[d0], v[0], n);                                                                                        \
    XOR_ROTATE(v[d1], v[1], n);                                                                                        \
    XOR_ROTATE(v[d2], v[2], n);                                                                                        \
    XOR_ROTATE(v[d3], v[3], n);                                                                                        \
    ADD(v[c0], v[d0]);                                                                                                 \
    ADD(v[c1], v[d1]);                                                                                                 \
    ADD(v[c2], v[d2]);                                                                                                 \
    ADD(v[c3], v[d3]);                                                                                                 \
    XOR_ROTATE(v[b0], v[c0], o);                                                                                       \
    XOR_ROTATE(v[b1], v[c1], o);                                                                                       \
    XOR_ROTATE(v[b2], v[c2], o);                                                                                       \
    XOR_ROTATE(v[b3], v[c3], o)

#define COLUMNS(v, m0, m1, m2, m3, n, o)                                                                               \
    HALF(v, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, m0, m1, m2, m3, n, o)
#define DIAGONALS(v, m0, m1, m2, m3, n, o)                                                                             \
    HALF(v, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14, m0, m1, m2, m3, n, o)

/*
 * The row of the message schedule: word s0 is the first to go into the first column, and so on. Two states side by side
 * fill the processor, whose vector instructions have a latency of two cycles and of which it starts up to four in each.
 */
#define ROUND(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15)                                    \
    COLUMNS(v, m[s0], m[s2], m[s4], m[s6], 32, 24);                                                                    \
    if (groups == 2) {                                                                                                 \
        COLUMNS(w, n[s0], n[s2], n[s4], n[s6], 32, 24);                                                                \
    }                                                                                                                  \
    COLUMNS(v, m[s1], m[s3], m[s5], m[s7], 16, 63);                                                                    \
    if (groups == 2) {                                                                                                 \
        COLUMNS(w, n[s1], n[s3], n[s5], n[s7], 16, 63);                                                                \
    }                                                                                                                  \
    DIAGONALS(v, m[s8], m[s10], m[s12], m[s14], 32, 24);                                                               \
    if (groups == 2) {                                                                                                 \
        DIAGONALS(w, n[s8], n[s10], n[s12], n[s14], 32, 24);                                                           \
    }                                                                                                                  \
    DIAGONALS(v, m[s9], m[s11], m[s13], m[s15], 16, 63);                                                               \
    if (groups == 2) {                                                                                                 \
        DIAGONALS(w, n[s9], n[s11], n[s13], n[s15], 16, 63);                                                           \
    }

/* groups: 1 or 2 times eight inputs. */
static inline __attribute__((always_inline)) void compress(vec h[], const uint8_t *const block[], uint64_t total,
                                                           int last, const int groups) {
    vec m[16], n[16], v[16], w[16];
    load_words(m, block);
    start_rounds(v, h, total, last);
    if (groups == 2) {
        load_words(n, block + LANES_WIDTH);
        start_rounds(w, h + 8, total, last);
    }
    BLAKE2B_ROUNDS;
    end_rounds(h, v);
    if (groups == 2) {
        end_rounds(h + 8, w);
    }
}

__attribute__((noinline)) static void compress_eight(vec h[8], const uint8_t *const block[LANES_WIDTH], uint64_t total,
                                                     int last) {
    compress(h, block, total, last, 1);
}

__attribute__((noinline)) static void compress_sixteen(vec h[16], const uint8_t *const block[2 * LANES_WIDTH],
                                                       uint64_t total, int last) {
    compress(h, block, total, last, 2);
}

static void compress_all(int width, vec h[], const uint8_t *const block[], uint64_t total, int last) {
    if (width == LANES_WIDTH) {
        compress_eight(h, block, total, last);
    } else {
        compress_sixteen(h, block, total, last);
    }
}

static void store_states(int width, uint8_t to[BLAKE2B_WIDTH][64], vec h[]) {
    for (int first = 0; first < width; first += LANES_WIDTH) {
        transpose8(h + first);
    }
    for (int j = 0; j < width; j++) {
        _mm512_store_si512(to[j], h[j]);
    }
}

__attribute__((noinline)) static void vectors(const blake2b_shape *shape, int width, uint8_t *const out[],
                                              const uint8_t *const in[], const uint8_t *const key[]) {
    blake2b_hash(shape, width, out, in, key);
}

const blake2b_kernel blake2b_avx512 = {LANES_WIDTH, 2 * LANES_WIDTH, vectors};

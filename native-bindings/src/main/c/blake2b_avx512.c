/* BLAKE2b, eight or sixteen inputs at once: word i of eight states in one vector, input j in lane j. */
#include "blake2b.h"

#include <immintrin.h>

#include "transpose.h"

#ifdef __AVX512IFMA__
#error "runs on processors without IFMA: compile it without -mavx512ifma"
#endif

static const uint64_t IV[8] = {
    UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b),
    UINT64_C(0xa54ff53a5f1d36f1), UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

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

static inline __attribute__((always_inline)) void start_rounds(vec v[16], const vec h[8], uint64_t total, int last) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        v[i] = h[i];
        v[8 + i] = _mm512_set1_epi64((long long) IV[i]);
    }
    v[12] = _mm512_xor_si512(v[12], _mm512_set1_epi64((long long) total));
    v[14] = _mm512_xor_si512(v[14], _mm512_set1_epi64(last ? -1 : 0));
}

static inline __attribute__((always_inline)) void end_rounds(vec h[8], const vec v[16]) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        h[i] = _mm512_xor_si512(h[i], _mm512_xor_si512(v[i], v[8 + i]));
    }
}

/* groups: 1 or 2 times eight inputs. total: bytes hashed so far, this block included. */
static inline __attribute__((always_inline)) void compress(vec h[], const uint8_t *const block[], uint64_t total,
                                                           int last, const int groups) {
    vec m[16], n[16], v[16], w[16];
    load_words(m, block);
    start_rounds(v, h, total, last);
    if (groups == 2) {
        load_words(n, block + LANES_WIDTH);
        start_rounds(w, h + 8, total, last);
    }
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
    ROUND(11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4);
    ROUND(7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8);
    ROUND(9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13);
    ROUND(2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9);
    ROUND(12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11);
    ROUND(13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10);
    ROUND(6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5);
    ROUND(10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0);
    ROUND(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    ROUND(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3);
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

/* Copies of up to one block of each input, filled up with zeros. */
typedef struct {
    _Alignas(64) uint8_t byte[BLAKE2B_WIDTH][BLAKE2B_BLOCK];
} padded;

static void pad(int width, padded *to, const uint8_t *block[], const uint8_t *const in[], size_t offset,
                size_t length) {
    memset(to, 0, sizeof *to);
    for (int j = 0; j < width; j++) {
        if (length > 0) {
            memcpy(to->byte[j], in[j] + offset, length);
        }
        block[j] = to->byte[j];
    }
}

static uint64_t word_at(const uint8_t *p) {
    uint64_t x;
    memcpy(&x, p, 8);
    return x;
}

static void compress_all(int width, vec h[16], const uint8_t *const block[], uint64_t total, int last) {
    if (width == LANES_WIDTH) {
        compress_eight(h, block, total, last);
    } else {
        compress_sixteen(h, block, total, last);
    }
}

__attribute__((noinline)) void blake2b_vectors(const blake2b_shape *shape, int width, uint8_t *const out[],
                                               const uint8_t *const in[], const uint8_t *const key[]) {
    uint64_t parameter[8] = {0};
    parameter[0] = shape->out_length | shape->key_length << 8 | UINT64_C(1) << 16 | UINT64_C(1) << 24;
    for (int i = 0; i < 2; i++) {
        parameter[4 + i] = word_at(shape->salt + 8 * i);
        parameter[6 + i] = word_at(shape->personal + 8 * i);
    }
    vec h[16];
    for (int i = 0; i < width; i++) {
        h[i] = _mm512_set1_epi64((long long) (IV[i % 8] ^ parameter[i % 8]));
    }

    padded buffer;
    const uint8_t *block[BLAKE2B_WIDTH];
    uint64_t total = 0;
    size_t offset = 0;
    if (shape->key_length > 0) {
        pad(width, &buffer, block, key, 0, shape->key_length);
        total = BLAKE2B_BLOCK;
        compress_all(width, h, block, total, shape->in_length == 0);
    }
    while (shape->in_length - offset > BLAKE2B_BLOCK) {
        for (int j = 0; j < width; j++) {
            block[j] = in[j] + offset;
        }
        offset += BLAKE2B_BLOCK;
        total += BLAKE2B_BLOCK;
        compress_all(width, h, block, total, 0);
    }
    if (shape->in_length > 0 || shape->key_length == 0) {
        pad(width, &buffer, block, in, offset, shape->in_length - offset);
        compress_all(width, h, block, total + shape->in_length - offset, 1);
    }

    _Alignas(64) uint8_t digest[BLAKE2B_WIDTH][64];
    for (int first = 0; first < width; first += LANES_WIDTH) {
        transpose8(h + first);
    }
    for (int j = 0; j < width; j++) {
        _mm512_store_si512(digest[j], h[j]);
    }
    for (int j = 0; j < width; j++) {
        memcpy(out[j], digest[j], shape->out_length);
    }
}

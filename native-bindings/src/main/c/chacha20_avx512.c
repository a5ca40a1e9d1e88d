/* ChaCha20, sixteen blocks at once: word i of all blocks in one vector, block j in lane j. Needs AVX-512 F and BW. */
#include "chacha20.h"

#include <immintrin.h>

#ifdef __AVX512IFMA__
#error "runs on processors without IFMA: compile it without -mavx512ifma"
#endif

#define CHACHA20_INLINE static inline __attribute__((always_inline))

typedef __m512i vec;

typedef struct {
    vec w[16];
} state;

/*
 * a += b and d = (d ^ a) <<< n. In place, as inline assembly: two interleaved states fill all 32 registers, and GCC, left
 * to itself, takes registers for results, of which there are none, and spills. Not in a build that has to see through it
 * (LANES_NO_ASSEMBLY).
 */
#ifdef LANES_NO_ASSEMBLY
#define ADD(a, b) a = _mm512_add_epi32(a, b)
#define XOR_ROTATE(d, a, n) d = _mm512_rol_epi32(_mm512_xor_si512(d, a), n)
#else
#define ADD(a, b) __asm__("vpaddd %1, %0, %0" : "+v"(a) : "v"(b))
#define XOR_ROTATE(d, a, n) __asm__("vpxord %1, %0, %0\n\tvprold %2, %0, %0" : "+v"(d) : "v"(a), "i"(n))
#endif

/* One of the four equal parts of a quarter round, for four quarter rounds side by side, whose chains are independent. */
#define PART(s, a0, a1, a2, a3, b0, b1, b2, b3, d0, d1, d2, d3, n)                                                     \
    ADD(s.w[a0], s.w[b0]);                                                                                             \
    ADD(s.w[a1], s.w[b1]);                                                                                             \
    ADD(s.w[a2], s.w[b2]);                                                                                             \
    ADD(s.w[a3], s.w[b3]);                                                                                             \
    XOR_ROTATE(s.w[d0], s.w[a0], n);                                                                                   \
    XOR_ROTATE(s.w[d1], s.w[a1], n);                                                                                   \
    XOR_ROTATE(s.w[d2], s.w[a2], n);                                                                                   \
    XOR_ROTATE(s.w[d3], s.w[a3], n)

#define QUARTERS(s, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3)                                    \
    PART(s, a0, a1, a2, a3, b0, b1, b2, b3, d0, d1, d2, d3, 16);                                                       \
    PART(s, c0, c1, c2, c3, d0, d1, d2, d3, b0, b1, b2, b3, 12);                                                       \
    PART(s, a0, a1, a2, a3, b0, b1, b2, b3, d0, d1, d2, d3, 8);                                                        \
    PART(s, c0, c1, c2, c3, d0, d1, d2, d3, b0, b1, b2, b3, 7)

#define COLUMNS(s) QUARTERS(s, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define DIAGONALS(s) QUARTERS(s, 0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14)

static const uint32_t CONSTANTS[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

CHACHA20_INLINE uint32_t load32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return x;
}

/* The words before the rounds, kept to be added after them. */
typedef struct {
    _Alignas(64) uint32_t word[16][CHACHA20_WIDTH];
} start;

static void start_run(start *to, const chacha20_run *run) {
    for (int i = 0; i < 4; i++) {
        _mm512_store_si512(to->word[i], _mm512_set1_epi32((int) CONSTANTS[i]));
    }
    for (int i = 0; i < 8; i++) {
        _mm512_store_si512(to->word[4 + i], _mm512_set1_epi32((int) load32(run->key + 4 * i)));
    }
    const vec counter = _mm512_set1_epi32((int) run->counter);
    const vec lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    _mm512_store_si512(to->word[12], _mm512_add_epi32(counter, lane));
    for (int i = 0; i < 3; i++) {
        const uint32_t word = run->nonce == NULL ? 0 : load32(run->nonce + 4 * i);
        _mm512_store_si512(to->word[13 + i], _mm512_set1_epi32((int) word));
    }
}

CHACHA20_INLINE state load(const start *from) {
    state s;
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        s.w[i] = _mm512_load_si512(from->word[i]);
    }
    return s;
}

CHACHA20_INLINE state add_start(state s, const start *from) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        s.w[i] = _mm512_add_epi32(s.w[i], _mm512_load_si512(from->word[i]));
    }
    return s;
}

/* From word i in vector i to block j in vector j. */
CHACHA20_INLINE state transpose(state s) {
    state t, u;
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        const vec a = _mm512_unpacklo_epi32(s.w[i], s.w[i + 1]), b = _mm512_unpackhi_epi32(s.w[i], s.w[i + 1]);
        const vec c = _mm512_unpacklo_epi32(s.w[i + 2], s.w[i + 3]), d = _mm512_unpackhi_epi32(s.w[i + 2], s.w[i + 3]);
        t.w[i] = _mm512_unpacklo_epi64(a, c);
        t.w[i + 1] = _mm512_unpackhi_epi64(a, c);
        t.w[i + 2] = _mm512_unpacklo_epi64(b, d);
        t.w[i + 3] = _mm512_unpackhi_epi64(b, d);
    }
    /* t.w[4 k + j] holds words 4 k to 4 k + 3 of blocks j, j + 4, j + 8 and j + 12. */
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
        const vec a = _mm512_shuffle_i32x4(t.w[j], t.w[4 + j], 0x44), b = _mm512_shuffle_i32x4(t.w[j], t.w[4 + j], 0xee);
        const vec c = _mm512_shuffle_i32x4(t.w[8 + j], t.w[12 + j], 0x44);
        const vec d = _mm512_shuffle_i32x4(t.w[8 + j], t.w[12 + j], 0xee);
        u.w[j] = _mm512_shuffle_i32x4(a, c, 0x88);
        u.w[4 + j] = _mm512_shuffle_i32x4(a, c, 0xdd);
        u.w[8 + j] = _mm512_shuffle_i32x4(b, d, 0x88);
        u.w[12 + j] = _mm512_shuffle_i32x4(b, d, 0xdd);
    }
    return u;
}

CHACHA20_INLINE void xor_text(uint8_t *text, state blocks) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        uint8_t *at = text + CHACHA20_BLOCK * i;
        _mm512_storeu_si512(at, _mm512_xor_si512(_mm512_loadu_si512(at), blocks.w[i]));
    }
}

__attribute__((noinline)) static void xor_wide(const chacha20_run *run) {
    start from;
    start_run(&from, run);
    state s = load(&from);
    for (int i = 0; i < 10; i++) {
        COLUMNS(s);
        DIAGONALS(s);
    }
    xor_text(run->text, transpose(add_start(s, &from)));
}

__attribute__((noinline)) static void xor_wide2(const chacha20_run *first, const chacha20_run *second) {
    start from[2];
    start_run(&from[0], first);
    start_run(&from[1], second);
    state s = load(&from[0]), t = load(&from[1]);
    for (int i = 0; i < 10; i++) {
        COLUMNS(s);
        COLUMNS(t);
        DIAGONALS(s);
        DIAGONALS(t);
    }
    xor_text(first->text, transpose(add_start(s, &from[0])));
    xor_text(second->text, transpose(add_start(t, &from[1])));
}

__attribute__((noinline)) static void xor_blocks(int count, const chacha20_run run[]) {
    start from;
    for (int i = 0; i < 4; i++) {
        _mm512_store_si512(from.word[i], _mm512_set1_epi32((int) CONSTANTS[i]));
    }
    for (int j = 0; j < CHACHA20_WIDTH; j++) {
        /* Lanes without a run repeat the first one's; nothing of theirs is written. */
        const chacha20_run *r = &run[j < count ? j : 0];
        for (int i = 0; i < 8; i++) {
            from.word[4 + i][j] = load32(r->key + 4 * i);
        }
        from.word[12][j] = r->counter;
        for (int i = 0; i < 3; i++) {
            from.word[13 + i][j] = r->nonce == NULL ? 0 : load32(r->nonce + 4 * i);
        }
    }
    state s = load(&from);
    for (int i = 0; i < 10; i++) {
        COLUMNS(s);
        DIAGONALS(s);
    }
    s = transpose(add_start(s, &from));
    _Alignas(64) uint8_t stream[CHACHA20_WIDTH][CHACHA20_BLOCK];
#pragma GCC unroll 16
    for (int j = 0; j < CHACHA20_WIDTH; j++) {
        _mm512_store_si512(stream[j], s.w[j]);
    }
    for (int j = 0; j < count; j++) {
        const __mmask64 bytes = (__mmask64) (UINT64_MAX >> (CHACHA20_BLOCK - run[j].length));
        const vec text = _mm512_maskz_loadu_epi8(bytes, run[j].text);
        _mm512_mask_storeu_epi8(run[j].text, bytes, _mm512_xor_si512(text, _mm512_load_si512(stream[j])));
    }
}

const chacha20_kernel chacha20_avx512 = {CHACHA20_WIDTH, 2, xor_wide, xor_wide2, xor_blocks};

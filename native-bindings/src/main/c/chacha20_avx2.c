/* ChaCha20, eight blocks at once: word i of all blocks in one vector, block j in lane j. Needs AVX2. */
#include "chacha20.h"

#include <immintrin.h>

#define CHACHA20_INLINE static inline __attribute__((always_inline))

#define LANES 8

typedef __m256i vec;

typedef struct {
    vec w[16];
} state;

/* Places of the bytes of four words turned left by 16 and by 8 bits, twice. */
static const _Alignas(32) uint8_t TURN16[32] = {2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
                                                2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13};
static const _Alignas(32) uint8_t TURN8[32] = {3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14,
                                               3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14};

/*
 * The parts of a quarter round on words in memory: a = b + from; d = (from ^ a) <<< 16; then, with both kept and stored,
 * a += b and d = (d ^ a) <<< 8. In between, c += d in memory and b = (b ^ c) <<< n, whose sum gives its register to the
 * rotation. As inline assembly, because GCC, left to itself, takes registers for results and spills. Not in a build that
 * has to see through it (LANES_NO_ASSEMBLY).
 */
#ifdef LANES_NO_ASSEMBLY
#define TURN_OF(d, turn) _mm256_shuffle_epi8(d, *(const vec *) (turn))
#define ADD_FROM(a, b, from) a = _mm256_add_epi32(b, from)
#define XOR_TURN_FROM(d, a, from) d = TURN_OF(_mm256_xor_si256(from, a), TURN16)
#define ADD_XOR_SHIFT(b, c, d, n)                                                                                      \
    c = _mm256_add_epi32(c, d);                                                                                        \
    b = _mm256_xor_si256(b, c);                                                                                        \
    b = _mm256_or_si256(_mm256_slli_epi32(b, n), _mm256_srli_epi32(b, 32 - (n)))
#define ADD_TO(to, a, b) to = a = _mm256_add_epi32(a, b)
#define XOR_TURN_TO(to, d, a) to = d = TURN_OF(_mm256_xor_si256(d, a), TURN8)
#else
#define ADD_FROM(a, b, from) __asm__("vpaddd %2, %1, %0" : "=x"(a) : "x"(b), "m"(from))
#define XOR_TURN_FROM(d, a, from)                                                                                      \
    __asm__("vpxor %2, %1, %0\n\tvpshufb %3, %0, %0" : "=&x"(d) : "x"(a), "m"(from), "m"(*(const vec *) TURN16))
#define ADD_XOR_SHIFT(b, c, d, n)                                                                                      \
    do {                                                                                                               \
        vec sum_;                                                                                                      \
        __asm__("vpaddd %1, %3, %2\n\tvmovdqa %2, %1\n\tvpxor %2, %0, %0\n\tvpslld %4, %0, %2\n\t"                   \
                "vpsrld %5, %0, %0\n\tvpor %2, %0, %0"                                                                \
                : "+x"(b), "+m"(c), "=&x"(sum_)                                                                        \
                : "x"(d), "i"(n), "i"(32 - (n)));                                                                      \
    } while (0)
#define ADD_TO(to, a, b) __asm__("vpaddd %2, %0, %0\n\tvmovdqa %0, %1" : "+x"(a), "=m"(to) : "x"(b))
#define XOR_TURN_TO(to, d, a)                                                                                          \
    __asm__("vpxor %2, %0, %0\n\tvpshufb %3, %0, %0\n\tvmovdqa %0, %1"                                               \
            : "+x"(d), "=m"(to)                                                                                        \
            : "x"(a), "m"(*(const vec *) TURN8))
#endif

#define BEGIN(j, bj, dj)                                                                                               \
    vec b_##j = w[bj], a_##j, d_##j;                                                                                      \
    ADD_FROM(a_##j, b_##j, w[j]);                                                                                        \
    XOR_TURN_FROM(d_##j, a_##j, w[dj])

#define MIDDLE(j, cj, dj)                                                                                              \
    ADD_XOR_SHIFT(b_##j, w[cj], d_##j, 12);                                                                              \
    ADD_TO(w[j], a_##j, b_##j);                                                                                          \
    XOR_TURN_TO(w[dj], d_##j, a_##j)

#define END(j, bj, cj)                                                                                                 \
    ADD_XOR_SHIFT(b_##j, w[cj], d_##j, 7);                                                                               \
    w[bj] = b_##j

/* Four quarter rounds side by side: word j of the first row with the ones named of the others. */
#define QUARTERS(b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3)                                                       \
    do {                                                                                                               \
        BEGIN(0, b0, d0);                                                                                              \
        BEGIN(1, b1, d1);                                                                                              \
        BEGIN(2, b2, d2);                                                                                              \
        BEGIN(3, b3, d3);                                                                                              \
        MIDDLE(0, c0, d0);                                                                                             \
        MIDDLE(1, c1, d1);                                                                                             \
        MIDDLE(2, c2, d2);                                                                                             \
        MIDDLE(3, c3, d3);                                                                                             \
        END(0, b0, c0);                                                                                                \
        END(1, b1, c1);                                                                                                \
        END(2, b2, c2);                                                                                                \
        END(3, b3, c3);                                                                                                \
    } while (0)

CHACHA20_INLINE void columns(vec w[16]) {
    QUARTERS(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

CHACHA20_INLINE void diagonals(vec w[16]) {
    QUARTERS(5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14);
}

CHACHA20_INLINE void rounds(state *s) {
    for (int i = 0; i < 10; i++) {
        columns(s->w);
        diagonals(s->w);
    }
}

/* Two states in turn: one alone waits for its own results. */
CHACHA20_INLINE void rounds2(state *s, state *t) {
    for (int i = 0; i < 10; i++) {
        columns(s->w);
        columns(t->w);
        diagonals(s->w);
        diagonals(t->w);
    }
}

static const uint32_t CONSTANTS[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

CHACHA20_INLINE uint32_t load32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return x;
}

/* The words before the rounds, kept to be added after them. */
typedef struct {
    _Alignas(32) uint32_t word[16][LANES];
} start;

CHACHA20_INLINE void store_all(uint32_t to[LANES], uint32_t word) {
    _mm256_store_si256((__m256i *) to, _mm256_set1_epi32((int) word));
}

static void start_run(start *to, const chacha20_run *run) {
    for (int i = 0; i < 4; i++) {
        store_all(to->word[i], CONSTANTS[i]);
    }
    for (int i = 0; i < 8; i++) {
        store_all(to->word[4 + i], load32(run->key + 4 * i));
    }
    for (uint32_t j = 0; j < LANES; j++) {
        to->word[12][j] = run->counter + j;
    }
    for (int i = 0; i < 3; i++) {
        store_all(to->word[13 + i], run->nonce == NULL ? 0 : load32(run->nonce + 4 * i));
    }
}

CHACHA20_INLINE vec start_word(const start *from, int i) {
    return _mm256_load_si256((const __m256i *) from->word[i]);
}

/* From word i in vector i to words 0 to 7 of block j in vector j. */
CHACHA20_INLINE void transpose(vec w[8]) {
    vec t[8];
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
        const vec a = _mm256_unpacklo_epi32(w[i], w[i + 1]), b = _mm256_unpackhi_epi32(w[i], w[i + 1]);
        const vec c = _mm256_unpacklo_epi32(w[i + 2], w[i + 3]), d = _mm256_unpackhi_epi32(w[i + 2], w[i + 3]);
        t[i] = _mm256_unpacklo_epi64(a, c);
        t[i + 1] = _mm256_unpackhi_epi64(a, c);
        t[i + 2] = _mm256_unpacklo_epi64(b, d);
        t[i + 3] = _mm256_unpackhi_epi64(b, d);
    }
    /* t[4 k + j] holds words 4 k to 4 k + 3 of blocks j and j + 4. */
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
        w[j] = _mm256_permute2x128_si256(t[j], t[4 + j], 0x20);
        w[4 + j] = _mm256_permute2x128_si256(t[j], t[4 + j], 0x31);
    }
}

/* Half of each block: words 8 half to 8 half + 7, in vector j that of block j. */
CHACHA20_INLINE void stream_half(vec to[LANES], const vec w[16], const start *from, int half) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        to[i] = _mm256_add_epi32(w[8 * half + i], start_word(from, 8 * half + i));
    }
    transpose(to);
}

CHACHA20_INLINE void load_start(state *s, const start *from) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        s->w[i] = start_word(from, i);
    }
}

CHACHA20_INLINE void xor_stream(const chacha20_run *run, const state *s, const start *from) {
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
        vec t[LANES];
        stream_half(t, s->w, from, half);
#pragma GCC unroll 8
        for (int j = 0; j < LANES; j++) {
            __m256i *at = (__m256i *) (run->text + CHACHA20_BLOCK * j + 32 * half);
            _mm256_storeu_si256(at, _mm256_xor_si256(_mm256_loadu_si256(at), t[j]));
        }
    }
}

__attribute__((noinline)) static void xor_wide(const chacha20_run *run) {
    start from;
    state s;
    start_run(&from, run);
    load_start(&s, &from);
    rounds(&s);
    xor_stream(run, &s, &from);
}

__attribute__((noinline)) static void xor_wide2(const chacha20_run *first, const chacha20_run *second) {
    start from[2];
    state s, t;
    start_run(&from[0], first);
    start_run(&from[1], second);
    load_start(&s, &from[0]);
    load_start(&t, &from[1]);
    rounds2(&s, &t);
    xor_stream(first, &s, &from[0]);
    xor_stream(second, &t, &from[1]);
}

__attribute__((noinline)) static void xor_blocks(int count, const chacha20_run run[]) {
    start from;
    for (int i = 0; i < 4; i++) {
        store_all(from.word[i], CONSTANTS[i]);
    }
    for (int j = 0; j < LANES; j++) {
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
    state s;
    load_start(&s, &from);
    rounds(&s);
    _Alignas(32) uint8_t blocks[LANES][CHACHA20_BLOCK];
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
        vec t[LANES];
        stream_half(t, s.w, &from, half);
#pragma GCC unroll 8
        for (int j = 0; j < LANES; j++) {
            _mm256_store_si256((__m256i *) (blocks[j] + 32 * half), t[j]);
        }
    }
    for (int j = 0; j < count; j++) {
        const uint32_t length = run[j].length;
        if (length == CHACHA20_BLOCK) {
            for (int half = 0; half < CHACHA20_BLOCK; half += 32) {
                __m256i *at = (__m256i *) (run[j].text + half);
                const vec key_stream = _mm256_load_si256((const __m256i *) (blocks[j] + half));
                _mm256_storeu_si256(at, _mm256_xor_si256(_mm256_loadu_si256(at), key_stream));
            }
        } else {
            uint8_t text[CHACHA20_BLOCK] = {0};
            memcpy(text, run[j].text, length);
            for (uint32_t i = 0; i < CHACHA20_BLOCK; i++) {
                text[i] ^= blocks[j][i];
            }
            memcpy(run[j].text, text, length);
        }
    }
}

const chacha20_kernel chacha20_avx2 = {LANES, 2, xor_wide, xor_wide2, xor_blocks};

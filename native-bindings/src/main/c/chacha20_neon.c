/* ChaCha20, four blocks at once on arm64: word i of all blocks in one vector, block j in lane j. */
#include "neon.h"

#include "chacha20.h"

#define LANES 4

typedef struct {
    vec32 w[16];
} state;

/* The words before the rounds, kept to be added after them. */
typedef struct {
    _Alignas(16) uint32_t word[16][LANES];
} start;

static const uint32_t CONSTANTS[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

NEON_INLINE uint32_t load32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, 4);
    return x;
}

/* The words of a run's block, counter and all, in lane j. */
static void start_lane(start *to, int j, const chacha20_run *run, uint32_t counter) {
    for (int i = 0; i < 4; i++) {
        to->word[i][j] = CONSTANTS[i];
    }
    for (int i = 0; i < 8; i++) {
        to->word[4 + i][j] = load32(run->key + 4 * i);
    }
    to->word[12][j] = counter;
    for (int i = 0; i < 3; i++) {
        to->word[13 + i][j] = run->nonce == NULL ? 0 : load32(run->nonce + 4 * i);
    }
}

NEON_INLINE vec32 start_word(const start *from, int i) {
    return (vec32) vec_load(from->word[i]);
}

#define PART(a, b, d, n)                                                                                               \
    s->w[a] += s->w[b];                                                                                                \
    s->w[d] = vec32_turn_left(s->w[d] ^ s->w[a], n)

/* Four quarter rounds side by side: those of the columns or of the diagonals. */
#define QUARTERS(b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3)                                                       \
    PARTS(0, 1, 2, 3, b0, b1, b2, b3, d0, d1, d2, d3, 16);                                                             \
    PARTS(c0, c1, c2, c3, d0, d1, d2, d3, b0, b1, b2, b3, 12);                                                         \
    PARTS(0, 1, 2, 3, b0, b1, b2, b3, d0, d1, d2, d3, 8);                                                              \
    PARTS(c0, c1, c2, c3, d0, d1, d2, d3, b0, b1, b2, b3, 7)

#define PARTS(a0, a1, a2, a3, b0, b1, b2, b3, d0, d1, d2, d3, n)                                                       \
    PART(a0, b0, d0, n);                                                                                               \
    PART(a1, b1, d1, n);                                                                                               \
    PART(a2, b2, d2, n);                                                                                               \
    PART(a3, b3, d3, n)

NEON_INLINE void rounds(state *s) {
    for (int i = 0; i < 10; i++) {
        QUARTERS(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        QUARTERS(5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14);
    }
}

/* Four words of four blocks, from word i in vector i to those of block j in vector j. */
NEON_INLINE void transpose(vec32 w[4]) {
    /* Words of blocks 0 and 2, then of 1 and 3, in pairs. */
    const vec32 a = {w[0][0], w[1][0], w[0][2], w[1][2]}, b = {w[0][1], w[1][1], w[0][3], w[1][3]};
    const vec32 c = {w[2][0], w[3][0], w[2][2], w[3][2]}, d = {w[2][1], w[3][1], w[2][3], w[3][3]};
    w[0] = (vec32) vec_low((vec) a, (vec) c);
    w[1] = (vec32) vec_low((vec) b, (vec) d);
    w[2] = (vec32) vec_high((vec) a, (vec) c);
    w[3] = (vec32) vec_high((vec) b, (vec) d);
}

/* The stream of each block. */
NEON_INLINE void stream(vec32 to[LANES][4], const start *from) {
    state s;
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        s.w[i] = start_word(from, i);
    }
    rounds(&s);
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        vec32 t[4];
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++) {
            t[k] = s.w[4 * i + k] + start_word(from, 4 * i + k);
        }
        transpose(t);
#pragma GCC unroll 4
        for (int j = 0; j < LANES; j++) {
            to[j][i] = t[j];
        }
    }
}

NEON_INLINE void xor_block(uint8_t *text, const vec32 block[4]) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        vec_store(text + 16 * i, vec_load(text + 16 * i) ^ (vec) block[i]);
    }
}

__attribute__((noinline)) static void xor_wide(const chacha20_run *run) {
    start from;
    vec32 block[LANES][4];
    for (int j = 0; j < LANES; j++) {
        start_lane(&from, j, run, run->counter + (uint32_t) j);
    }
    stream(block, &from);
    for (int j = 0; j < LANES; j++) {
        xor_block(run->text + CHACHA20_BLOCK * j, block[j]);
    }
}

__attribute__((noinline)) static void xor_blocks(int count, const chacha20_run run[]) {
    start from;
    vec32 block[LANES][4];
    for (int j = 0; j < LANES; j++) {
        /* Lanes without a run repeat the first one's; nothing of theirs is written. */
        const chacha20_run *r = &run[j < count ? j : 0];
        start_lane(&from, j, r, r->counter);
    }
    stream(block, &from);
    for (int j = 0; j < count; j++) {
        uint8_t text[CHACHA20_BLOCK] = {0};
        memcpy(text, run[j].text, run[j].length);
        xor_block(text, block[j]);
        memcpy(run[j].text, text, run[j].length);
    }
}

const chacha20_kernel chacha20_neon = {LANES, 1, xor_wide, NULL, xor_blocks};

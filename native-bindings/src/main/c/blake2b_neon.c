/* BLAKE2b, two inputs at once on arm64. */
#include "neon.h"

#define BLAKE2B_LANES 2

#include "blake2b_lanes.h"

/* Half of RFC 7693's G. Message words stay in memory. */
#define HALF(a, b, c, d, x, n, o)                                                                                      \
    v[a] += v[b] + m[x];                                                                                               \
    v[d] = vec_turn_right(v[d] ^ v[a], n);                                                                             \
    v[c] += v[d];                                                                                                      \
    v[b] = vec_turn_right(v[b] ^ v[c], o)

#define G(a, b, c, d, x, y)                                                                                            \
    HALF(a, b, c, d, x, 32, 24);                                                                                       \
    HALF(a, b, c, d, y, 16, 63)

#define ROUND(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15)                                    \
    G(0, 4, 8, 12, s0, s1);                                                                                            \
    G(1, 5, 9, 13, s2, s3);                                                                                            \
    G(2, 6, 10, 14, s4, s5);                                                                                           \
    G(3, 7, 11, 15, s6, s7);                                                                                           \
    G(0, 5, 10, 15, s8, s9);                                                                                           \
    G(1, 6, 11, 12, s10, s11);                                                                                         \
    G(2, 7, 8, 13, s12, s13);                                                                                          \
    G(3, 4, 9, 14, s14, s15)

__attribute__((noinline)) static void compress_two(vec h[8], const uint8_t *const block[BLAKE2B_LANES], uint64_t total,
                                                   int last) {
    vec m[16], v[16];
    for (int i = 0; i < 8; i++) {
        const vec a = vec_load(block[0] + 16 * i), b = vec_load(block[1] + 16 * i);
        m[2 * i] = vec_low(a, b);
        m[2 * i + 1] = vec_high(a, b);
    }
    start_rounds(v, h, total, last);
    BLAKE2B_ROUNDS;
    end_rounds(h, v);
}

static void compress_all(int width, vec h[], const uint8_t *const block[], uint64_t total, int last) {
    (void) width;
    compress_two(h, block, total, last);
}

static void store_states(int width, uint8_t to[BLAKE2B_WIDTH][64], vec h[]) {
    (void) width;
    for (int i = 0; i < 4; i++) {
        vec_store(to[0] + 16 * i, vec_low(h[2 * i], h[2 * i + 1]));
        vec_store(to[1] + 16 * i, vec_high(h[2 * i], h[2 * i + 1]));
    }
}

__attribute__((noinline)) static void vectors(const blake2b_shape *shape, int width, uint8_t *const out[],
                                              const uint8_t *const in[], const uint8_t *const key[]) {
    blake2b_hash(shape, width, out, in, key);
}

const blake2b_kernel blake2b_neon = {BLAKE2B_LANES, BLAKE2B_LANES, vectors};

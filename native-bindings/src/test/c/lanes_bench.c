/*
 * Times every function against libsodium in the same run and prints one line each: inputs, nanoseconds per input of both,
 * and the ratio. Usage: lanes_bench LIBSODIUM. The best of several runs counts, because other programs only ever add.
 */
#include <string.h>
#include <time.h>

#include "lanes.h"
#include "sodium.h"

#define SLOT 4224
static uint8_t arena[6][LANES_MAX_BATCH * SLOT];
static uint8_t *operand[6][LANES_MAX_BATCH];
#define IN(o) ((const uint8_t *const *) operand[o])

static uint8_t ok[LANES_MAX_BATCH];
static const uint8_t shared[16];
static unsigned long long mac_length;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

typedef void operation(int count);

/* Whose kernels are measured. */
static int32_t level;

static void x25519_lanes(int count) {
    lanes_x25519(level, count, operand[0], IN(1), IN(2), ok);
}

static void x25519_sodium(int count) {
    for (int i = 0; i < count; i++) {
        ok[i] = sodium.scalarmult(operand[0][i], operand[1][i], operand[2][i]) == 0;
    }
}

static void base_lanes(int count) {
    lanes_x25519_base(level, count, operand[0], IN(1));
}

static void base_sodium(int count) {
    for (int i = 0; i < count; i++) {
        sodium.scalarmult_base(operand[0][i], operand[1][i]);
    }
}

static void chacha20_lanes(int count) {
    lanes_chacha20_xor(level, count, operand[3], 1024, IN(1));
}

static void chacha20_sodium(int count) {
    static const uint8_t nonce[12];
    for (int i = 0; i < count; i++) {
        sodium.chacha20_xor(operand[3][i], operand[3][i], 1024, nonce, 0, operand[1][i]);
    }
}

static void blake2b_lanes(int count) {
    lanes_blake2b(level, count, operand[0], 32, IN(3), 992, IN(1), 32, shared, shared);
}

static void blake2b_sodium(int count) {
    for (int i = 0; i < count; i++) {
        sodium.blake2b(operand[0][i], 32, operand[3][i], 992, operand[1][i], 32, shared, shared);
    }
}

static void short_blake2b_lanes(int count) {
    lanes_blake2b(level, count, operand[0], 64, IN(3), 96, IN(1), 32, shared, shared);
}

static void short_blake2b_sodium(int count) {
    for (int i = 0; i < count; i++) {
        sodium.blake2b(operand[0][i], 64, operand[3][i], 96, operand[1][i], 32, shared, shared);
    }
}

static void sha512_lanes(int count) {
    lanes_sha512(count, operand[0], IN(3), 244);
}

static void sha512_sodium(int count) {
    for (int i = 0; i < count; i++) {
        sodium.sha512(operand[0][i], operand[3][i], 244);
    }
}

static void map_lanes(int count) {
    lanes_edwards25519_map(count, operand[0], IN(1), IN(2), ok);
}

/* libsodium's own map, whose signs are others, and its multiplication. */
static void map_sodium(int count) {
    for (int i = 0; i < count; i++) {
        uint8_t point[32];
        sodium.from_uniform(point, operand[2][i]);
        ok[i] = sodium.multiply(operand[0][i], operand[1][i], point) == 0;
    }
}

static void seal_lanes(int count) {
    lanes_aead_seal(level, count, operand[3], 2050, operand[4], IN(2), 10, IN(5), IN(1));
}

static void seal_sodium(int count) {
    for (int i = 0; i < count; i++) {
        sodium.seal(operand[3][i], operand[4][i], &mac_length, operand[3][i], 2050, operand[2][i], 10, NULL, operand[5][i],
                    operand[1][i]);
    }
}

/* Sealing in place twice restores the text, so that every opening sees a sealed text. */
static void open_lanes(int count) {
    lanes_aead_open(level, count, operand[3], 2050, IN(4), IN(2), 10, IN(5), IN(1), ok);
    seal_lanes(count);
}

static void open_sodium(int count) {
    for (int i = 0; i < count; i++) {
        ok[i] = sodium.open(operand[3][i], NULL, operand[3][i], 2050, operand[4][i], operand[2][i], 10, operand[5][i],
                            operand[1][i]) == 0;
    }
    seal_sodium(count);
}

/* Nanoseconds per input: the best of a few tenths of a second. */
static double measure(operation *run, int count) {
    double best = 1e18, spent = 0;
    int calls = 1;
    while (spent < 1.5e8) {
        const double start = now();
        for (int i = 0; i < calls; i++) {
            run(count);
        }
        const double time = now() - start;
        spent += time;
        if (time / calls < best) {
            best = time / calls;
        }
        if (time < 1e6) {
            calls *= 2;
        }
    }
    return best / count;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s LIBSODIUM\n", argv[0]);
        return 2;
    }
    sodium_load(argv[1]);
    if (lanes_level() == LANES_LEVEL_NONE) {
        printf("the kernels do not run here: %s\n", lanes_reason());
        return 4;
    }
    for (int o = 0; o < 6; o++) {
        for (int i = 0; i < LANES_MAX_BATCH; i++) {
            operand[o][i] = arena[o] + (size_t) i * SLOT + 64;
            for (int j = 0; j < 32; j++) {
                operand[o][i][j] = (uint8_t) (o * 71 + i * 13 + j * 29 + 1);
            }
        }
    }
    static const struct {
        const char *name;
        operation *lanes, *sodium;
        int32_t least;
    } rows[] = {
        {"X25519", x25519_lanes, x25519_sodium, LANES_LEVEL_AVX2},
        {"X25519, base point", base_lanes, base_sodium, LANES_LEVEL_AVX2},
        {"ChaCha20, 1024 B", chacha20_lanes, chacha20_sodium, LANES_LEVEL_AVX2},
        {"BLAKE2b, 992 B", blake2b_lanes, blake2b_sodium, LANES_LEVEL_AVX2},
        {"BLAKE2b, 96 B", short_blake2b_lanes, short_blake2b_sodium, LANES_LEVEL_AVX2},
        {"AEAD seal, 2050 B", seal_lanes, seal_sodium, LANES_LEVEL_AVX2},
        {"AEAD open + seal, 2050 B", open_lanes, open_sodium, LANES_LEVEL_AVX2},
        {"SHA-512, 244 B", sha512_lanes, sha512_sodium, LANES_LEVEL_IFMA},
        {"edwards25519 map, multiple", map_lanes, map_sodium, LANES_LEVEL_IFMA},
    };
    static const int counts[] = {1, 2, 4, 8, 16, 64, 256};
    static const char *const level_names[] = {"none", "avx2", "avx512", "ifma"};
    printf("%-26s %-6s %6s %10s %10s %7s\n", "operation", "level", "inputs", "lanes ns", "sodium ns", "ratio");
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (level = rows[r].least; level <= lanes_level(); level++) {
            for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
                const double lanes = measure(rows[r].lanes, counts[c]), reference = measure(rows[r].sodium, counts[c]);
                printf("%-26s %-6s %6d %10.1f %10.1f %7.2f\n", rows[r].name, level_names[level], counts[c], lanes, reference,
                       reference / lanes);
            }
        }
    }
    return 0;
}

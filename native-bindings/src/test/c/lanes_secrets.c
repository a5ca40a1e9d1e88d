/*
 * Runs every function with its secrets marked as uninitialised: keys, scalars, texts, points and tags. A tool then finds
 * the first branch or address that depends on one: clang's MemorySanitizer on the kernels themselves, or, with
 * LANES_MEMCHECK, valgrind on the same source over the emulated vectors of emulation/immintrin.h. The functions
 * declare the verdict on a tag public (LANES_PUBLIC). Usage: lanes_secrets [branch | address]: it ends in a branch or
 * an address that depends on a secret's result, which the tool has to find, or the tool is not working. See run.sh.
 */
#ifdef LANES_MEMCHECK
#include <valgrind/memcheck.h>
#define MAKE_SECRET(p, n) ((void) VALGRIND_MAKE_MEM_UNDEFINED((p), (n)))
/* A full vector and a partial one: valgrind takes its time. */
static const int COUNTS[] = {9};
#else
#include <sanitizer/msan_interface.h>
#define MAKE_SECRET(p, n) __msan_poison((p), (n))
static const int COUNTS[] = {1, 7, 13, 19};
#endif
#include <stdio.h>
#include <string.h>

#include "lanes.h"
#include "levels.h"

#define COUNT 19
#define LENGTH 2050
static uint8_t memory[8][COUNT][LENGTH];
static uint8_t *operand[8][COUNT];
#define IN(o) ((const uint8_t *const *) operand[o])

static void make_secret(void) {
    MAKE_SECRET(memory, sizeof memory);
}

/* For planted faults; volatile, so that it is not optimised away. */
static volatile uint8_t sink;
static volatile uint8_t table[256];

int main(int argc, char **argv) {
    uint8_t ok[COUNT];
    static const uint8_t shared[16];
    if (lanes_level() != LEVEL_HIGHEST) {
        printf("nothing checked: %s\n", lanes_reason());
        return 4;
    }
    for (int o = 0; o < 8; o++) {
        for (int i = 0; i < COUNT; i++) {
            operand[o][i] = memory[o][i];
            memset(memory[o][i], o * 37 + i * 11, LENGTH);
        }
    }
    const int planting = argc > 1;
    for (size_t c = 0; c < sizeof COUNTS / sizeof COUNTS[0] && !planting; c++) {
        const int count = COUNTS[c];
        for (int32_t level = LEVEL_LOWEST; level <= LEVEL_HIGHEST; level++) {
            make_secret();
            lanes_x25519(level, count, operand[0], IN(1), IN(2), ok);
            make_secret();
            lanes_x25519_base(level, count, operand[0], IN(1));
            make_secret();
            lanes_chacha20_xor(level, count, operand[0], 992, IN(1));
            make_secret();
            lanes_blake2b(level, count, operand[0], 64, IN(3), 992, IN(1), 32, shared, shared);
            make_secret();
            lanes_aead_seal(level, count, operand[0], LENGTH, operand[4], IN(2), 10, IN(5), IN(1));
            make_secret();
            lanes_aead_open(level, count, operand[0], LENGTH, IN(4), IN(2), 10, IN(5), IN(1), ok);
            printf("level %s, %d inputs: x25519, x25519 base, chacha20, blake2b, chacha20-poly1305\n", LEVEL_NAMES[level],
                   count);
        }
        if (!lanes_available()) {
            continue;
        }
        make_secret();
        lanes_sha512(count, operand[0], IN(3), 244);
        make_secret();
        lanes_edwards25519_map(count, operand[0], IN(1), IN(2), ok);
        printf("level ifma, %d inputs: sha512, edwards25519 map\n", count);
    }
    make_secret();
    lanes_x25519(LEVEL_HIGHEST, 8, operand[0], IN(1), IN(2), ok);
    const uint8_t result = operand[0][7][3];
    if (planting && strcmp(argv[1], "branch") == 0 && (result & 1)) {
        sink = 1;
    }
    if (planting && strcmp(argv[1], "address") == 0) {
        sink = table[result];
    }
    printf("no branch and no address depends on a secret\n");
    return 0;
}

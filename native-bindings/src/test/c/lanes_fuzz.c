/*
 * Fuzzing of the exported functions: the input chooses function, level, count, lengths and the first bytes of the operands.
 * Every operand lies in memory of exactly its size, for AddressSanitizer to see any step outside; a batch has to give the
 * results of its inputs one by one, the same at each level, and texts sealed at one level have to open at another.
 *
 * With clang's libFuzzer as it is; with LANES_FUZZ_DRIVER a program that feeds random inputs: lanes_fuzz SECONDS [SEED].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lanes.h"
#include "levels.h"

#define MOST 40

static const uint8_t *rest;
static size_t rest_length;
static uint64_t state;

/* The rest of the input, then a sequence that depends on it. */
static uint8_t next(void) {
    if (rest_length > 0) {
        rest_length--;
        state = (state ^ *rest) * UINT64_C(0x9e3779b97f4a7c15);
        return *rest++;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint8_t) (state >> 32);
}

static void require(int condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "lanes_fuzz: %s\n", what);
        abort();
    }
}

typedef struct {
    uint8_t *element[MOST];
    size_t length;
} operand;

/* The pointers of an operand as the functions take them. */
#define IN(o) ((const uint8_t *const *) (o).element)

static operand fresh(int count, size_t length) {
    operand o = {.length = length};
    for (int i = 0; i < count; i++) {
        o.element[i] = malloc(length);
        for (size_t j = 0; j < length; j++) {
            o.element[i][j] = next();
        }
    }
    return o;
}

static operand copy(int count, operand from) {
    operand o = {.length = from.length};
    for (int i = 0; i < count; i++) {
        o.element[i] = malloc(from.length);
        memcpy(o.element[i], from.element[i], from.length);
    }
    return o;
}

static void discard(int count, operand o) {
    for (int i = 0; i < count; i++) {
        free(o.element[i]);
    }
}

static void require_equal(int count, operand a, operand b, const char *what) {
    for (int i = 0; i < count; i++) {
        require(memcmp(a.element[i], b.element[i], a.length) == 0, what);
    }
}

static void x25519(int count) {
    operand scalar = fresh(count, 32), point = fresh(count, 32), out = fresh(count, 32), alone = fresh(count, 32);
    uint8_t ok[MOST], ok_alone;
    for (int32_t level = LEVEL_LOWEST; level <= lanes_level(); level++) {
        require(lanes_x25519(level, count, out.element, IN(scalar), IN(point), ok) == 0, "x25519 refused");
        if (level == LEVEL_LOWEST) {
            for (int i = 0; i < count; i++) {
                lanes_x25519(level, 1, alone.element + i, IN(scalar) + i, IN(point) + i, &ok_alone);
                require(ok[i] == ok_alone, "x25519: verdict differs alone");
            }
        }
        require_equal(count, out, alone, "x25519 differs alone or by level");
        for (int i = 0; i < count; i++) {
            uint8_t any = 0;
            for (int j = 0; j < 32; j++) {
                any |= out.element[i][j];
            }
            require(ok[i] == (any != 0), "x25519: verdict and result disagree");
        }
    }
    for (int32_t level = LEVEL_LOWEST; level <= lanes_level(); level++) {
        lanes_x25519_base(level, count, out.element, IN(scalar));
        if (level == LEVEL_LOWEST) {
            discard(count, alone);
            alone = copy(count, out);
        }
        require_equal(count, out, alone, "x25519_base differs by level");
    }
    discard(count, scalar);
    discard(count, point);
    discard(count, out);
    discard(count, alone);
}

static void chacha20(int count, int length) {
    operand key = fresh(count, 32), clear = fresh(count, (size_t) length), alone = copy(count, clear);
    for (int i = 0; i < count; i++) {
        lanes_chacha20_xor(LEVEL_LOWEST, 1, alone.element + i, length, IN(key) + i);
    }
    for (int32_t level = LEVEL_LOWEST; level <= lanes_level(); level++) {
        operand text = copy(count, clear);
        require(lanes_chacha20_xor(level, count, text.element, length, IN(key)) == 0, "chacha20 refused");
        require_equal(count, text, alone, "chacha20 differs alone or by level");
        discard(count, text);
    }
    discard(count, key);
    discard(count, clear);
    discard(count, alone);
}

static void blake2b(int count, int length) {
    const int out_length = next() % 64 + 1, key_length = next() % 65;
    operand out = fresh(count, (size_t) out_length), alone = copy(count, out);
    operand in = fresh(count, (size_t) length), key = fresh(count, (size_t) key_length), shared = fresh(2, 16);
    for (int i = 0; i < count; i++) {
        lanes_blake2b(LEVEL_LOWEST, 1, alone.element + i, out_length, IN(in) + i, length, IN(key) + i, key_length,
                      shared.element[0], shared.element[1]);
    }
    for (int32_t level = LEVEL_LOWEST; level <= lanes_level(); level++) {
        require(lanes_blake2b(level, count, out.element, out_length, IN(in), length, IN(key), key_length,
                              shared.element[0], shared.element[1]) == 0,
                "blake2b refused");
        require_equal(count, out, alone, "blake2b differs alone or by level");
    }
    discard(count, out);
    discard(count, alone);
    discard(count, in);
    discard(count, key);
    discard(2, shared);
}

static int32_t any_level(void) {
    return LEVEL_LOWEST + next() % (lanes_level() - LEVEL_LOWEST + 1);
}

/* Sealed at one level and opened at another. */
static void aead(int count, int length) {
    const int ad_length = next() % 100, forged = next() % count;
    const int32_t sealing = any_level(), opening = any_level();
    operand text = fresh(count, (size_t) length), clear = copy(count, text), tag = fresh(count, 16);
    operand ad = fresh(count, (size_t) ad_length), nonce = fresh(count, 12), key = fresh(count, 32);
    uint8_t ok[MOST];
    lanes_aead_seal(sealing, count, text.element, length, tag.element, IN(ad), ad_length, IN(nonce), IN(key));
    operand sealed = copy(count, text);
    tag.element[forged][next() % 16] ^= (uint8_t) (1 << next() % 8);
    lanes_aead_open(opening, count, text.element, length, IN(tag), IN(ad), ad_length, IN(nonce), IN(key), ok);
    for (int i = 0; i < count; i++) {
        require(ok[i] == (i != forged), "verdict on a tag");
        const operand expected = i == forged ? sealed : clear;
        require(memcmp(text.element[i], expected.element[i], text.length) == 0, "opened text");
    }
    discard(count, text);
    discard(count, clear);
    discard(count, tag);
    discard(count, ad);
    discard(count, nonce);
    discard(count, key);
    discard(count, sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (lanes_level() == LANES_LEVEL_NONE) {
        return 0;
    }
    rest = data;
    rest_length = size;
    state = 1;
    const int function = next() % 4, count = next() % MOST + 1, length = next() << 4 | next() % 16;
    if (function == 0) {
        x25519(count);
    } else if (function == 1) {
        chacha20(count, length);
    } else if (function == 2) {
        blake2b(count, length);
    } else {
        aead(count, length);
    }
    return 0;
}

#ifdef LANES_FUZZ_DRIVER
int main(int argc, char **argv) {
    const time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 5);
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t) time(NULL);
    long inputs = 0;
    printf("fuzzing from seed %llu, %s\n", (unsigned long long) seed, lanes_reason());
    if (lanes_level() == LANES_LEVEL_NONE) {
        return 4;
    }
    while (time(NULL) < end) {
        uint8_t data[96];
        for (size_t i = 0; i < sizeof data; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            /* Often zeros and ones: whole limbs full or empty. */
            data[i] = seed >> 62 == 0 ? 0 : seed >> 62 == 1 ? 0xff : (uint8_t) (seed >> 40);
        }
        for (size_t i = 0; i < 4; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            data[i] = (uint8_t) (seed >> 40);
        }
        LLVMFuzzerTestOneInput(data, sizeof data);
        inputs++;
    }
    printf("%ld inputs, nothing found\n", inputs);
    return 0;
}
#endif

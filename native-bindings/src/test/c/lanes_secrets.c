/*
 * Runs every function with its secrets marked as uninitialised, in a build with clang's MemorySanitizer, which stops at
 * the first branch or address that depends on them: keys, scalars, texts, points and tags. What the functions declare
 * public (LANES_PUBLIC) is the verdict on a tag. Usage: lanes_secrets [plant]; with "plant" it ends in a branch on a
 * secret that the tool has to find, or the tool is not working. See run.sh.
 */
#include <sanitizer/msan_interface.h>
#include <stdio.h>
#include <string.h>

#include "lanes.h"

#define COUNT 19
#define LENGTH 2050
static uint8_t memory[8][COUNT][LENGTH];
static uint8_t *operand[8][COUNT];
#define IN(o) ((const uint8_t *const *) operand[o])

static void make_secret(void) {
    __msan_poison(memory, sizeof memory);
}

int main(int argc, char **argv) {
    uint8_t ok[COUNT];
    static const uint8_t shared[16];
    if (!lanes_available()) {
        printf("nothing checked: %s\n", lanes_reason());
        return 4;
    }
    for (int o = 0; o < 8; o++) {
        for (int i = 0; i < COUNT; i++) {
            operand[o][i] = memory[o][i];
            memset(memory[o][i], o * 37 + i * 11, LENGTH);
        }
    }
    for (int count = 1; count <= COUNT; count += 6) {
        make_secret();
        lanes_x25519(count, operand[0], IN(1), IN(2), ok);
        make_secret();
        lanes_x25519_base(count, operand[0], IN(1));
        make_secret();
        lanes_chacha20_xor(count, operand[0], 992, IN(1));
        make_secret();
        lanes_blake2b(count, operand[0], 64, IN(3), 992, IN(1), 32, shared, shared);
        make_secret();
        lanes_sha512(count, operand[0], IN(3), 244);
        make_secret();
        lanes_edwards25519_map(count, operand[0], IN(1), IN(2), ok);
        make_secret();
        lanes_aead_seal(count, operand[0], LENGTH, operand[4], IN(2), 10, IN(5), IN(1));
        make_secret();
        lanes_aead_open(count, operand[0], LENGTH, IN(4), IN(2), 10, IN(5), IN(1), ok);
    }
    if (argc > 1 && strcmp(argv[1], "plant") == 0) {
        make_secret();
        lanes_x25519(COUNT, operand[0], IN(1), IN(2), ok);
        if (operand[0][7][3] & 1) {
            printf("one\n");
        }
    }
    printf("no branch and no address depends on a secret\n");
    return 0;
}

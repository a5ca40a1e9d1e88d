/*
 * Every function of the library against libsodium and RFC vectors.
 * Usage: lanes_test LIBSODIUM [ROUNDS [SEED]]; exits 1 at the first difference. See run.sh.
 */
#include <string.h>
#include <time.h>

#include "field_check.h"
#include "lanes.h"
#include "lanes_internal.h"
#include "lanes_level.h"
#include "levels.h"
#include "poly1305.h"
#include "sodium.h"

#define FRAMES_IN_TAG_TEST 128

static uint64_t random_state;

static uint64_t random64(void) {
    random_state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = random_state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void random_fill(void *to, size_t length) {
    for (size_t i = 0; i < length; i++) {
        ((uint8_t *) to)[i] = (uint8_t) random64();
    }
}

static int random_below(int n) {
    return (int) (random64() % (uint64_t) n);
}

static const char *current;

static void check(int condition, const char *what, int a, int b) {
    if (!condition) {
        fprintf(stderr, "FAILED %s: %s (%d, %d)\n", current, what, a, b);
        exit(1);
    }
}

static void from_hex(uint8_t *to, const char *hex) {
    for (size_t i = 0; hex[2 * i] != 0; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        to[i] = (uint8_t) byte;
    }
}

/* 256 operands of up to 4 KiB, at addresses of every alignment. */
#define SLOT 4224
static uint8_t arena[7][LANES_MAX_BATCH * SLOT];

static uint8_t *slot(int operand, int i) {
    return arena[operand] + (size_t) i * SLOT + (size_t) ((i * 5 + operand) % 64);
}

static uint8_t *operand[7][LANES_MAX_BATCH];

static void place_operands(void) {
    for (int o = 0; o < 7; o++) {
        for (int i = 0; i < LANES_MAX_BATCH; i++) {
            operand[o][i] = slot(o, i);
        }
    }
}

#define IN(o) ((const uint8_t *const *) operand[o])

/* ---- X25519 ---- */

/* Whose kernel is under test. */
static int32_t level;

/* u-coordinates of low order, non-canonical ones, both ends, and patterns that fill or empty whole limbs. */
static const char *const SPECIAL_U[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0900000000000000000000000000000000000000000000000000000000000000",
    "0900000000000000000000000000000000000000000000000000000000000080",
    "ffffffffffff0f0000000000000000000000000000000000000000000000007f",
    "000000000000f0ffffffffffff00000000000000f0ffffffffffff0000000000",
    "ffffffffffff0f000000000000ffffffffffff0f000000000000ffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffff000000000000",
    "0000000000000000000000000000000000000000000000000000ffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000040",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2a",
};
#define SPECIAL_U_COUNT ((int) (sizeof SPECIAL_U / sizeof SPECIAL_U[0]))

static const char *const SPECIAL_SCALAR[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "5555555555555555555555555555555555555555555555555555555555555555",
};
#define SPECIAL_SCALAR_COUNT ((int) (sizeof SPECIAL_SCALAR / sizeof SPECIAL_SCALAR[0]))

static void verify_x25519(int count, const uint8_t ok[]) {
    for (int i = 0; i < count; i++) {
        uint8_t expected[32] = {0};
        const int accepted = sodium.scalarmult(expected, operand[1][i], operand[2][i]) == 0;
        check(ok[i] == accepted, "verdict of count, input", count, i);
        if (!accepted) {
            memset(expected, 0, sizeof expected);
        }
        check(memcmp(operand[0][i], expected, 32) == 0, "result of count, input", count, i);
    }
}

static void x25519_counts(int rounds) {
    current = "x25519, every count, random and special inputs mixed";
    uint8_t ok[LANES_MAX_BATCH];
    for (int round = 0; round < rounds; round++) {
        const int count = round % 64 + 1;
        for (int i = 0; i < count; i++) {
            random_fill(operand[1][i], 32);
            random_fill(operand[2][i], 32);
            if (random_below(4) == 0) {
                from_hex(operand[2][i], SPECIAL_U[random_below(SPECIAL_U_COUNT)]);
            }
            if (random_below(8) == 0) {
                from_hex(operand[1][i], SPECIAL_SCALAR[random_below(SPECIAL_SCALAR_COUNT)]);
            }
        }
        memset(ok, 7, sizeof ok);
        check(lanes_x25519(level, count, operand[0], IN(1), IN(2), ok) == 0, "return value of count", count, 0);
        verify_x25519(count, ok);
        check(count == LANES_MAX_BATCH || ok[count] == 7, "wrote behind count", count, 0);
    }
}

/* Each special point with each special scalar, in each lane, among random neighbours. */
static void x25519_special(void) {
    current = "x25519, special inputs in each lane";
    uint8_t ok[LANES_WIDTH];
    for (int u = 0; u < SPECIAL_U_COUNT; u++) {
        for (int s = 0; s <= SPECIAL_SCALAR_COUNT; s++) {
            const int lane = (u + s) % LANES_WIDTH;
            for (int step = 0; step < (s == 0 ? LANES_WIDTH : 1); step++) {
                const int at = (lane + step) % LANES_WIDTH;
                for (int i = 0; i < LANES_WIDTH; i++) {
                    random_fill(operand[1][i], 32);
                    random_fill(operand[2][i], 32);
                }
                from_hex(operand[2][at], SPECIAL_U[u]);
                if (s < SPECIAL_SCALAR_COUNT) {
                    from_hex(operand[1][at], SPECIAL_SCALAR[s]);
                }
                lanes_x25519(level, LANES_WIDTH, operand[0], IN(1), IN(2), ok);
                verify_x25519(LANES_WIDTH, ok);
            }
        }
    }
    /* All inputs of low order: the shared inversion has nothing but replaced zeros. */
    for (int i = 0; i < LANES_WIDTH; i++) {
        random_fill(operand[1][i], 32);
        from_hex(operand[2][i], SPECIAL_U[i]);
    }
    lanes_x25519(level, LANES_WIDTH, operand[0], IN(1), IN(2), ok);
    verify_x25519(LANES_WIDTH, ok);
}

static void x25519_base(void) {
    current = "x25519 with the base point";
    for (int count = 1; count <= LANES_MAX_BATCH; count += count < 20 ? 1 : 59) {
        for (int i = 0; i < count; i++) {
            random_fill(operand[1][i], 32);
            if (i % 4 == 3) {
                from_hex(operand[1][i], SPECIAL_SCALAR[(count + i / 4) % SPECIAL_SCALAR_COUNT]);
            }
        }
        lanes_x25519_base(level, count, operand[0], IN(1));
        for (int i = 0; i < count; i++) {
            uint8_t expected[32];
            sodium.scalarmult_base(expected, operand[1][i]);
            check(memcmp(operand[0][i], expected, 32) == 0, "result of count, input", count, i);
        }
    }
}

static void x25519_in_place(void) {
    current = "x25519 in place";
    uint8_t ok[LANES_MAX_BATCH], scalar[LANES_MAX_BATCH][32], point[LANES_MAX_BATCH][32];
    for (int onto = 1; onto <= 2; onto++) {
        for (int i = 0; i < 100; i++) {
            random_fill(scalar[i], 32);
            random_fill(point[i], 32);
            memcpy(operand[1][i], scalar[i], 32);
            memcpy(operand[2][i], point[i], 32);
        }
        lanes_x25519(level, 100, operand[onto], IN(1), IN(2), ok);
        for (int i = 0; i < 100; i++) {
            uint8_t expected[32];
            sodium.scalarmult(expected, scalar[i], point[i]);
            check(memcmp(operand[onto][i], expected, 32) == 0, "operand, input", onto, i);
        }
    }
}

/* RFC 7748 section 5.2: k = u = 9, then k, u = X25519(k, u), k, in every lane. */
static void x25519_iterated(int iterations, const char *expected_hex) {
    current = "x25519, RFC 7748 section 5.2, iterated";
    uint8_t expected[32], ok[LANES_WIDTH], next[LANES_WIDTH][32], *out[LANES_WIDTH];
    from_hex(expected, expected_hex);
    for (int i = 0; i < LANES_WIDTH; i++) {
        out[i] = next[i];
        memset(operand[1][i], 0, 32);
        operand[1][i][0] = 9;
        memcpy(operand[2][i], operand[1][i], 32);
    }
    for (int n = 0; n < iterations; n++) {
        lanes_x25519(level, LANES_WIDTH, out, IN(1), IN(2), ok);
        for (int i = 0; i < LANES_WIDTH; i++) {
            memcpy(operand[2][i], operand[1][i], 32);
            memcpy(operand[1][i], next[i], 32);
        }
    }
    for (int i = 0; i < LANES_WIDTH; i++) {
        check(memcmp(operand[1][i], expected, 32) == 0, "lane after iterations", i, iterations);
    }
}

/* ---- symmetric ---- */

static void chacha20(int length, int count) {
    static const uint8_t nonce[12];
    static uint8_t expected[LANES_MAX_BATCH][4096];
    for (int i = 0; i < count; i++) {
        random_fill(operand[0][i], (size_t) length + 1);
        random_fill(operand[1][i], 32);
        memcpy(expected[i], operand[0][i], (size_t) length + 1);
        sodium.chacha20_xor(expected[i], expected[i], (unsigned long long) length, nonce, 0, operand[1][i]);
    }
    check(lanes_chacha20_xor(level, count, operand[0], length, IN(1)) == 0, "return value", length, count);
    for (int i = 0; i < count; i++) {
        check(memcmp(operand[0][i], expected[i], (size_t) length + 1) == 0, "length, input", length, i);
    }
}

static void chacha20_all(void) {
    current = "chacha20";
    for (int length = 0; length <= 4000; length += length < 140 ? 1 : 61) {
        chacha20(length, random_below(20) + 1);
    }
    static const int lengths[] = {255, 256, 257, 511, 512, 513, 992, 1023, 1024, 1025, 2047, 2048, 2049};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (int count = 1; count <= 64; count++) {
            chacha20(lengths[i], count);
        }
    }
    chacha20(1024, 256);
}

static void blake2b(int out_length, int in_length, int key_length, int count) {
    uint8_t salt[16], personal[16], expected[64];
    random_fill(salt, 16);
    random_fill(personal, 16);
    for (int i = 0; i < count; i++) {
        random_fill(operand[0][i], 65);
        operand[0][i][out_length] = 0x5a;
        random_fill(operand[1][i], (size_t) in_length);
        random_fill(operand[2][i], (size_t) key_length);
    }
    check(lanes_blake2b(level, count, operand[0], out_length, IN(1), in_length, IN(2), key_length, salt, personal) == 0,
          "return value", in_length, count);
    for (int i = 0; i < count; i++) {
        sodium.blake2b(expected, (size_t) out_length, operand[1][i], (unsigned long long) in_length, operand[2][i],
                       (size_t) key_length, salt, personal);
        check(memcmp(operand[0][i], expected, (size_t) out_length) == 0, "input length, input", in_length, i);
        check(operand[0][i][out_length] == 0x5a, "wrote behind out_length", out_length, i);
    }
}

static void blake2b_all(void) {
    current = "blake2b";
    for (int in_length = 0; in_length <= 1300; in_length += in_length < 260 ? 1 : 31) {
        blake2b(16 + random_below(49), in_length, 16 + random_below(49), random_below(20) + 1);
    }
    for (int count = 1; count <= 64; count++) {
        blake2b(32, 992, 32, count);
        blake2b(64, 64, 32, count);
        blake2b(16, 128, 64, count);
    }
    blake2b(32, 1024, 32, 256);
    blake2b(32, 0, 16, 3);
}

static const poly1305_kernel *poly1305_of_level(void) {
    return symmetric_kernels_of(level).poly1305;
}

/* Poly1305 of a message against libsodium's, over the hash input of the AEAD construction. */
static void poly1305(int fill, size_t ad_length, size_t text_length) {
    static uint8_t message[2 * SLOT + 16];
    uint8_t tag[LANES_WIDTH][POLY1305_TAG], key[LANES_WIDTH][POLY1305_KEY], expected[16];
    for (int i = 0; i < LANES_WIDTH; i++) {
        random_fill(key[i], 32);
        random_fill(operand[0][i], ad_length);
        random_fill(operand[1][i], text_length);
        if (fill >= 0 && i % 2 == 0) {
            memset(operand[0][i], fill, ad_length);
            memset(operand[1][i], fill, text_length);
            memset(key[i], i % 4 == 0 ? 0xff : fill, i == 6 ? 16 : 32);
        }
        if (i == 4) {
            memset(key[i], 0, 16); /* r = 1 and r = 2 keep h close to the absorbed input */
            key[i][0] = (uint8_t) (1 + random_below(2));
        }
    }
    poly1305_of_level()->aead(tag, (const uint8_t(*)[POLY1305_KEY]) key, IN(0), ad_length, IN(1), text_length);
    for (int i = 0; i < poly1305_of_level()->width; i++) {
        memset(message, 0, sizeof message);
        const size_t text_at = (ad_length + 15) / 16 * 16, end = text_at + (text_length + 15) / 16 * 16;
        memcpy(message, operand[0][i], ad_length);
        memcpy(message + text_at, operand[1][i], text_length);
        message[end] = (uint8_t) ad_length;
        message[end + 1] = (uint8_t) (ad_length >> 8);
        message[end + 8] = (uint8_t) text_length;
        message[end + 9] = (uint8_t) (text_length >> 8);
        sodium.poly1305(expected, message, end + 16, key[i]);
        check(memcmp(tag[i], expected, 16) == 0, "text length, lane", (int) text_length, i);
    }
}

/*
 * Ends close to p and to 2^130, which random messages never reach. The lengths block is 2^128 + length 2^64.
 * r = 1, text of two blocks: their sum is chosen so that h ends at p + k.
 * r = 2, text of one block: chosen so that the last product is 2^131 - k, whose wrapped part overflows 2^130.
 */
static void poly1305_ends(void) {
    for (int r = 1; r <= 2; r++) {
        for (int k = -8; k <= 8; k++) {
            const size_t length = r == 1 ? 32 : 16;
            uint8_t tag[LANES_WIDTH][POLY1305_TAG], key[LANES_WIDTH][POLY1305_KEY], message[48] = {0}, expected[16];
            for (int i = 0; i < LANES_WIDTH; i++) {
                random_fill(key[i], 32);
                memset(key[i], 0, 16);
                key[i][0] = (uint8_t) r;
                unsigned __int128 first, second;
                if (r == 1) {
                    first = (unsigned __int128) random64() << 64 | random64();
                    second = (unsigned __int128) 0 - ((unsigned __int128) 32 << 64) - 5 + (unsigned __int128) (__int128) k - first;
                } else {
                    first = ((unsigned __int128) 1 << 127) - ((unsigned __int128) 8 << 64) - (unsigned __int128) (k + 8);
                    second = 0;
                }
                memcpy(operand[1][i], &first, 16);
                memcpy(operand[1][i] + 16, &second, 16);
            }
            poly1305_of_level()->aead(tag, (const uint8_t(*)[POLY1305_KEY]) key, IN(0), 0, IN(1), length);
            for (int i = 0; i < poly1305_of_level()->width; i++) {
                memcpy(message, operand[1][i], length);
                memset(message + length, 0, 16);
                message[length + 8] = (uint8_t) length;
                sodium.poly1305(expected, message, length + 16, key[i]);
                check(memcmp(tag[i], expected, 16) == 0, "end, r", k, r);
            }
        }
    }
}

static void poly1305_all(void) {
    current = "poly1305";
    poly1305_ends();
    static const int fills[] = {-1, 0, 0xff, 0xfb, 0xfc, 0xfe, 0x80, 0x01};
    for (size_t f = 0; f < sizeof fills / sizeof fills[0]; f++) {
        for (int length = 0; length < 300; length++) {
            poly1305(fills[f], (size_t) random_below(80), (size_t) length);
        }
        for (int i = 0; i < 50; i++) {
            poly1305(fills[f], 10, (size_t) random_below(4000));
        }
    }
}

static void aead(int length, int ad_length, int count) {
    static uint8_t clear[LANES_MAX_BATCH][4096], sealed[LANES_MAX_BATCH][4096];
    uint8_t expected_tag[16], ok[LANES_MAX_BATCH];
    for (int i = 0; i < count; i++) {
        random_fill(operand[0][i], (size_t) length + 1);
        random_fill(operand[1][i], 17);
        random_fill(operand[2][i], (size_t) ad_length);
        random_fill(operand[3][i], 12);
        random_fill(operand[4][i], 32);
        memcpy(clear[i], operand[0][i], (size_t) length + 1);
    }
    check(lanes_aead_seal(level, count, operand[0], length, operand[1], IN(2), ad_length, IN(3), IN(4)) == 0, "return value",
          length, count);
    for (int i = 0; i < count; i++) {
        memcpy(sealed[i], clear[i], (size_t) length + 1);
        sodium.seal(sealed[i], expected_tag, NULL, sealed[i], (unsigned long long) length, operand[2][i],
                    (unsigned long long) ad_length, NULL, operand[3][i], operand[4][i]);
        check(memcmp(operand[0][i], sealed[i], (size_t) length + 1) == 0, "sealed length, input", length, i);
        check(memcmp(operand[1][i], expected_tag, 16) == 0, "tag for length, input", length, i);
    }
    /* One in three is tampered with: a bit of the text, the tag, the associated data, the nonce or the key. */
    int forged[LANES_MAX_BATCH];
    for (int i = 0; i < count; i++) {
        forged[i] = random_below(3) == 0;
        if (forged[i]) {
            static const int size[] = {0, 16, 0, 12, 32};
            int o = random_below(5);
            int bytes = o == 0 ? length : o == 2 ? ad_length : size[o];
            if (bytes == 0) {
                o = 1;
                bytes = 16;
            }
            operand[o][i][random_below(bytes)] ^= (uint8_t) (1 << random_below(8));
            memcpy(sealed[i], operand[0][i], (size_t) length + 1);
        }
    }
    memset(ok, 7, sizeof ok);
    check(lanes_aead_open(level, count, operand[0], length, IN(1), IN(2), ad_length, IN(3), IN(4), ok) == 0, "return value",
          length, count);
    for (int i = 0; i < count; i++) {
        check(ok[i] == !forged[i], "verdict for length, input", length, i);
        check(memcmp(operand[0][i], forged[i] ? sealed[i] : clear[i], (size_t) length + 1) == 0,
              "opened length, input", length, i);
    }
    check(count == LANES_MAX_BATCH || ok[count] == 7, "wrote behind count", length, count);
}

static void aead_all(void) {
    current = "chacha20-poly1305";
    for (int length = 0; length <= 4000; length += length < 200 ? 1 : 67) {
        aead(length, random_below(100), random_below(40) + 1);
    }
    for (int count = 1; count <= 64; count++) {
        aead(2050, 10, count);
    }
    aead(2050, 10, 256);
    aead(2048, 0, 17);
}

/* The verdict looks at every bit of a tag, in every position of a batch. */
static void aead_tag_bits(void) {
    current = "chacha20-poly1305, single bits of the tag";
    uint8_t ok[FRAMES_IN_TAG_TEST];
    for (int i = 0; i < FRAMES_IN_TAG_TEST; i++) {
        random_fill(operand[0][i], 64);
        random_fill(operand[3][i], 12);
        random_fill(operand[4][i], 32);
    }
    lanes_aead_seal(level, FRAMES_IN_TAG_TEST, operand[0], 64, operand[1], IN(2), 0, IN(3), IN(4));
    for (int i = 0; i < FRAMES_IN_TAG_TEST; i++) {
        operand[1][i][i / 8] ^= (uint8_t) (1 << i % 8);
    }
    lanes_aead_open(level, FRAMES_IN_TAG_TEST, operand[0], 64, IN(1), IN(2), 0, IN(3), IN(4), ok);
    for (int i = 0; i < FRAMES_IN_TAG_TEST; i++) {
        check(ok[i] == 0, "accepted a wrong bit, input", i, i);
    }
}

/* ---- published vectors ---- */

static void expect(const uint8_t *result, const char *hex, const char *source) {
    uint8_t expected[64];
    from_hex(expected, hex);
    check(memcmp(result, expected, strlen(hex) / 2) == 0, source, 0, 0);
}

/* Each in every lane of two vectors, so that libsodium has no part in it. */
static void rfc_vectors(void) {
    current = "published vectors";
    uint8_t ok[2 * LANES_WIDTH];
    const int count = 2 * LANES_WIDTH;
    for (int i = 0; i < count; i++) {
        from_hex(operand[1][i], "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        from_hex(operand[2][i], "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    }
    lanes_x25519(level, count, operand[0], IN(1), IN(2), ok);
    for (int i = 0; i < count; i++) {
        expect(operand[0][i], "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552", "RFC 7748 section 5.2");
        memset(operand[0][i], 0, 64);
        memset(operand[1][i], 0, 32);
    }
    lanes_chacha20_xor(level, count, operand[0], 64, IN(1));
    for (int i = 0; i < count; i++) {
        expect(operand[0][i],
               "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
               "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
               "RFC 8439 appendix A.1, vector 1");
        memcpy(operand[1][i], "abc", 3);
    }
    static const uint8_t zeros[16];
    lanes_blake2b(level, count, operand[0], 64, IN(1), 3, IN(2), 0, zeros, zeros);
    for (int i = 0; i < count; i++) {
        expect(operand[0][i],
               "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
               "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
               "RFC 7693 appendix A");
        memcpy(operand[0][i],
               "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
               "would be it.",
               114);
        from_hex(operand[2][i], "50515253c0c1c2c3c4c5c6c7");
        from_hex(operand[3][i], "070000004041424344454647");
        from_hex(operand[4][i], "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    }
    lanes_aead_seal(level, count, operand[0], 114, operand[1], IN(2), 12, IN(3), IN(4));
    for (int i = 0; i < count; i++) {
        expect(operand[0][i], "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6", "RFC 8439 section 2.8.2");
        expect(operand[1][i], "1ae10b594f09e26a7e902ecbd0600691", "the tag of RFC 8439 section 2.8.2");
    }
}

/* ---- VRF ---- */

static void sha512(int length, int count) {
    uint8_t expected[64];
    for (int i = 0; i < count; i++) {
        random_fill(operand[0][i], 65);
        operand[0][i][64] = 0x5a;
        random_fill(operand[1][i], (size_t) length);
    }
    check(lanes_sha512(count, operand[0], IN(1), length) == 0, "return value", length, count);
    for (int i = 0; i < count; i++) {
        sodium.sha512(expected, operand[1][i], (unsigned long long) length);
        check(memcmp(operand[0][i], expected, 64) == 0, "length, input", length, i);
        check(operand[0][i][64] == 0x5a, "wrote behind the hash", length, i);
    }
}

static void sha512_all(void) {
    current = "sha512";
    for (int length = 0; length <= 1100; length += length < 400 ? 1 : 37) {
        sha512(length, random_below(20) + 1);
    }
    for (int count = 1; count <= 40; count++) {
        sha512(244, count);
    }
    sha512(35, 256);
}

/* Big-endian numbers that fill or empty limbs, around p and 2 p, and the greatest of 384 bits. */
static const char *const SPECIAL_UNIFORM[] = {
    "000000000000000000000000000000007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
    "000000000000000000000000000000007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",
    "000000000000000000000000000000007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "000000000000000000000000000000008000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdb",
    "00000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "000000000000000000000000000000010000000000000000000000000000000000000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe",
    "ffffffffffffffffffffffffffffffff0000000000000000000000000000000000000000000000000000000000000000",
    "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
};
#define SPECIAL_UNIFORM_COUNT ((int) (sizeof SPECIAL_UNIFORM / sizeof SPECIAL_UNIFORM[0]))

/* q and its neighbours, 8 q's like, 1, 2, and all ones; the first four give or touch the identity. */
static const char *const SPECIAL_MULTIPLE[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    "eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
    "0200000000000000000000000000000000000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f8ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};
#define SPECIAL_MULTIPLE_COUNT ((int) (sizeof SPECIAL_MULTIPLE / sizeof SPECIAL_MULTIPLE[0]))

/* Multiples are those of libsodium of the point that the scalar one gives; that is libsodium's map but for the sign. */
static void edwards25519_map(int count, int special) {
    static uint8_t point[LANES_MAX_BATCH][32], *points[LANES_MAX_BATCH], one[LANES_MAX_BATCH][32];
    static const uint8_t *ones[LANES_MAX_BATCH];
    uint8_t ok[LANES_MAX_BATCH], expected[32];
    for (int i = 0; i < count; i++) {
        one[i][0] = 1;
        points[i] = point[i];
        ones[i] = one[i];
        random_fill(operand[1][i], 32);
        random_fill(operand[2][i], 48);
        if (special && random_below(3) == 0) {
            from_hex(operand[2][i], SPECIAL_UNIFORM[random_below(SPECIAL_UNIFORM_COUNT)]);
        } else if (i % 2 == 0) {
            memset(operand[2][i], 0, 16);
            operand[2][i][16] &= 0x7f;
        }
        if (special && random_below(3) == 0) {
            from_hex(operand[1][i], SPECIAL_MULTIPLE[random_below(SPECIAL_MULTIPLE_COUNT)]);
        }
    }
    check(lanes_edwards25519_map(count, points, ones, IN(2), ok) == 0, "return value of count", count, 0);
    for (int i = 0; i < count; i++) {
        check(ok[i] == 1 && sodium.is_valid_point(point[i]), "no point of the subgroup: count, input", count, i);
        uint8_t uniform[32], high = 0;
        for (int j = 0; j < 48; j++) {
            high |= j < 16 ? operand[2][i][j] : 0;
        }
        if (high == 0 && operand[2][i][16] < 0x80) {
            for (int j = 0; j < 32; j++) {
                uniform[j] = operand[2][i][47 - j];
            }
            sodium.from_uniform(expected, uniform);
            expected[31] = (uint8_t) ((expected[31] & 0x7f) | (point[i][31] & 0x80));
            check(memcmp(point[i], expected, 32) == 0, "mapped point of count, input", count, i);
        }
    }
    memset(ok, 7, sizeof ok);
    lanes_edwards25519_map(count, operand[0], IN(1), IN(2), ok);
    for (int i = 0; i < count; i++) {
        const int accepted = sodium.multiply(expected, operand[1][i], point[i]) == 0;
        /* The kernel leaves undecidable cases open, and only those: no scalar but these comes near the identity. */
        check(ok[i] <= accepted, "verdict of count, input", count, i);
        check(ok[i] == 1 || special, "gave up on count, input", count, i);
        if (ok[i]) {
            check(memcmp(operand[0][i], expected, 32) == 0, "multiple of count, input", count, i);
        }
    }
    check(count == LANES_MAX_BATCH || ok[count] == 7, "wrote behind count", count, 0);
}

static void edwards25519_all(int rounds) {
    current = "edwards25519, map and multiple";
    for (int round = 0; round < rounds; round++) {
        edwards25519_map(round % 50 + 1, round % 2);
    }
    edwards25519_map(256, 0);
}

static void field(void) {
    current = "field on extreme operands";
#ifdef LEVEL_NEON_ONLY
    const char *wrong = field_check_neon(random64());
#else
    const char *wrong = level == LANES_LEVEL_AVX2 ? field_check_avx2(random64())
        : level == LANES_LEVEL_AVX512             ? field_check_avx512(random64())
                                                  : NULL;
#endif
    check(wrong == NULL, wrong, level, 0);
}

/* The mode of doubles, and one with each rounding: subnormals count as zero, and on x86-64 an inexact result traps. */
#ifdef __aarch64__
static uint64_t doubles_mode(void) {
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
}

static void set_doubles_mode(uint64_t mode) {
    __asm__ volatile("msr fpcr, %0" : : "r"(mode) : "memory");
}

static uint64_t doubles_mode_with(uint64_t rounding) {
    return UINT64_C(1) << 24 | rounding << 22;
}
#elif !defined(LANES_PORTABLE)
#include <immintrin.h>

static uint64_t doubles_mode(void) {
    return _mm_getcsr();
}

static void set_doubles_mode(uint64_t mode) {
    _mm_setcsr((unsigned) mode);
}

static uint64_t doubles_mode_with(uint64_t rounding) {
    return 0x8fc0 | rounding << 13;
}
#endif

#ifdef LANES_PORTABLE
static void x25519_modes(void) {}
#else
/* The kernels set the mode of doubles that they need: the caller may round otherwise, and trap inexact results. */
static void x25519_modes(void) {
    current = "x25519 in each mode of doubles";
    uint8_t ok[LANES_WIDTH];
    const uint64_t before = doubles_mode();
    for (uint64_t rounding = 0; rounding < 4; rounding++) {
        for (int i = 0; i < LANES_WIDTH; i++) {
            random_fill(operand[1][i], 32);
            random_fill(operand[2][i], 32);
        }
        set_doubles_mode(doubles_mode_with(rounding));
        lanes_x25519(level, LANES_WIDTH, operand[0], IN(1), IN(2), ok);
        const uint64_t after = doubles_mode();
        set_doubles_mode(before);
#ifndef LANES_EMULATED
        check(after == doubles_mode_with(rounding), "mode after call", (int) rounding, (int) after);
#else
        (void) after;
#endif
        verify_x25519(LANES_WIDTH, ok);
    }
}
#endif

static void x25519_all(int rounds) {
    field();
    x25519_modes();
    x25519_special();
    x25519_base();
    x25519_in_place();
    x25519_counts(rounds);
    x25519_iterated(1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    x25519_iterated(1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    if (getenv("LANES_MILLION") != NULL) {
        x25519_iterated(1000000, "7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424");
    }
}

/* Features missing in the processor or operating system decide the level, and a level that does not run is refused. */
static void levels(void) {
    current = "levels";
#ifdef LEVEL_NEON_ONLY
    const uint32_t all = LANES_CPU_NEON;
#else
    const uint32_t all = LANES_CPU_BMI2 | LANES_CPU_AVX2 | LANES_CPU_AVX512 | LANES_CPU_IFMA | LANES_CPU_OS_AVX512
        | LANES_CPU_OS_AVX | LANES_CPU_FMA;
#endif
    static const struct {
        uint32_t lacks;
        int32_t level;
        const char *reason;
    } cases[] = {
#ifdef LEVEL_NEON_ONLY
        {0, LANES_LEVEL_NEON, "NEON"},
        {LANES_CPU_NEON, LANES_LEVEL_NONE, "the processor has no NEON"},
#else
        {0, LANES_LEVEL_IFMA, "AVX-512 IFMA"},
        {LANES_CPU_IFMA, LANES_LEVEL_AVX512, "not its IFMA part"},
        {LANES_CPU_AVX512, LANES_LEVEL_AVX2, "the processor has no AVX-512"},
        {LANES_CPU_OS_AVX512, LANES_LEVEL_AVX2, "does not save the AVX-512 registers"},
        {LANES_CPU_AVX2, LANES_LEVEL_NONE, "the processor has no AVX2"},
        {LANES_CPU_BMI2, LANES_LEVEL_NONE, "the processor has no BMI2"},
        {LANES_CPU_FMA, LANES_LEVEL_NONE, "the processor has no FMA"},
        {LANES_CPU_OS_AVX | LANES_CPU_OS_AVX512, LANES_LEVEL_NONE, "does not save the AVX registers"},
#endif
    };
    for (int i = 0; i < (int) (sizeof cases / sizeof cases[0]); i++) {
        check(lanes_level_of(all & ~cases[i].lacks) == cases[i].level, "level of case", i, cases[i].level);
        check(strstr(lanes_reason_of(all & ~cases[i].lacks), cases[i].reason) != NULL, "reason of case", i, 0);
    }
    check(lanes_level() == lanes_level_of(lanes_features()), "level", lanes_level(), 0);
    const int32_t refused[] = {-1, LANES_LEVEL_NONE, LEVEL_LOWEST - 1, lanes_level() + 1};
    memset(operand[0][0], 7, 32);
    for (int i = 0; i < 4; i++) {
        check(lanes_x25519(refused[i], 1, operand[0], IN(1), IN(2), operand[3][0]) == -1, "accepted level", refused[i], 0);
        check(lanes_x25519_base(refused[i], 1, operand[0], IN(1)) == -1, "accepted level", refused[i], 0);
        check(lanes_chacha20_xor(refused[i], 1, operand[0], 32, IN(1)) == -1, "accepted level", refused[i], 0);
        check(lanes_blake2b(refused[i], 1, operand[0], 32, IN(1), 32, IN(2), 32, IN(3)[0], IN(3)[0]) == -1,
              "accepted level", refused[i], 0);
        check(lanes_aead_seal(refused[i], 1, operand[0], 32, operand[0], IN(1), 0, IN(2), IN(3)) == -1, "accepted level",
              refused[i], 0);
        check(lanes_aead_open(refused[i], 1, operand[0], 32, IN(0), IN(1), 0, IN(2), IN(3), operand[0][0]) == -1,
              "accepted level", refused[i], 0);
        check(operand[0][0][0] == 7, "wrote at level", refused[i], 0);
    }
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s LIBSODIUM [ROUNDS [SEED]]\n", argv[0]);
        return 2;
    }
    sodium_load(argv[1]);
    const int rounds = argc > 2 ? atoi(argv[2]) : 256;
    random_state = argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t) time(NULL);
    setbuf(stdout, NULL);
    printf("seed %llu, %s\n", (unsigned long long) random_state, lanes_reason());
    if (lanes_level() == LANES_LEVEL_NONE) {
        printf("nothing tested: the kernels do not run here\n");
        return 4;
    }
    place_operands();
    levels();
    for (level = LEVEL_LOWEST; level <= lanes_level(); level++) {
        rfc_vectors();
        x25519_all(rounds);
        chacha20_all();
        blake2b_all();
        poly1305_all();
        aead_all();
        aead_tag_bits();
        printf("level %s: x25519, x25519 base, chacha20, blake2b, poly1305, chacha20-poly1305\n", LEVEL_NAMES[level]);
    }
    if (lanes_available()) {
        sha512_all();
        edwards25519_all(rounds / 4);
        printf("level %s: sha512, edwards25519 map\n", LEVEL_NAMES[LANES_LEVEL_IFMA]);
    }
    for (int32_t above = lanes_level() + 1; above <= LEVEL_HIGHEST; above++) {
        printf("level %s: not tested, it does not run here\n", LEVEL_NAMES[above]);
    }
    printf("all equal\n");
    return 0;
}

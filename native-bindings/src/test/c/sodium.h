/* The functions of libsodium that the tests compare with, resolved at run time: no header and no linking needed. */
#ifndef LANES_TEST_SODIUM_H
#define LANES_TEST_SODIUM_H

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    int (*init)(void);
    int (*scalarmult)(uint8_t *q, const uint8_t *n, const uint8_t *p);
    int (*scalarmult_base)(uint8_t *q, const uint8_t *n);
    int (*chacha20_xor)(uint8_t *c, const uint8_t *m, unsigned long long length, const uint8_t *nonce, uint32_t counter,
                        const uint8_t *key);
    int (*blake2b)(uint8_t *out, size_t out_length, const uint8_t *in, unsigned long long in_length, const uint8_t *key,
                   size_t key_length, const uint8_t *salt, const uint8_t *personal);
    int (*sha512)(uint8_t *out, const uint8_t *in, unsigned long long in_length);
    int (*from_uniform)(uint8_t *p, const uint8_t *r);
    int (*is_valid_point)(const uint8_t *p);
    int (*multiply)(uint8_t *q, const uint8_t *n, const uint8_t *p);
    int (*poly1305)(uint8_t *out, const uint8_t *in, unsigned long long in_length, const uint8_t *key);
    int (*seal)(uint8_t *c, uint8_t *mac, unsigned long long *mac_length, const uint8_t *m, unsigned long long length,
                const uint8_t *ad, unsigned long long ad_length, const uint8_t *secret_nonce, const uint8_t *nonce,
                const uint8_t *key);
    int (*open)(uint8_t *m, uint8_t *secret_nonce, const uint8_t *c, unsigned long long length, const uint8_t *mac,
                const uint8_t *ad, unsigned long long ad_length, const uint8_t *nonce, const uint8_t *key);
} sodium;

static void *sodium_symbol(void *library, const char *name) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    return symbol;
}

static void sodium_load(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    *(void **) &sodium.init = sodium_symbol(library, "sodium_init");
    *(void **) &sodium.scalarmult = sodium_symbol(library, "crypto_scalarmult_curve25519");
    *(void **) &sodium.scalarmult_base = sodium_symbol(library, "crypto_scalarmult_curve25519_base");
    *(void **) &sodium.chacha20_xor = sodium_symbol(library, "crypto_stream_chacha20_ietf_xor_ic");
    *(void **) &sodium.blake2b = sodium_symbol(library, "crypto_generichash_blake2b_salt_personal");
    *(void **) &sodium.sha512 = sodium_symbol(library, "crypto_hash_sha512");
    *(void **) &sodium.from_uniform = sodium_symbol(library, "crypto_core_ed25519_from_uniform");
    *(void **) &sodium.is_valid_point = sodium_symbol(library, "crypto_core_ed25519_is_valid_point");
    *(void **) &sodium.multiply = sodium_symbol(library, "crypto_scalarmult_ed25519_noclamp");
    *(void **) &sodium.poly1305 = sodium_symbol(library, "crypto_onetimeauth_poly1305");
    *(void **) &sodium.seal = sodium_symbol(library, "crypto_aead_chacha20poly1305_ietf_encrypt_detached");
    *(void **) &sodium.open = sodium_symbol(library, "crypto_aead_chacha20poly1305_ietf_decrypt_detached");
    if (sodium.init() < 0) {
        fprintf(stderr, "sodium_init failed\n");
        exit(2);
    }
}

#endif

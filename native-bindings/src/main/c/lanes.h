/*
 * libmillrace_lanes: the primitives of the packet path over batches, many inputs in the lanes of one vector.
 *
 * One operand array per argument: element i of each belongs to input i. count is 1 to LANES_MAX_BATCH. An output may be
 * the same address as the input of the same element; other overlaps are not allowed. Nothing is allocated, no state is
 * kept, and every function may be called from any thread. Running time and addresses depend on counts, lengths and, for
 * lanes_aead_open, on which tags were right; never on a key, a scalar, a point or a text. Each call wipes the registers
 * and the stack that it used.
 *
 * Functions that return int return 0, or -1 without having touched anything where they cannot run.
 */
#ifndef MILLRACE_LANES_H
#define MILLRACE_LANES_H

#include <stdint.h>

#define LANES_MAX_BATCH 256

#define LANES_API __attribute__((visibility("default")))

/* Version of this interface; a caller that expects another one must not use the library. */
#define LANES_ABI 3

LANES_API int lanes_abi(void);

/* Features of the processor and the operating system, as bits; lanes_reason names those that the kernels need. */
#define LANES_CPU_BMI2 1
#define LANES_CPU_AVX2 2
#define LANES_CPU_AVX512 4 /* F, DQ, BW and VL */
#define LANES_CPU_IFMA 8
#define LANES_CPU_OS_AVX512 16 /* the operating system saves the AVX-512 registers */
#define LANES_CPU_OS_AVX 32    /* the operating system saves the AVX registers */
#define LANES_CPU_FMA 64
#define LANES_CPU_NEON 128

LANES_API uint32_t lanes_features(void);

/* 1 if all functions below can run here, which is so if lanes_level() is LANES_LEVEL_IFMA, else 0. */
LANES_API int lanes_available(void);

/* The instructions of lanes_level() and those missing for the next one, one clause of ASCII text, valid for ever. */
LANES_API const char *lanes_reason(void);

/*
 * Levels: which instructions the kernels use. X25519, ChaCha20, BLAKE2b and ChaCha20-Poly1305 have a kernel at each; an
 * x86-64 processor that runs one runs those below, and arm64 has one level. A function with a level uses the kernel of
 * that level, and returns -1 if it does not run here. The others: see each.
 */
#define LANES_LEVEL_NONE 0
#define LANES_LEVEL_AVX2 1   /* AVX2, FMA and BMI2: four inputs a vector */
#define LANES_LEVEL_AVX512 2 /* and AVX-512 F, DQ, BW and VL: eight */
#define LANES_LEVEL_IFMA 3   /* and AVX-512 IFMA: eight */
#define LANES_LEVEL_NEON 4   /* NEON, on arm64: two, and four blocks of ChaCha20 */

/* The highest level that runs here. */
LANES_API int32_t lanes_level(void);

/*
 * X25519: out[i] = scalar[i] * point[i], 32 bytes each; the scalar is clamped, bit 255 of the point ignored. ok[i] receives
 * 1, or 0 where the result is all zero (a point of low order). Source: RFC 7748 section 5.
 */
LANES_API int lanes_x25519(int32_t level, int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                           const uint8_t *const point[], uint8_t ok[]);

/* X25519 with the base point: out[i] = scalar[i] * 9. */
LANES_API int lanes_x25519_base(int32_t level, int32_t count, uint8_t *const out[], const uint8_t *const scalar[]);

/*
 * Xors length (0 or more) bytes at text[i] with the ChaCha20 stream of key[i] (32 bytes), nonce zero, counter from 0.
 * Source: RFC 8439 section 2.4.
 */
LANES_API int lanes_chacha20_xor(int32_t level, int32_t count, uint8_t *const text[], int32_t length,
                                 const uint8_t *const key[]);

/*
 * Keyed BLAKE2b: out[i] receives out_length (1 to 64) bytes, from in_length (0 or more) bytes at in[i] under key_length
 * (0 to 64) bytes at key[i]; salt and personal are 16 bytes each, shared.
 * Source: RFC 7693 section 2.8.
 */
LANES_API int lanes_blake2b(int32_t level, int32_t count, uint8_t *const out[], int32_t out_length,
                            const uint8_t *const in[], int32_t in_length, const uint8_t *const key[],
                            int32_t key_length, const uint8_t *salt, const uint8_t *personal);

/* SHA-512, if lanes_available(): out[i] receives 64 bytes, from in_length (0 or more) bytes at in[i]. Source: FIPS 180-4 section 6.4. */
LANES_API int lanes_sha512(int32_t count, uint8_t *const out[], const uint8_t *const in[], int32_t in_length);

/*
 * out[i] = scalar[i] * P on edwards25519, encoded in 32 bytes, where P is the point of the 48 bytes at uniform[i]: their
 * number, big endian, modulo p, mapped by Elligator 2, cofactor cleared. Bit 255 of the 32 bytes of the scalar is
 * ignored. ok[i] receives 1, or 0 where the result is the identity or could not be told from it: nothing is said of such
 * an input, and out[i] is undefined. If lanes_available(). Source: RFC 9380 sections 6.7.1, 6.8.2 and D.1; RFC 8032 section 5.1.2.
 */
LANES_API int lanes_edwards25519_map(int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                                     const uint8_t *const uniform[], uint8_t ok[]);

/*
 * ChaCha20-Poly1305 in place: encrypts length (0 or more) bytes at text[i] and writes the 16 bytes of tag[i]; ad[i] has
 * ad_length (0 or more) bytes, nonce[i] 12 and key[i] 32. Source: RFC 8439 section 2.8.
 */
LANES_API int lanes_aead_seal(int32_t level, int32_t count, uint8_t *const text[], int32_t length,
                              uint8_t *const tag[], const uint8_t *const ad[], int32_t ad_length,
                              const uint8_t *const nonce[], const uint8_t *const key[]);

/* Verifies each tag, then decrypts in place where it is right; elsewhere ok[i] is 0 and text[i] unchanged. */
LANES_API int lanes_aead_open(int32_t level, int32_t count, uint8_t *const text[], int32_t length,
                              const uint8_t *const tag[], const uint8_t *const ad[], int32_t ad_length,
                              const uint8_t *const nonce[], const uint8_t *const key[], uint8_t ok[]);

/* 1 if lanes_sha256_short can run here, else 0; it needs SHA-NI alone, whatever lanes_available() says. */
LANES_API int lanes_sha256_available(void);

/* Longest message of lanes_sha256_short: two blocks with the prefix and the padding. */
#define LANES_SHA256_MAX_SHORT 118

/*
 * SHA-256 of one prefix byte and length (0 to LANES_SHA256_MAX_SHORT) bytes at in + i * stride, for count (0 or more)
 * messages; the 32 bytes of hash i go to out + 32 * i, which may overlap its message and the ones before. For public
 * messages: unlike the others it wipes nothing. Source: FIPS 180-4; RFC 6962 section 2.1.
 */
LANES_API int lanes_sha256_short(int32_t count, int32_t prefix, uint8_t *out, const uint8_t *in, int32_t stride,
                                 int32_t length);

/*
 * SHA-256 of a, b and c one behind the other, each of 0 or more bytes; out, 32 bytes, may overlap them. Needs
 * lanes_sha256_available() alone. Source: FIPS 180-4.
 */
LANES_API int lanes_sha256(uint8_t *out, const uint8_t *a, int64_t a_length, const uint8_t *b, int64_t b_length,
                           const uint8_t *c, int64_t c_length);

/* HMAC-SHA-256 of the same under key_length (0 to 64) bytes at key, which out may overlap too. Source: RFC 2104. */
LANES_API int lanes_hmac_sha256(uint8_t *out, const uint8_t *key, int32_t key_length, const uint8_t *a, int64_t a_length,
                                const uint8_t *b, int64_t b_length, const uint8_t *c, int64_t c_length);

/*
 * HKDF with SHA-256: length (0 to 8,160) bytes to out, which may overlap salt and ikm but not info; salt_length is 0 to 64.
 * With an empty info it is also the HKDF of Noise. Source: RFC 5869.
 */
LANES_API int lanes_hkdf_sha256(uint8_t *out, int32_t length, const uint8_t *salt, int32_t salt_length, const uint8_t *ikm,
                                int64_t ikm_length, const uint8_t *info, int64_t info_length);

#endif

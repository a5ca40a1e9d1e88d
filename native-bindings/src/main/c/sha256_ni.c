/*
 * SHA-256 with the SHA instructions; needs no AVX-512.
 *
 * Many short messages with a prefix byte, two at a time: the leaves and nodes of a Merkle tree. Nothing of these is secret,
 * and nothing is wiped. A round pair has a latency of four cycles and a throughput of two, so two messages side by side fill
 * the unit.
 *
 * One message or HMAC at a time: the hashes of a handshake, whose inputs are secrets. Wipes its working memory.
 *
 * Source: FIPS 180-4 section 6.2; RFC 6962 section 2.1 for the prefix; RFC 2104; RFC 5869.
 */
#include <cpuid.h>
#include <immintrin.h>

#include "cleanse.h"
#include "lanes.h"
#include "lanes_internal.h"

#define BLOCK_LENGTH 64
#define MAX_BLOCKS 2
#define WAYS 2

static int has_sha;

__attribute__((constructor)) static void detect_sha(void) {
    uint32_t a, b, c, d;
    has_sha = __get_cpuid(1, &a, &b, &c, &d) && (c & 1u << 19) != 0 /* SSE4.1 */ && (c & 1u << 9) != 0 /* SSSE3 */
        && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29) != 0;
}

int lanes_sha256_available(void) {
    return has_sha;
}

static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* The registers of the instructions: ABEF and CDGH, highest word first. */
typedef struct {
    __m128i abef, cdgh;
} state;

static const uint32_t START_ABEF[4] __attribute__((aligned(16))) = {0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667};
static const uint32_t START_CDGH[4] __attribute__((aligned(16))) = {0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372};

/* Takes in one block of each of ways (1 or 2, a constant) messages. */
static inline __attribute__((always_inline)) void compress(const int ways, state s[], const uint8_t *const block[]) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i w[WAYS][4];
    __m128i abef[WAYS], cdgh[WAYS];
    for (int k = 0; k < ways; k++) {
        abef[k] = s[k].abef;
        cdgh[k] = s[k].cdgh;
        for (int i = 0; i < 4; i++) {
            w[k][i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *) (block[k] + 16 * i)), swap);
        }
    }
#pragma GCC unroll 16
    for (int group = 0; group < 16; group++) {
        const __m128i constants = _mm_load_si128((const __m128i *) (K + 4 * group));
        const int i = group % 4;
#pragma GCC unroll 2
        for (int k = 0; k < ways; k++) {
            if (group >= 4) {
                /* w[t] = s1(w[t-2]) + w[t-7] + s0(w[t-15]) + w[t-16], four words at once. */
                const __m128i seven = _mm_alignr_epi8(w[k][(i + 3) % 4], w[k][(i + 2) % 4], 4);
                const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[k][i], w[k][(i + 1) % 4]), seven);
                w[k][i] = _mm_sha256msg2_epu32(sum, w[k][(i + 3) % 4]);
            }
            const __m128i words = _mm_add_epi32(w[k][i], constants);
            cdgh[k] = _mm_sha256rnds2_epu32(cdgh[k], abef[k], words);
            abef[k] = _mm_sha256rnds2_epu32(abef[k], cdgh[k], _mm_shuffle_epi32(words, 0x0e));
        }
    }
    for (int k = 0; k < ways; k++) {
        s[k].abef = _mm_add_epi32(s[k].abef, abef[k]);
        s[k].cdgh = _mm_add_epi32(s[k].cdgh, cdgh[k]);
    }
}

static inline void write_hash(uint8_t out[32], const state *s) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    const __m128i feba = _mm_shuffle_epi32(s->abef, 0x1b); /* A B E F */
    const __m128i dchg = _mm_shuffle_epi32(s->cdgh, 0x1b); /* C D G H */
    _mm_storeu_si128((__m128i *) out, _mm_shuffle_epi8(_mm_unpacklo_epi64(feba, dchg), swap));
    _mm_storeu_si128((__m128i *) (out + 16), _mm_shuffle_epi8(_mm_unpackhi_epi64(feba, dchg), swap));
}

/* The prefix, the message, and the padding of FIPS 180-4 section 5.1.1; returns the number of blocks. */
static inline int pad(uint8_t blocks[MAX_BLOCKS * BLOCK_LENGTH], int prefix, const uint8_t *in, int length) {
    const int count = length + 10 <= BLOCK_LENGTH ? 1 : 2;
    const uint32_t bits = 8u * (uint32_t) (length + 1);
    blocks[0] = (uint8_t) prefix;
    memcpy(blocks + 1, in, (size_t) length);
    memset(blocks + 1 + length, 0, (size_t) (count * BLOCK_LENGTH - 1 - length));
    blocks[1 + length] = 0x80;
    blocks[count * BLOCK_LENGTH - 2] = (uint8_t) (bits >> 8);
    blocks[count * BLOCK_LENGTH - 1] = (uint8_t) bits;
    return count;
}

int lanes_sha256_short(int32_t count, int32_t prefix, uint8_t *out, const uint8_t *in, int32_t stride, int32_t length) {
    if (!has_sha || length < 0 || length > LANES_SHA256_MAX_SHORT) {
        return -1;
    }
    uint8_t blocks[WAYS][MAX_BLOCKS * BLOCK_LENGTH] __attribute__((aligned(64)));
    for (int first = 0; first < count; first += WAYS) {
        state s[WAYS];
        int block_count = 0;
        for (int k = 0; k < WAYS; k++) {
            const int i = first + k < count ? first + k : first;
            block_count = pad(blocks[k], prefix, in + (size_t) i * (size_t) stride, length);
            s[k].abef = _mm_load_si128((const __m128i *) START_ABEF);
            s[k].cdgh = _mm_load_si128((const __m128i *) START_CDGH);
        }
        for (int b = 0; b < block_count; b++) {
            const uint8_t *const at[WAYS] = {blocks[0] + b * BLOCK_LENGTH, blocks[1] + b * BLOCK_LENGTH};
            compress(WAYS, s, at);
        }
        for (int k = 0; k < WAYS && first + k < count; k++) {
            write_hash(out + 32 * (size_t) (first + k), &s[k]);
        }
    }
    return 0;
}

/* A hash under way: the state, and the incomplete block. */
typedef struct {
    state s;
    uint8_t block[BLOCK_LENGTH] __attribute__((aligned(64)));
    size_t filled;
    uint64_t length;
} hash;

static inline void begin(hash *h) {
    h->s.abef = _mm_load_si128((const __m128i *) START_ABEF);
    h->s.cdgh = _mm_load_si128((const __m128i *) START_CDGH);
    h->filled = 0;
    h->length = 0;
}

static __attribute__((noinline)) void absorb_blocks(state *s, const uint8_t *in, size_t count) {
    state running[1] = {*s};
    for (size_t i = 0; i < count; i++) {
        const uint8_t *const at[1] = {in + i * BLOCK_LENGTH};
        compress(1, running, at);
    }
    *s = running[0];
}

static inline void absorb(hash *h, const uint8_t *in, size_t length) {
    if (length == 0) {
        return;
    }
    h->length += length;
    if (h->filled > 0) {
        const size_t room = BLOCK_LENGTH - h->filled, taken = length < room ? length : room;
        memcpy(h->block + h->filled, in, taken);
        h->filled += taken;
        in += taken;
        length -= taken;
        if (h->filled < BLOCK_LENGTH) {
            return;
        }
        absorb_blocks(&h->s, h->block, 1);
        h->filled = 0;
    }
    absorb_blocks(&h->s, in, length / BLOCK_LENGTH);
    h->filled = length % BLOCK_LENGTH;
    if (h->filled > 0) {
        memcpy(h->block, in + length - h->filled, h->filled);
    }
}

static inline void finish(hash *h, uint8_t out[32]) {
    const uint64_t bits = __builtin_bswap64(8 * h->length);
    h->block[h->filled++] = 0x80;
    if (h->filled > BLOCK_LENGTH - sizeof bits) {
        memset(h->block + h->filled, 0, BLOCK_LENGTH - h->filled);
        absorb_blocks(&h->s, h->block, 1);
        h->filled = 0;
    }
    memset(h->block + h->filled, 0, BLOCK_LENGTH - sizeof bits - h->filled);
    memcpy(h->block + BLOCK_LENGTH - sizeof bits, &bits, sizeof bits);
    absorb_blocks(&h->s, h->block, 1);
    write_hash(out, &h->s);
}

/* The three parts of a message, each of any length. */
typedef struct {
    const uint8_t *a, *b, *c;
    size_t a_length, b_length, c_length;
} message;

static inline void absorb_message(hash *h, const message *m) {
    absorb(h, m->a, m->a_length);
    absorb(h, m->b, m->b_length);
    absorb(h, m->c, m->c_length);
}

static __attribute__((noinline)) void sha256(uint8_t *out, const message *m) {
    hash h;
    begin(&h);
    absorb_message(&h, m);
    finish(&h, out);
}

/* The states after a block of the key, for as many tags as are wanted. */
typedef struct {
    state inner, outer;
} hmac_key;

static inline void prepare(hmac_key *to, const uint8_t *key, size_t key_length) {
    uint8_t pad[BLOCK_LENGTH] __attribute__((aligned(64)));
    hash h;
    memset(pad, 0, sizeof pad);
    if (key_length > 0) {
        memcpy(pad, key, key_length);
    }
    for (int i = 0; i < BLOCK_LENGTH; i++) {
        pad[i] ^= 0x36;
    }
    begin(&h);
    absorb_blocks(&h.s, pad, 1);
    to->inner = h.s;
    for (int i = 0; i < BLOCK_LENGTH; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    begin(&h);
    absorb_blocks(&h.s, pad, 1);
    to->outer = h.s;
}

static inline void tag(uint8_t *out, const hmac_key *key, const message *m) {
    uint8_t inner[32];
    hash h = {.s = key->inner, .filled = 0, .length = BLOCK_LENGTH};
    absorb_message(&h, m);
    finish(&h, inner);
    h.s = key->outer;
    h.filled = 0;
    h.length = BLOCK_LENGTH;
    absorb(&h, inner, sizeof inner);
    finish(&h, out);
}

static __attribute__((noinline)) void hmac(uint8_t *out, const uint8_t *key, size_t key_length, const message *m) {
    hmac_key prepared;
    prepare(&prepared, key, key_length);
    tag(out, &prepared, m);
}

static __attribute__((noinline)) void hkdf(uint8_t *out, size_t length, const uint8_t *salt, size_t salt_length,
                                           const message *ikm, const uint8_t *info, size_t info_length) {
    uint8_t block[32], index = 0;
    hmac_key prepared;
    prepare(&prepared, salt, salt_length);
    tag(block, &prepared, ikm);
    prepare(&prepared, block, sizeof block);
    message m = {block, info, &index, 0, info_length, 1};
    while (length > 0) {
        const size_t taken = length < sizeof block ? length : sizeof block;
        index++;
        tag(block, &prepared, &m);
        memcpy(out, block, taken);
        m.a_length = sizeof block;
        out += taken;
        length -= taken;
    }
}

int lanes_sha256(uint8_t *out, const uint8_t *a, int64_t a_length, const uint8_t *b, int64_t b_length, const uint8_t *c,
                 int64_t c_length) {
    if (!has_sha || a_length < 0 || b_length < 0 || c_length < 0) {
        return -1;
    }
    const message m = {a, b, c, (size_t) a_length, (size_t) b_length, (size_t) c_length};
    sha256(out, &m);
    cleanse_after_sha();
    return 0;
}

int lanes_hmac_sha256(uint8_t *out, const uint8_t *key, int32_t key_length, const uint8_t *a, int64_t a_length,
                      const uint8_t *b, int64_t b_length, const uint8_t *c, int64_t c_length) {
    if (!has_sha || key_length < 0 || key_length > BLOCK_LENGTH || a_length < 0 || b_length < 0 || c_length < 0) {
        return -1;
    }
    const message m = {a, b, c, (size_t) a_length, (size_t) b_length, (size_t) c_length};
    hmac(out, key, (size_t) key_length, &m);
    cleanse_after_sha();
    return 0;
}

int lanes_hkdf_sha256(uint8_t *out, int32_t length, const uint8_t *salt, int32_t salt_length, const uint8_t *ikm,
                      int64_t ikm_length, const uint8_t *info, int64_t info_length) {
    if (!has_sha || length < 0 || length > 255 * 32 || salt_length < 0 || salt_length > BLOCK_LENGTH || ikm_length < 0
        || info_length < 0) {
        return -1;
    }
    const message m = {ikm, NULL, NULL, (size_t) ikm_length, 0, 0};
    hkdf(out, (size_t) length, salt, (size_t) salt_length, &m, info, (size_t) info_length);
    cleanse_after_sha();
    return 0;
}

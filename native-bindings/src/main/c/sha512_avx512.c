/* SHA-512, eight inputs at once: word i of all states in one vector, input j in lane j. */
#include "sha512.h"

#include <immintrin.h>

#include "transpose.h"

#ifdef __AVX512IFMA__
#error "runs on processors without IFMA: compile it without -mavx512ifma"
#endif

/* The first 64 bits of the fractional parts of the square roots of the first 8 primes. */
static const uint64_t H0[8] = {
    UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
    UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f), UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

/* The first 64 bits of the fractional parts of the cube roots of the first 80 primes. */
static const uint64_t K[80] = {
    UINT64_C(0x428a2f98d728ae22), UINT64_C(0x7137449123ef65cd), UINT64_C(0xb5c0fbcfec4d3b2f), UINT64_C(0xe9b5dba58189dbbc),
    UINT64_C(0x3956c25bf348b538), UINT64_C(0x59f111f1b605d019), UINT64_C(0x923f82a4af194f9b), UINT64_C(0xab1c5ed5da6d8118),
    UINT64_C(0xd807aa98a3030242), UINT64_C(0x12835b0145706fbe), UINT64_C(0x243185be4ee4b28c), UINT64_C(0x550c7dc3d5ffb4e2),
    UINT64_C(0x72be5d74f27b896f), UINT64_C(0x80deb1fe3b1696b1), UINT64_C(0x9bdc06a725c71235), UINT64_C(0xc19bf174cf692694),
    UINT64_C(0xe49b69c19ef14ad2), UINT64_C(0xefbe4786384f25e3), UINT64_C(0x0fc19dc68b8cd5b5), UINT64_C(0x240ca1cc77ac9c65),
    UINT64_C(0x2de92c6f592b0275), UINT64_C(0x4a7484aa6ea6e483), UINT64_C(0x5cb0a9dcbd41fbd4), UINT64_C(0x76f988da831153b5),
    UINT64_C(0x983e5152ee66dfab), UINT64_C(0xa831c66d2db43210), UINT64_C(0xb00327c898fb213f), UINT64_C(0xbf597fc7beef0ee4),
    UINT64_C(0xc6e00bf33da88fc2), UINT64_C(0xd5a79147930aa725), UINT64_C(0x06ca6351e003826f), UINT64_C(0x142929670a0e6e70),
    UINT64_C(0x27b70a8546d22ffc), UINT64_C(0x2e1b21385c26c926), UINT64_C(0x4d2c6dfc5ac42aed), UINT64_C(0x53380d139d95b3df),
    UINT64_C(0x650a73548baf63de), UINT64_C(0x766a0abb3c77b2a8), UINT64_C(0x81c2c92e47edaee6), UINT64_C(0x92722c851482353b),
    UINT64_C(0xa2bfe8a14cf10364), UINT64_C(0xa81a664bbc423001), UINT64_C(0xc24b8b70d0f89791), UINT64_C(0xc76c51a30654be30),
    UINT64_C(0xd192e819d6ef5218), UINT64_C(0xd69906245565a910), UINT64_C(0xf40e35855771202a), UINT64_C(0x106aa07032bbd1b8),
    UINT64_C(0x19a4c116b8d2d0c8), UINT64_C(0x1e376c085141ab53), UINT64_C(0x2748774cdf8eeb99), UINT64_C(0x34b0bcb5e19b48a8),
    UINT64_C(0x391c0cb3c5c95a63), UINT64_C(0x4ed8aa4ae3418acb), UINT64_C(0x5b9cca4f7763e373), UINT64_C(0x682e6ff3d6b2b8a3),
    UINT64_C(0x748f82ee5defb2fc), UINT64_C(0x78a5636f43172f60), UINT64_C(0x84c87814a1f0ab72), UINT64_C(0x8cc702081a6439ec),
    UINT64_C(0x90befffa23631e28), UINT64_C(0xa4506cebde82bde9), UINT64_C(0xbef9a3f7b2c67915), UINT64_C(0xc67178f2e372532b),
    UINT64_C(0xca273eceea26619c), UINT64_C(0xd186b8c721c0c207), UINT64_C(0xeada7dd6cde0eb1e), UINT64_C(0xf57d4f7fee6ed178),
    UINT64_C(0x06f067aa72176fba), UINT64_C(0x0a637dc5a2c898a6), UINT64_C(0x113f9804bef90dae), UINT64_C(0x1b710b35131c471b),
    UINT64_C(0x28db77f523047d84), UINT64_C(0x32caab7b40c72493), UINT64_C(0x3c9ebe0a15c9bebc), UINT64_C(0x431d67c49c100d4c),
    UINT64_C(0x4cc5d4becb3e42b6), UINT64_C(0x597f299cfc657e2a), UINT64_C(0x5fcb6fab3ad6faec), UINT64_C(0x6c44198c4a475817),
};

#define SHA512_INLINE static inline __attribute__((always_inline))

/* The three functions of three words, an instruction each; not in a build that has to see through them. */
#ifdef LANES_NO_ASSEMBLY
SHA512_INLINE vec xor3(vec a, vec b, vec c) {
    return _mm512_xor_si512(a, _mm512_xor_si512(b, c));
}

SHA512_INLINE vec choose(vec x, vec y, vec z) {
    return _mm512_xor_si512(z, _mm512_and_si512(x, _mm512_xor_si512(y, z)));
}

SHA512_INLINE vec majority(vec x, vec y, vec z) {
    return _mm512_or_si512(_mm512_and_si512(x, y), _mm512_and_si512(z, _mm512_or_si512(x, y)));
}
#else
SHA512_INLINE vec xor3(vec a, vec b, vec c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

SHA512_INLINE vec choose(vec x, vec y, vec z) {
    return _mm512_ternarylogic_epi64(x, y, z, 0xca);
}

SHA512_INLINE vec majority(vec x, vec y, vec z) {
    return _mm512_ternarylogic_epi64(x, y, z, 0xe8);
}
#endif

/* One round of FIPS 180-4 section 6.4.2; the roles of the eight variables move on by one with each. */
SHA512_INLINE void round_of(vec a, vec b, vec c, vec *d, vec e, vec f, vec g, vec *h, vec w, uint64_t k) {
    const vec upper = xor3(_mm512_ror_epi64(a, 28), _mm512_ror_epi64(a, 34), _mm512_ror_epi64(a, 39));
    const vec lower = xor3(_mm512_ror_epi64(e, 14), _mm512_ror_epi64(e, 18), _mm512_ror_epi64(e, 41));
    const vec input = _mm512_add_epi64(*h, _mm512_add_epi64(w, _mm512_set1_epi64((long long) k)));
    const vec t = _mm512_add_epi64(_mm512_add_epi64(input, choose(e, f, g)), lower);
    *d = _mm512_add_epi64(*d, t);
    *h = _mm512_add_epi64(t, _mm512_add_epi64(upper, majority(a, b, c)));
}

/* w[i] becomes the word of the schedule sixteen rounds later. */
SHA512_INLINE vec next_word(const vec w[16], int i) {
    const vec early = w[(i + 1) % 16], late = w[(i + 14) % 16];
    const vec s0 = xor3(_mm512_ror_epi64(early, 1), _mm512_ror_epi64(early, 8), _mm512_srli_epi64(early, 7));
    const vec s1 = xor3(_mm512_ror_epi64(late, 19), _mm512_ror_epi64(late, 61), _mm512_srli_epi64(late, 6));
    return _mm512_add_epi64(_mm512_add_epi64(w[i], s0), _mm512_add_epi64(w[(i + 9) % 16], s1));
}

/* The sixteen words of a block, big endian. */
SHA512_INLINE void load_words(vec w[16], const uint8_t *const block[LANES_WIDTH]) {
    const vec swap = _mm512_broadcast_i32x4(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
    for (int part = 0; part < 2; part++) {
        vec half[8];
#pragma GCC unroll 8
        for (int j = 0; j < LANES_WIDTH; j++) {
            half[j] = _mm512_shuffle_epi8(_mm512_loadu_si512(block[j] + 64 * part), swap);
        }
        transpose8(half);
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++) {
            w[8 * part + i] = half[i];
        }
    }
}

__attribute__((noinline)) static void compress(vec h[8], const uint8_t *const block[LANES_WIDTH]) {
    vec w[16], v[8];
    load_words(w, block);
    for (int i = 0; i < 8; i++) {
        v[i] = h[i];
    }
    for (int first = 0; first < 80; first += 16) {
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            round_of(v[(16 - i) % 8], v[(17 - i) % 8], v[(18 - i) % 8], &v[(19 - i) % 8], v[(20 - i) % 8],
                     v[(21 - i) % 8], v[(22 - i) % 8], &v[(23 - i) % 8], w[i], K[first + i]);
            w[i] = next_word(w, i);
        }
    }
    for (int i = 0; i < 8; i++) {
        h[i] = _mm512_add_epi64(h[i], v[i]);
    }
}

/* The last one or two blocks of each input: its last bytes, a one bit, zeros, and the length in bits. */
typedef struct {
    _Alignas(64) uint8_t byte[LANES_WIDTH][2 * SHA512_BLOCK];
} ending;

static void pad(ending *to, const uint8_t *const in[LANES_WIDTH], size_t in_length, size_t rest, size_t padded) {
    const uint64_t bits = __builtin_bswap64((uint64_t) in_length * 8);
    memset(to, 0, sizeof *to);
    for (int j = 0; j < LANES_WIDTH; j++) {
        if (rest > 0) {
            memcpy(to->byte[j], in[j] + in_length - rest, rest);
        }
        to->byte[j][rest] = 0x80;
        memcpy(to->byte[j] + padded - 8, &bits, 8);
    }
}

__attribute__((noinline)) void sha512_eight(uint8_t *const out[LANES_WIDTH], const uint8_t *const in[LANES_WIDTH],
                                            size_t in_length) {
    vec h[8];
    for (int i = 0; i < 8; i++) {
        h[i] = _mm512_set1_epi64((long long) H0[i]);
    }
    const uint8_t *block[LANES_WIDTH];
    const size_t rest = in_length % SHA512_BLOCK;
    for (size_t offset = 0; offset < in_length - rest; offset += SHA512_BLOCK) {
        for (int j = 0; j < LANES_WIDTH; j++) {
            block[j] = in[j] + offset;
        }
        compress(h, block);
    }
    ending end;
    const size_t padded = rest < SHA512_BLOCK - 16 ? SHA512_BLOCK : 2 * SHA512_BLOCK;
    pad(&end, in, in_length, rest, padded);
    for (size_t offset = 0; offset < padded; offset += SHA512_BLOCK) {
        for (int j = 0; j < LANES_WIDTH; j++) {
            block[j] = end.byte[j] + offset;
        }
        compress(h, block);
    }
    const vec swap = _mm512_broadcast_i32x4(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
    transpose8(h);
    for (int j = 0; j < LANES_WIDTH; j++) {
        _mm512_storeu_si512(out[j], _mm512_shuffle_epi8(h[j], swap));
    }
}

/*
 * The intrinsics that the kernels use, over arrays in plain C: takes the place of the compiler's header of this name where
 * a tool does not know AVX-512, as valgrind does not, or the processor has none. Same values, a thousand times slower.
 * Source: Intel Intrinsics Guide.
 */
#ifndef LANES_TEST_EMULATION_H
#define LANES_TEST_EMULATION_H

#include <stdint.h>
#include <string.h>

typedef struct {
    uint64_t q[8];
} __attribute__((aligned(64))) __m512i;

typedef struct {
    uint64_t q[4];
} __attribute__((aligned(32))) __m256i;

typedef struct {
    uint64_t q[2];
} __m128i;

typedef struct {
    double d[8];
} __attribute__((aligned(64))) __m512d;

typedef struct {
    double d[4];
} __attribute__((aligned(32))) __m256d;

typedef uint8_t __mmask8;
typedef uint64_t __mmask64;

#define EMULATED static inline

#define EMULATED_BINARY(type, name, lanes, expression)                                                                 \
    EMULATED type name(type a, type b) {                                                                               \
        type r;                                                                                                        \
        for (int i = 0; i < (lanes); i++) {                                                                            \
            const uint64_t x = a.q[i], y = b.q[i];                                                                     \
            r.q[i] = (expression);                                                                                     \
        }                                                                                                              \
        return r;                                                                                                      \
    }

#define EMULATED_SHIFT(type, name, lanes, expression)                                                                  \
    EMULATED type name(type a, unsigned n) {                                                                           \
        type r;                                                                                                        \
        for (int i = 0; i < (lanes); i++) {                                                                            \
            const uint64_t x = a.q[i];                                                                                 \
            r.q[i] = (expression);                                                                                     \
        }                                                                                                              \
        return r;                                                                                                      \
    }

/* Two 32-bit sums in 64 bits. */
#define EMULATED_ADD32(x, y) ((((x) >> 32) + ((y) >> 32)) << 32 | (uint32_t) ((uint32_t) (x) + (uint32_t) (y)))
#define EMULATED_ROL32(x, n) ((uint32_t) ((x) << (n)) | (uint32_t) (x) >> (32 - (n)))

EMULATED_BINARY(__m512i, _mm512_add_epi64, 8, x + y)
EMULATED_BINARY(__m512i, _mm512_sub_epi64, 8, x - y)
EMULATED_BINARY(__m512i, _mm512_add_epi32, 8, EMULATED_ADD32(x, y))
EMULATED_BINARY(__m512i, _mm512_and_si512, 8, x & y)
EMULATED_BINARY(__m512i, _mm512_or_si512, 8, x | y)
EMULATED_BINARY(__m512i, _mm512_xor_si512, 8, x ^ y)
EMULATED_BINARY(__m512i, _mm512_mul_epu32, 8, (uint64_t) (uint32_t) x * (uint32_t) y)
EMULATED_BINARY(__m512i, _mm512_mullo_epi64, 8, x * y)
EMULATED_SHIFT(__m512i, _mm512_slli_epi64, 8, x << n)
EMULATED_SHIFT(__m512i, _mm512_srli_epi64, 8, x >> n)
EMULATED_SHIFT(__m512i, _mm512_ror_epi64, 8, x >> n | x << (64 - n))
EMULATED_SHIFT(__m512i, _mm512_rol_epi32, 8,
               (uint64_t) EMULATED_ROL32((uint32_t) (x >> 32), n) << 32 | EMULATED_ROL32((uint32_t) x, n))

EMULATED_BINARY(__m256i, _mm256_add_epi64, 4, x + y)
EMULATED_BINARY(__m256i, _mm256_sub_epi64, 4, x - y)
EMULATED_BINARY(__m256i, _mm256_and_si256, 4, x & y)
EMULATED_BINARY(__m256i, _mm256_or_si256, 4, x | y)
EMULATED_BINARY(__m256i, _mm256_xor_si256, 4, x ^ y)
EMULATED_BINARY(__m256i, _mm256_add_epi32, 4, EMULATED_ADD32(x, y))
EMULATED_BINARY(__m256i, _mm256_mul_epu32, 4, (uint64_t) (uint32_t) x * (uint32_t) y)
EMULATED_SHIFT(__m256i, _mm256_slli_epi64, 4, x << n)
EMULATED_SHIFT(__m256i, _mm256_srli_epi64, 4, x >> n)
EMULATED_SHIFT(__m256i, _mm256_slli_epi32, 4, (x >> 32 << 32) << n | (uint32_t) (x << n))
EMULATED_SHIFT(__m256i, _mm256_srli_epi32, 4, x >> 32 >> n << 32 | (uint32_t) x >> n)

#define EMULATED_PRODUCT(x, y) ((unsigned __int128) ((x) & UINT64_C(0xfffffffffffff)) * ((y) & UINT64_C(0xfffffffffffff)))

EMULATED __m512i _mm512_madd52lo_epu64(__m512i sum, __m512i a, __m512i b) {
    for (int i = 0; i < 8; i++) {
        sum.q[i] += (uint64_t) EMULATED_PRODUCT(a.q[i], b.q[i]) & UINT64_C(0xfffffffffffff);
    }
    return sum;
}

EMULATED __m512i _mm512_madd52hi_epu64(__m512i sum, __m512i a, __m512i b) {
    for (int i = 0; i < 8; i++) {
        sum.q[i] += (uint64_t) (EMULATED_PRODUCT(a.q[i], b.q[i]) >> 52);
    }
    return sum;
}

EMULATED __m512i _mm512_set1_epi64(long long x) {
    __m512i r;
    for (int i = 0; i < 8; i++) {
        r.q[i] = (uint64_t) x;
    }
    return r;
}

EMULATED __m512i _mm512_setzero_si512(void) {
    return _mm512_set1_epi64(0);
}

EMULATED __m512i _mm512_set1_epi32(int x) {
    return _mm512_set1_epi64((long long) ((uint64_t) (uint32_t) x << 32 | (uint32_t) x));
}

#define _mm512_setr_epi32(...) emulated_setr((const uint32_t[16]) {__VA_ARGS__})

EMULATED __m512i emulated_setr(const uint32_t words[16]) {
    __m512i r;
    memcpy(&r, words, sizeof r);
    return r;
}

EMULATED __m256i _mm256_set1_epi64x(long long x) {
    return (__m256i) {{(uint64_t) x, (uint64_t) x, (uint64_t) x, (uint64_t) x}};
}

EMULATED __m512i _mm512_loadu_si512(const void *from) {
    __m512i r;
    memcpy(&r, from, sizeof r);
    return r;
}

EMULATED void _mm512_storeu_si512(void *to, __m512i a) {
    memcpy(to, &a, sizeof a);
}

#define _mm512_load_si512(from) _mm512_loadu_si512(from)
#define _mm512_store_si512(to, a) _mm512_storeu_si512(to, a)

EMULATED __m256i _mm256_load_si256(const __m256i *from) {
    return *from;
}

EMULATED void _mm256_store_si256(__m256i *to, __m256i a) {
    *to = a;
}

/* Masks of bytes come from public lengths. */
EMULATED __m512i _mm512_maskz_loadu_epi8(__mmask64 mask, const void *from) {
    __m512i r = _mm512_setzero_si512();
    for (int i = 0; i < 64; i++) {
        if (mask >> i & 1) {
            ((uint8_t *) &r)[i] = ((const uint8_t *) from)[i];
        }
    }
    return r;
}

EMULATED void _mm512_mask_storeu_epi8(void *to, __mmask64 mask, __m512i a) {
    for (int i = 0; i < 64; i++) {
        if (mask >> i & 1) {
            ((uint8_t *) to)[i] = ((const uint8_t *) &a)[i];
        }
    }
}

/* Masks of lanes come from scalars: no branch. */
EMULATED __mmask8 _mm512_test_epi64_mask(__m512i a, __m512i b) {
    unsigned mask = 0;
    for (int i = 0; i < 8; i++) {
        const uint64_t both = a.q[i] & b.q[i];
        mask |= (unsigned) ((both | (0 - both)) >> 63) << i;
    }
    return (__mmask8) mask;
}

EMULATED __m512i _mm512_mask_blend_epi64(__mmask8 mask, __m512i a, __m512i b) {
    for (int i = 0; i < 8; i++) {
        const uint64_t ones = 0 - (uint64_t) (mask >> i & 1);
        a.q[i] = (a.q[i] & ~ones) | (b.q[i] & ones);
    }
    return a;
}

/* Choices come from scalars: no address. */
EMULATED __m512i _mm512_permutexvar_epi64(__m512i choice, __m512i from) {
    __m512i r = _mm512_setzero_si512();
    for (int i = 0; i < 8; i++) {
        for (uint64_t j = 0; j < 8; j++) {
            const uint64_t other = (choice.q[i] & 7) ^ j;
            r.q[i] |= from.q[j] & (((other | (0 - other)) >> 63) - 1);
        }
    }
    return r;
}

/*
 * Doubles, for integers below 2^113 and products below 2^126, as the kernels have them. A library's fma may branch on its
 * operands. Here the sum is exact in 128 bits and its parts from 2^51 up and below it are doubles: one rounding.
 */
EMULATED __int128 emulated_integer(double a) {
    const int64_t high = (int64_t) (a * 0x1p-51);
    return ((__int128) high << 51) + (int64_t) (a - (double) high * 0x1p51);
}

EMULATED double emulated_fma(double a, double b, double c) {
    const __int128 sum = (__int128) (int64_t) a * (int64_t) b + emulated_integer(c);
    return (double) (int64_t) (sum >> 51) * 0x1p51 + (double) ((int64_t) sum & INT64_C(0x7ffffffffffff));
}

#define EMULATED_REAL(type, name, lanes, expression)                                                                   \
    EMULATED type name(type a, type b) {                                                                               \
        type r;                                                                                                        \
        for (int i = 0; i < (lanes); i++) {                                                                            \
            const double x = a.d[i], y = b.d[i];                                                                       \
            r.d[i] = (expression);                                                                                     \
        }                                                                                                              \
        return r;                                                                                                      \
    }

#define EMULATED_REALS(bits, lanes)                                                                                    \
    EMULATED_REAL(__m##bits##d, _mm##bits##_add_pd, lanes, x + y)                                                      \
    EMULATED_REAL(__m##bits##d, _mm##bits##_sub_pd, lanes, x - y)                                                      \
    EMULATED __m##bits##d _mm##bits##_fmadd_pd(__m##bits##d a, __m##bits##d b, __m##bits##d c) {                       \
        for (int i = 0; i < (lanes); i++) {                                                                            \
            a.d[i] = emulated_fma(a.d[i], b.d[i], c.d[i]);                                                             \
        }                                                                                                              \
        return a;                                                                                                      \
    }                                                                                                                  \
    EMULATED __m##bits##d _mm##bits##_set1_pd(double x) {                                                              \
        __m##bits##d r;                                                                                                \
        for (int i = 0; i < (lanes); i++) {                                                                            \
            r.d[i] = x;                                                                                                \
        }                                                                                                              \
        return r;                                                                                                      \
    }                                                                                                                  \
    EMULATED void _mm##bits##_store_pd(double *to, __m##bits##d a) {                                                   \
        memcpy(to, &a, sizeof a);                                                                                      \
    }                                                                                                                  \
    EMULATED __m##bits##d _mm##bits##_load_pd(const double *from) {                                                    \
        __m##bits##d r;                                                                                                \
        memcpy(&r, from, sizeof r);                                                                                    \
        return r;                                                                                                      \
    }                                                                                                                  \
    EMULATED __m##bits##i _mm##bits##_castpd_si##bits(__m##bits##d a) {                                                \
        __m##bits##i r;                                                                                                \
        memcpy(&r, &a, sizeof r);                                                                                      \
        return r;                                                                                                      \
    }                                                                                                                  \
    EMULATED __m##bits##d _mm##bits##_castsi##bits##_pd(__m##bits##i a) {                                              \
        __m##bits##d r;                                                                                                \
        memcpy(&r, &a, sizeof r);                                                                                      \
        return r;                                                                                                      \
    }

EMULATED_REALS(256, 4)
EMULATED_REALS(512, 8)

EMULATED __m512d _mm512_mask_blend_pd(__mmask8 mask, __m512d a, __m512d b) {
    return _mm512_castsi512_pd(_mm512_mask_blend_epi64(mask, _mm512_castpd_si512(a), _mm512_castpd_si512(b)));
}

EMULATED __m256d _mm256_blendv_pd(__m256d a, __m256d b, __m256d mask) {
    const __m256i x = _mm256_castpd_si256(a), y = _mm256_castpd_si256(b), sign = _mm256_castpd_si256(mask);
    __m256i r;
    for (int i = 0; i < 4; i++) {
        const uint64_t ones = 0 - (sign.q[i] >> 63);
        r.q[i] = (x.q[i] & ~ones) | (y.q[i] & ones);
    }
    return _mm256_castsi256_pd(r);
}

EMULATED __m256d _mm256_xor_pd(__m256d a, __m256d b) {
    return _mm256_castsi256_pd(_mm256_xor_si256(_mm256_castpd_si256(a), _mm256_castpd_si256(b)));
}

EMULATED __m128i _mm_cvtsi32_si128(int x) {
    return (__m128i) {{(uint32_t) x, 0}};
}

EMULATED __m256i _mm256_sll_epi64(__m256i a, __m128i n) {
    return _mm256_slli_epi64(a, (unsigned) n.q[0]);
}

EMULATED unsigned _mm_getcsr(void) {
    return 0x1f80;
}

EMULATED void _mm_setcsr(unsigned mode) {
    (void) mode;
}

EMULATED void _mm256_zeroupper(void) {}

EMULATED __mmask8 _mm512_cmpeq_epi64_mask(__m512i a, __m512i b) {
    const __m512i different = _mm512_xor_si512(a, b);
    return (__mmask8) ~_mm512_test_epi64_mask(different, different);
}

/* Bit by bit: choice has the result for each of the eight values of three bits. */
EMULATED __m512i _mm512_ternarylogic_epi64(__m512i a, __m512i b, __m512i c, unsigned choice) {
    __m512i r = _mm512_setzero_si512();
    for (int i = 0; i < 8; i++) {
        for (unsigned k = 0; k < 8; k++) {
            if (choice >> k & 1) {
                r.q[i] |= (k & 4 ? a.q[i] : ~a.q[i]) & (k & 2 ? b.q[i] : ~b.q[i]) & (k & 1 ? c.q[i] : ~c.q[i]);
            }
        }
    }
    return r;
}

#define _mm_setr_epi8(...) emulated_setr8((const uint8_t[16]) {__VA_ARGS__})

EMULATED __m128i emulated_setr8(const uint8_t bytes[16]) {
    __m128i r;
    memcpy(&r, bytes, sizeof r);
    return r;
}

EMULATED __m512i _mm512_broadcast_i32x4(__m128i a) {
    return (__m512i) {{a.q[0], a.q[1], a.q[0], a.q[1], a.q[0], a.q[1], a.q[0], a.q[1]}};
}

/* Bytes within each 128-bit part; a place above 127 gives 0. */
EMULATED __m512i _mm512_shuffle_epi8(__m512i a, __m512i places) {
    uint8_t from[64], at[64], to[64];
    memcpy(from, &a, 64);
    memcpy(at, &places, 64);
    for (int i = 0; i < 64; i++) {
        to[i] = at[i] & 0x80 ? 0 : from[(i & 48) + (at[i] & 15)];
    }
    return _mm512_loadu_si512(to);
}

EMULATED __mmask8 _mm512_cmplt_epu64_mask(__m512i a, __m512i b) {
    unsigned mask = 0;
    for (int i = 0; i < 8; i++) {
        mask |= (unsigned) (a.q[i] < b.q[i]) << i;
    }
    return (__mmask8) mask;
}

EMULATED __mmask8 _mm512_cmpge_epu64_mask(__m512i a, __m512i b) {
    return (__mmask8) ~_mm512_cmplt_epu64_mask(a, b);
}

/* In each 128-bit part: the low (or high) elements of a and b in turn. */
EMULATED __m512i _mm512_unpacklo_epi64(__m512i a, __m512i b) {
    __m512i r;
    for (int i = 0; i < 8; i += 2) {
        r.q[i] = a.q[i];
        r.q[i + 1] = b.q[i];
    }
    return r;
}

EMULATED __m512i _mm512_unpackhi_epi64(__m512i a, __m512i b) {
    __m512i r;
    for (int i = 0; i < 8; i += 2) {
        r.q[i] = a.q[i + 1];
        r.q[i + 1] = b.q[i + 1];
    }
    return r;
}

EMULATED uint64_t emulated_pair_low(uint64_t x, uint64_t y) {
    return (uint64_t) (uint32_t) y << 32 | (uint32_t) x;
}

EMULATED uint64_t emulated_pair_high(uint64_t x, uint64_t y) {
    return (y >> 32) << 32 | x >> 32;
}

EMULATED __m512i _mm512_unpacklo_epi32(__m512i a, __m512i b) {
    __m512i r;
    for (int i = 0; i < 8; i += 2) {
        r.q[i] = emulated_pair_low(a.q[i], b.q[i]);
        r.q[i + 1] = emulated_pair_high(a.q[i], b.q[i]);
    }
    return r;
}

EMULATED __m512i _mm512_unpackhi_epi32(__m512i a, __m512i b) {
    __m512i r;
    for (int i = 0; i < 8; i += 2) {
        r.q[i] = emulated_pair_low(a.q[i + 1], b.q[i + 1]);
        r.q[i + 1] = emulated_pair_high(a.q[i + 1], b.q[i + 1]);
    }
    return r;
}

/* Parts of 128 bits: two of a, then two of b, each chosen by two bits. */
EMULATED __m512i _mm512_shuffle_i64x2(__m512i a, __m512i b, unsigned choice) {
    __m512i r;
    for (unsigned i = 0; i < 4; i++) {
        const unsigned part = choice >> (2 * i) & 3;
        memcpy(&r.q[2 * i], (i < 2 ? a : b).q + 2 * part, 16);
    }
    return r;
}

#define _mm512_shuffle_i32x4(a, b, choice) _mm512_shuffle_i64x2(a, b, choice)

/* The same of AVX2: parts of 128 bits. */
EMULATED __m256i _mm256_loadu_si256(const __m256i *from) {
    __m256i r;
    memcpy(&r, from, sizeof r);
    return r;
}

EMULATED void _mm256_storeu_si256(__m256i *to, __m256i a) {
    memcpy(to, &a, sizeof a);
}

EMULATED __m256i _mm256_set1_epi32(int x) {
    return _mm256_set1_epi64x((long long) ((uint64_t) (uint32_t) x << 32 | (uint32_t) x));
}

#define _mm256_setr_epi8(...) emulated_setr256((const uint8_t[32]) {__VA_ARGS__})

EMULATED __m256i emulated_setr256(const uint8_t bytes[32]) {
    __m256i r;
    memcpy(&r, bytes, sizeof r);
    return r;
}

EMULATED __m256i _mm256_unpacklo_epi64(__m256i a, __m256i b) {
    return (__m256i) {{a.q[0], b.q[0], a.q[2], b.q[2]}};
}

EMULATED __m256i _mm256_unpackhi_epi64(__m256i a, __m256i b) {
    return (__m256i) {{a.q[1], b.q[1], a.q[3], b.q[3]}};
}

EMULATED __m256i _mm256_unpacklo_epi32(__m256i a, __m256i b) {
    return (__m256i) {{emulated_pair_low(a.q[0], b.q[0]), emulated_pair_high(a.q[0], b.q[0]),
                       emulated_pair_low(a.q[2], b.q[2]), emulated_pair_high(a.q[2], b.q[2])}};
}

EMULATED __m256i _mm256_unpackhi_epi32(__m256i a, __m256i b) {
    return (__m256i) {{emulated_pair_low(a.q[1], b.q[1]), emulated_pair_high(a.q[1], b.q[1]),
                       emulated_pair_low(a.q[3], b.q[3]), emulated_pair_high(a.q[3], b.q[3])}};
}

/* Each half of the result is one of four: those of a and those of b. */
EMULATED __m256i _mm256_permute2x128_si256(__m256i a, __m256i b, unsigned choice) {
    __m256i r;
    for (unsigned i = 0; i < 2; i++) {
        const unsigned half = choice >> (4 * i) & 3;
        memcpy(&r.q[2 * i], (half < 2 ? a : b).q + 2 * (half & 1), 16);
    }
    return r;
}

EMULATED __m256i _mm256_shuffle_epi8(__m256i a, __m256i places) {
    uint8_t from[32], at[32], to[32];
    memcpy(from, &a, 32);
    memcpy(at, &places, 32);
    for (int i = 0; i < 32; i++) {
        to[i] = at[i] & 0x80 ? 0 : from[(i & 16) + (at[i] & 15)];
    }
    return emulated_setr256(to);
}

EMULATED __m256i _mm256_shuffle_epi32(__m256i a, unsigned choice) {
    uint32_t from[8], to[8];
    memcpy(from, &a, 32);
    for (unsigned i = 0; i < 8; i++) {
        to[i] = from[(i & 4) + (choice >> (2 * (i & 3)) & 3)];
    }
    return emulated_setr256((const uint8_t *) to);
}

#endif

/* The exported functions: they choose by the processor, cut batches into vectors, and wipe the kernels' residue. */
#include "lanes.h"

#include <cpuid.h>

#include "base25519.h"
#include "blake2b.h"
#include "chacha20.h"
#include "cleanse.h"
#include "edwards25519.h"
#include "frames.h"
#include "lanes_level.h"
#include "sha512.h"
#include "x25519.h"

static uint32_t features;
static int32_t level;

/* XCR0: which registers the operating system saves. Only after CPUID has said OSXSAVE. */
static uint64_t enabled_registers(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t) high << 32 | low;
}

int32_t lanes_level_of(uint32_t has) {
    const uint32_t avx2 = LANES_CPU_BMI2 | LANES_CPU_AVX2 | LANES_CPU_FMA | LANES_CPU_OS_AVX;
    const uint32_t avx512 = avx2 | LANES_CPU_AVX512 | LANES_CPU_OS_AVX512;
    const uint32_t ifma = avx512 | LANES_CPU_IFMA;
    return (has & ifma) == ifma       ? LANES_LEVEL_IFMA
        : (has & avx512) == avx512    ? LANES_LEVEL_AVX512
        : (has & avx2) == avx2        ? LANES_LEVEL_AVX2
                                      : LANES_LEVEL_NONE;
}

/* Once, when the library is loaded: CPUID can cost tens of microseconds in a virtual machine. */
__attribute__((constructor)) static void detect(void) {
#ifdef LANES_EMULATED /* by src/test/c/emulation: runs anywhere */
    features = LANES_CPU_BMI2 | LANES_CPU_AVX2 | LANES_CPU_AVX512 | LANES_CPU_IFMA | LANES_CPU_OS_AVX512 | LANES_CPU_OS_AVX
        | LANES_CPU_FMA;
    level = lanes_level_of(features);
    base25519_prepare();
    return;
#endif
    const uint64_t avx_registers = 0x6;     /* SSE, AVX */
    const uint64_t avx512_registers = 0xe6; /* also masks, upper halves, upper sixteen */
    const uint32_t avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & 1u << 27) == 0) {
        return;
    }
    const uint32_t fma = c & 1u << 12 ? LANES_CPU_FMA : 0;
    const uint64_t registers = enabled_registers();
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        return;
    }
    features = fma | (b & 1u << 8 ? LANES_CPU_BMI2 : 0) | (b & 1u << 5 ? LANES_CPU_AVX2 : 0)
        | ((b & avx512) == avx512 ? LANES_CPU_AVX512 : 0) | (b & 1u << 21 ? LANES_CPU_IFMA : 0)
        | ((registers & avx_registers) == avx_registers ? LANES_CPU_OS_AVX : 0)
        | ((registers & avx512_registers) == avx512_registers ? LANES_CPU_OS_AVX512 : 0);
    level = lanes_level_of(features);
    if (level == LANES_LEVEL_IFMA) {
        base25519_prepare();
    }
}

int lanes_abi(void) {
    return LANES_ABI;
}

uint32_t lanes_features(void) {
    return features;
}

int32_t lanes_level(void) {
    return level;
}

static int runs(int32_t wanted) {
    return wanted >= LANES_LEVEL_AVX2 && wanted <= level;
}

int lanes_available(void) {
    return runs(LANES_LEVEL_IFMA);
}

const char *lanes_reason_of(uint32_t has) {
    switch (lanes_level_of(has)) {
        case LANES_LEVEL_IFMA:
            return "AVX-512 IFMA";
        case LANES_LEVEL_AVX512:
            return "AVX-512; the processor has not its IFMA part";
        case LANES_LEVEL_AVX2:
            return (has & LANES_CPU_AVX512) == 0 ? "AVX2; the processor has no AVX-512 (F, DQ, BW, VL)"
                                                 : "AVX2; the operating system does not save the AVX-512 registers";
        default:
            return (has & LANES_CPU_AVX2) == 0 ? "the processor has no AVX2"
                : (has & LANES_CPU_BMI2) == 0  ? "the processor has no BMI2"
                : (has & LANES_CPU_FMA) == 0   ? "the processor has no FMA"
                                               : "the operating system does not save the AVX registers";
    }
}

const char *lanes_reason(void) {
    return lanes_reason_of(features);
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Input of unused lanes. */
static const uint8_t NO_SCALAR[32] = {0};
static const uint8_t BASE_POINT[32] = {9};

/* A ladder for width inputs; base, unless NULL, is faster where u is 9. */
typedef struct {
    void (*base)(x25519_ratio ratio[], const uint8_t *const scalar[]);
    void (*ladder)(x25519_ratio ratio[], const uint8_t *const scalar[], const uint8_t *const u[]);
    int width;
    void (*cleanse)(void);
} x25519_kernel;

static x25519_kernel x25519_kernel_of(int32_t wanted) {
    switch (wanted) {
        case LANES_LEVEL_AVX2:
            return (x25519_kernel) {NULL, x25519_ladder_avx2, 4, cleanse_after_avx2_ladder};
        case LANES_LEVEL_AVX512:
            return (x25519_kernel) {NULL, x25519_ladder_avx512, 8, cleanse_after_avx512_ladder};
        default:
            return (x25519_kernel) {x25519_base_ifma, x25519_ladder_ifma, 8, cleanse};
    }
}

/* point NULL: the base point. ok NULL: not wanted. */
__attribute__((noinline)) static void x25519_batch(x25519_kernel kernel, int count, uint8_t *const out[],
                                                   const uint8_t *const scalar[], const uint8_t *const point[],
                                                   uint8_t *ok) {
    x25519_ratio ratio[X25519_SHARED];
    for (int done = 0; done < count; done += X25519_SHARED) {
        const int shared = least(count - done, X25519_SHARED);
        for (int first = 0; first < shared; first += kernel.width) {
            const uint8_t *s[LANES_WIDTH], *u[LANES_WIDTH];
            for (int j = 0; j < kernel.width; j++) {
                const int i = done + first + j;
                s[j] = i < count ? scalar[i] : NO_SCALAR;
                u[j] = i < count && point != NULL ? point[i] : BASE_POINT;
            }
            if (point == NULL && kernel.base != NULL) {
                kernel.base(&ratio[first], s);
            } else {
                kernel.ladder(&ratio[first], s, u);
            }
        }
        x25519_finish(shared, out + done, ok == NULL ? NULL : ok + done, ratio);
    }
}

int lanes_x25519(int32_t wanted, int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                 const uint8_t *const point[], uint8_t ok[]) {
    if (!runs(wanted)) {
        return -1;
    }
    const x25519_kernel kernel = x25519_kernel_of(wanted);
    x25519_batch(kernel, count, out, scalar, point, ok);
    kernel.cleanse();
    return 0;
}

int lanes_x25519_base(int32_t wanted, int32_t count, uint8_t *const out[], const uint8_t *const scalar[]) {
    if (!runs(wanted)) {
        return -1;
    }
    const x25519_kernel kernel = x25519_kernel_of(wanted);
    x25519_batch(kernel, count, out, scalar, NULL, NULL);
    kernel.cleanse();
    return 0;
}

/* The symmetric kernels of a level. */
typedef struct {
    const chacha20_kernel *chacha20;
    const blake2b_kernel *blake2b;
    const poly1305_kernel *poly1305;
    void (*cleanse)(void);
} symmetric_kernels;

static symmetric_kernels symmetric_of(int32_t wanted) {
    switch (wanted) {
        case LANES_LEVEL_AVX2:
            return (symmetric_kernels) {&chacha20_avx2, &blake2b_avx2, &poly1305_avx2, cleanse_avx2};
        case LANES_LEVEL_AVX512:
            return (symmetric_kernels) {&chacha20_avx512, &blake2b_avx512, &poly1305_avx512, cleanse};
        default:
            return (symmetric_kernels) {&chacha20_avx512, &blake2b_avx512, &poly1305_ifma, cleanse};
    }
}

__attribute__((noinline)) static void chacha20_batch(const chacha20_kernel *kernel, int count, uint8_t *const text[],
                                                     int32_t length, const uint8_t *const key[]) {
    chacha20_queue queue = {.kernel = kernel};
    for (int i = 0; i < count; i++) {
        chacha20_enqueue(&queue, &(chacha20_run) {text[i], key[i], NULL, 0, (uint32_t) length});
    }
    chacha20_flush(&queue);
}

int lanes_chacha20_xor(int32_t wanted, int32_t count, uint8_t *const text[], int32_t length,
                       const uint8_t *const key[]) {
    if (!runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_of(wanted);
    chacha20_batch(kernels.chacha20, count, text, length, key);
    kernels.cleanse();
    return 0;
}

__attribute__((noinline)) static void blake2b_batch(const blake2b_kernel *kernel, int count, uint8_t *const out[],
                                                    const uint8_t *const in[], const uint8_t *const key[],
                                                    const blake2b_shape *shape) {
    uint8_t nowhere[64];
    for (int first = 0; first < count; first += kernel->most) {
        const int width = count - first > kernel->width ? kernel->most : kernel->width;
        uint8_t *o[BLAKE2B_WIDTH];
        const uint8_t *m[BLAKE2B_WIDTH], *k[BLAKE2B_WIDTH];
        for (int j = 0; j < width; j++) {
            const int i = first + j < count ? first + j : first;
            o[j] = first + j < count ? out[i] : nowhere;
            m[j] = in[i];
            k[j] = key[i];
        }
        kernel->vectors(shape, width, o, m, k);
    }
}

int lanes_blake2b(int32_t wanted, int32_t count, uint8_t *const out[], int32_t out_length, const uint8_t *const in[],
                  int32_t in_length, const uint8_t *const key[], int32_t key_length, const uint8_t *salt,
                  const uint8_t *personal) {
    if (!runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_of(wanted);
    const blake2b_shape shape = {(size_t) out_length, (size_t) in_length, (size_t) key_length, salt, personal};
    blake2b_batch(kernels.blake2b, count, out, in, key, &shape);
    kernels.cleanse();
    return 0;
}

__attribute__((noinline)) static void sha512_batch(int count, uint8_t *const out[], const uint8_t *const in[],
                                                   size_t in_length) {
    uint8_t nowhere[SHA512_LENGTH];
    for (int first = 0; first < count; first += LANES_WIDTH) {
        uint8_t *o[LANES_WIDTH];
        const uint8_t *m[LANES_WIDTH];
        for (int j = 0; j < LANES_WIDTH; j++) {
            o[j] = first + j < count ? out[first + j] : nowhere;
            m[j] = in[first + j < count ? first + j : first];
        }
        sha512_eight(o, m, in_length);
    }
}

int lanes_sha512(int32_t count, uint8_t *const out[], const uint8_t *const in[], int32_t in_length) {
    if (!lanes_available()) {
        return -1;
    }
    sha512_batch(count, out, in, (size_t) in_length);
    cleanse();
    return 0;
}

/* Inputs whose inversions are shared: bounded by room on the stack. */
#define EDWARDS25519_SHARED 24

__attribute__((noinline)) static void edwards25519_batch(int count, uint8_t *const out[], const uint8_t *const scalar[],
                                                         const uint8_t *const uniform[], uint8_t ok[]) {
    x25519_ratio x[EDWARDS25519_SHARED], y[EDWARDS25519_SHARED];
    uint8_t encoded_x[EDWARDS25519_SHARED][32], *x_out[EDWARDS25519_SHARED];
    for (int done = 0; done < count; done += EDWARDS25519_SHARED) {
        const int shared = least(count - done, EDWARDS25519_SHARED);
        for (int first = 0; first < shared; first += LANES_WIDTH) {
            const uint8_t *s[LANES_WIDTH], *u[LANES_WIDTH];
            for (int j = 0; j < LANES_WIDTH; j++) {
                const int i = done + (first + j < shared ? first + j : first);
                s[j] = scalar[i];
                u[j] = uniform[i];
            }
            edwards25519_mapped mapped;
            edwards25519_map_ifma(&mapped, u);
            edwards25519_multiply_ifma(&x[first], &y[first], &mapped, s);
        }
        for (int i = 0; i < shared; i++) {
            x_out[i] = encoded_x[i];
        }
        x25519_finish(shared, x_out, ok + done, x);
        x25519_finish(shared, out + done, NULL, y);
        for (int i = 0; i < shared; i++) {
            out[done + i][31] |= (uint8_t) (encoded_x[i][0] << 7);
        }
    }
}

int lanes_edwards25519_map(int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                           const uint8_t *const uniform[], uint8_t ok[]) {
    if (!lanes_available()) {
        return -1;
    }
    edwards25519_batch(count, out, scalar, uniform, ok);
    cleanse();
    return 0;
}

int lanes_aead_seal(int32_t wanted, int32_t count, uint8_t *const text[], int32_t length, uint8_t *const tag[],
                    const uint8_t *const ad[], int32_t ad_length, const uint8_t *const nonce[],
                    const uint8_t *const key[]) {
    if (!runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_of(wanted);
    for (int i = 0; i < count; i += FRAMES_WIDTH) {
        const frames f = {kernels.chacha20,  kernels.poly1305, least(count - i, FRAMES_WIDTH), text + i,
                          (uint32_t) length, ad + i,           (size_t) ad_length,             nonce + i,
                          key + i};
        frames_seal(&f, tag + i);
    }
    kernels.cleanse();
    return 0;
}

int lanes_aead_open(int32_t wanted, int32_t count, uint8_t *const text[], int32_t length, const uint8_t *const tag[],
                    const uint8_t *const ad[], int32_t ad_length, const uint8_t *const nonce[],
                    const uint8_t *const key[], uint8_t ok[]) {
    if (!runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_of(wanted);
    for (int i = 0; i < count; i += FRAMES_WIDTH) {
        const frames f = {kernels.chacha20,  kernels.poly1305, least(count - i, FRAMES_WIDTH), text + i,
                          (uint32_t) length, ad + i,           (size_t) ad_length,             nonce + i,
                          key + i};
        frames_open(&f, tag + i, ok + i);
    }
    kernels.cleanse();
    return 0;
}

/* The levels of x86-64: the features of the processor and the operating system, and the kernels of each level. */
#include <cpuid.h>

#include "base25519.h"
#include "cleanse.h"
#include "lanes.h"
#include "lanes_level.h"

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

uint32_t lanes_features(void) {
    return features;
}

int32_t lanes_level(void) {
    return level;
}

int level_runs(int32_t wanted) {
    return wanted >= LANES_LEVEL_AVX2 && wanted <= level;
}

int lanes_available(void) {
    return level_runs(LANES_LEVEL_IFMA);
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

x25519_kernel x25519_kernel_of(int32_t wanted) {
    switch (wanted) {
        case LANES_LEVEL_AVX2:
            return (x25519_kernel) {NULL, x25519_ladder_avx2, x25519_half_ladder_avx2, 8, cleanse_after_avx2_ladder};
        case LANES_LEVEL_AVX512:
            return (x25519_kernel) {NULL, x25519_ladder_avx512, NULL, 8, cleanse_after_avx512_ladder};
        default:
            return (x25519_kernel) {x25519_base_ifma, x25519_ladder_ifma, NULL, 8, cleanse};
    }
}

symmetric_kernels symmetric_kernels_of(int32_t wanted) {
    switch (wanted) {
        case LANES_LEVEL_AVX2:
            return (symmetric_kernels) {&chacha20_avx2, &blake2b_avx2, &poly1305_avx2, cleanse_avx2};
        case LANES_LEVEL_AVX512:
            return (symmetric_kernels) {&chacha20_avx512, &blake2b_avx512, &poly1305_avx512, cleanse};
        default:
            return (symmetric_kernels) {&chacha20_avx512, &blake2b_avx512, &poly1305_ifma, cleanse};
    }
}

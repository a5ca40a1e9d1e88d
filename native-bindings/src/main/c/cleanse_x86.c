#include "cleanse.h"

#include <immintrin.h>

#include "lanes_internal.h"

/*
 * Bytes of stack to wipe. The build refuses a frame above 6,656 bytes in any other file, and no path from an exported
 * function has more than two frames that are not small. The ladders without IFMA have at most 3,584 bytes, four deep.
 */
#define KERNEL_STACK (2 * 6656 + 1024)
#define LADDER51D_STACK (6656 + 4 * 3584 + 1024)

/* Frames of sha256_ni.c have at most 768 bytes each, and no path more than two. */
#define SHA_STACK (2 * 768 + 256)

__attribute__((noinline, target("avx512f"))) static void cleanse_registers(void) {
    __asm__ volatile(
        "vzeroall\n\t"
        "vpxorq %%zmm16, %%zmm16, %%zmm16\n\tvpxorq %%zmm17, %%zmm17, %%zmm17\n\t"
        "vpxorq %%zmm18, %%zmm18, %%zmm18\n\tvpxorq %%zmm19, %%zmm19, %%zmm19\n\t"
        "vpxorq %%zmm20, %%zmm20, %%zmm20\n\tvpxorq %%zmm21, %%zmm21, %%zmm21\n\t"
        "vpxorq %%zmm22, %%zmm22, %%zmm22\n\tvpxorq %%zmm23, %%zmm23, %%zmm23\n\t"
        "vpxorq %%zmm24, %%zmm24, %%zmm24\n\tvpxorq %%zmm25, %%zmm25, %%zmm25\n\t"
        "vpxorq %%zmm26, %%zmm26, %%zmm26\n\tvpxorq %%zmm27, %%zmm27, %%zmm27\n\t"
        "vpxorq %%zmm28, %%zmm28, %%zmm28\n\tvpxorq %%zmm29, %%zmm29, %%zmm29\n\t"
        "vpxorq %%zmm30, %%zmm30, %%zmm30\n\tvpxorq %%zmm31, %%zmm31, %%zmm31\n\t"
        "kxorw %%k0, %%k0, %%k0\n\tkxorw %%k1, %%k1, %%k1\n\tkxorw %%k2, %%k2, %%k2\n\tkxorw %%k3, %%k3, %%k3\n\t"
        "kxorw %%k4, %%k4, %%k4\n\tkxorw %%k5, %%k5, %%k5\n\tkxorw %%k6, %%k6, %%k6\n\tkxorw %%k7, %%k7, %%k7\n\t"
        "xorl %%eax, %%eax\n\txorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\txorl %%esi, %%esi\n\txorl %%edi, %%edi\n\t"
        "xorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\txorl %%r10d, %%r10d\n\txorl %%r11d, %%r11d"
        :
        :
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "memory", "k0", "k1", "k2", "k3", "k4", "k5",
          "k6", "k7", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
          "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23",
          "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31");
}

__attribute__((noinline, target("avx2"))) static void cleanse_registers_avx2(void) {
    __asm__ volatile(
        "vzeroall\n\t"
        "xorl %%eax, %%eax\n\txorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\txorl %%esi, %%esi\n\txorl %%edi, %%edi\n\t"
        "xorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\txorl %%r10d, %%r10d\n\txorl %%r11d, %%r11d"
        :
        :
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3",
          "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

/* Their frames lie where the kernels' frames were. Whole vectors: a call of memset takes twice as long. */
__attribute__((noinline, target("avx512f"))) static void cleanse_stack(void) {
    __m512i below[KERNEL_STACK / 64];
#pragma GCC unroll 8
    for (size_t i = 0; i < KERNEL_STACK / 64; i++) {
        _mm512_store_si512(&below[i], _mm512_setzero_si512());
        /* Keeps the store, and keeps the compiler from making a call of memset of the loop. */
        __asm__ volatile("" : : "r"(&below[i]) : "memory");
    }
}

__attribute__((noinline, target("avx2"))) static void cleanse_stack_avx2(void) {
    __m256i below[KERNEL_STACK / 32];
#pragma GCC unroll 8
    for (size_t i = 0; i < KERNEL_STACK / 32; i++) {
        _mm256_store_si256(&below[i], _mm256_setzero_si256());
        __asm__ volatile("" : : "r"(&below[i]) : "memory");
    }
}

__attribute__((noinline)) static void cleanse_ladder51d_stack(void) {
    uint8_t below[LADDER51D_STACK];
    lanes_wipe(below, sizeof below);
}

void cleanse(void) {
    cleanse_stack();
    cleanse_registers();
}

void cleanse_avx2(void) {
    cleanse_stack_avx2();
    cleanse_registers_avx2();
}

void cleanse_after_avx512_ladder(void) {
    cleanse_ladder51d_stack();
    cleanse_registers();
}

void cleanse_after_avx2_ladder(void) {
    cleanse_ladder51d_stack();
    cleanse_registers_avx2();
}

__attribute__((noinline)) static void cleanse_sha_stack(void) {
    uint8_t below[SHA_STACK];
    lanes_wipe(below, sizeof below);
}

void cleanse_after_sha(void) {
    cleanse_sha_stack();
    __asm__ volatile(
        "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\tpxor %%xmm2, %%xmm2\n\tpxor %%xmm3, %%xmm3\n\t"
        "pxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\tpxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7\n\t"
        "pxor %%xmm8, %%xmm8\n\tpxor %%xmm9, %%xmm9\n\tpxor %%xmm10, %%xmm10\n\tpxor %%xmm11, %%xmm11\n\t"
        "pxor %%xmm12, %%xmm12\n\tpxor %%xmm13, %%xmm13\n\tpxor %%xmm14, %%xmm14\n\tpxor %%xmm15, %%xmm15\n\t"
        "xorl %%eax, %%eax\n\txorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\txorl %%esi, %%esi\n\txorl %%edi, %%edi\n\t"
        "xorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\txorl %%r10d, %%r10d\n\txorl %%r11d, %%r11d"
        :
        :
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3",
          "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

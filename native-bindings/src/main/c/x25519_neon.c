/* X25519 for two inputs at once on arm64: the arithmetic of x25519_avx2.c in vectors of two doubles. */
#include "neon.h"

#define LADDER_WIDTH 2
#define LADDER_GROUPS 1

typedef vec lane_mask;

#define real_splat(x) ((real) {(x), (x)})
#define real_store(p, a) vec_store(p, (vec) (a))
#define real_add(a, b) ((a) + (b))
#define real_sub(a, b) ((a) - (b))
#define real_bits(a) ((vec) (a))
#define real_of(a) ((real) (a))

/* Masks of lanes: all, those in which a has bit n, those in one of two masks only, and b in those of m and a elsewhere. */
#define lanes_all() vec_splat(UINT64_MAX)
#define lanes_with_bit(a, n) (vec_splat(0) - ((a) >> (n) & vec_splat(1)))
#define lanes_xor(a, b) ((a) ^ (b))
#define lanes_select(m, a, b) ((real) (((vec) (a) & ~(m)) | ((vec) (b) & (m))))

#ifdef __aarch64__

typedef uint64_t ladder_mode;

NEON_INLINE ladder_mode ladder_mode_of_caller(void) {
    ladder_mode mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
}

/* The compiler moves no computation of doubles that goes through memory across it. */
NEON_INLINE void ladder_set_mode(ladder_mode mode) {
    __asm__ volatile("msr fpcr, %0" : : "r"(mode) : "memory");
}

/* Rounds to nearest, keeps subnormals and traps nothing. */
#define LADDER_MODE 0

#else

/* In plain C on other processors, in the mode of the caller: for tests. */
typedef int ladder_mode;
#define ladder_mode_of_caller() 0
#define ladder_set_mode(mode) ((void) (mode))
#define LADDER_MODE 0

#endif

#define ladder_end() ((void) 0)

#if defined(__aarch64__) && !defined(LANES_NO_ASSEMBLY)

/* h[k] and h[k + 1] get the halves of x * y. */
#define FE51D_TERM(k, x, y)                                                                                            \
    do {                                                                                                               \
        real high_ = high, low_;                                                                                       \
        __asm__("fmla %[hi].2d, %[f].2d, %[g].2d\n\tfsub %[lo].2d, %[b].2d, %[hi].2d\n\t"                              \
                "add %[h1].2d, %[h1].2d, %[hi].2d\n\tfmla %[lo].2d, %[f].2d, %[g].2d\n\t"                               \
                "add %[h0].2d, %[h0].2d, %[lo].2d"                                                                     \
                : [h0] "+w"(h[k]), [h1] "+w"(h[(k) + 1]), [hi] "+&w"(high_), [lo] "=&w"(low_)                           \
                : [f] "w"(x), [g] "w"(y), [b] "w"(both));                                                              \
    } while (0)

#else

#define FE51D_TERM FE51D_TERM_OF_OPERATIONS

#endif

#include "ladder51d.h"

__attribute__((noinline)) void x25519_ladder_neon(x25519_ratio ratio[2], const uint8_t *const scalar[2],
                                                  const uint8_t *const u[2]) {
    ladder_in_mode(1, ratio, scalar, u);
}

#include "cleanse.h"

#include "lanes_internal.h"

/* Bytes of stack to wipe, by the frames that the build allows: as in cleanse_x86.c. */
#define KERNEL_STACK (2 * 6656 + 1024)
#define LADDER51D_STACK (6656 + 4 * 3584 + 1024)

/* The compiler keeps the lower halves of v8 to v15, which are the caller's, and the kernels have restored them. */
__attribute__((noinline)) static void cleanse_registers(void) {
#ifdef __aarch64__
    __asm__ volatile(
        "movi v0.2d, #0\n\tmovi v1.2d, #0\n\tmovi v2.2d, #0\n\tmovi v3.2d, #0\n\t"
        "movi v4.2d, #0\n\tmovi v5.2d, #0\n\tmovi v6.2d, #0\n\tmovi v7.2d, #0\n\t"
        "movi v8.2d, #0\n\tmovi v9.2d, #0\n\tmovi v10.2d, #0\n\tmovi v11.2d, #0\n\t"
        "movi v12.2d, #0\n\tmovi v13.2d, #0\n\tmovi v14.2d, #0\n\tmovi v15.2d, #0\n\t"
        "movi v16.2d, #0\n\tmovi v17.2d, #0\n\tmovi v18.2d, #0\n\tmovi v19.2d, #0\n\t"
        "movi v20.2d, #0\n\tmovi v21.2d, #0\n\tmovi v22.2d, #0\n\tmovi v23.2d, #0\n\t"
        "movi v24.2d, #0\n\tmovi v25.2d, #0\n\tmovi v26.2d, #0\n\tmovi v27.2d, #0\n\t"
        "movi v28.2d, #0\n\tmovi v29.2d, #0\n\tmovi v30.2d, #0\n\tmovi v31.2d, #0\n\t"
        "mov x0, #0\n\tmov x1, #0\n\tmov x2, #0\n\tmov x3, #0\n\tmov x4, #0\n\tmov x5, #0\n\tmov x6, #0\n\t"
        "mov x7, #0\n\tmov x8, #0\n\tmov x9, #0\n\tmov x10, #0\n\tmov x11, #0\n\tmov x12, #0\n\tmov x13, #0\n\t"
        "mov x14, #0\n\tmov x15, #0\n\tmov x16, #0\n\tmov x17, #0"
        :
        :
        : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
          "x17", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",
          "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31",
          "memory");
#endif
}

/* Their frames lie where the kernels' frames were. */
__attribute__((noinline)) static void cleanse_stack(void) {
    uint8_t below[KERNEL_STACK];
    lanes_wipe(below, sizeof below);
}

__attribute__((noinline)) static void cleanse_ladder51d_stack(void) {
    uint8_t below[LADDER51D_STACK];
    lanes_wipe(below, sizeof below);
}

void cleanse_neon(void) {
    cleanse_stack();
    cleanse_registers();
}

void cleanse_after_neon_ladder(void) {
    cleanse_ladder51d_stack();
    cleanse_registers();
}

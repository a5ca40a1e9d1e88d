/* Wiping of a kernel's residue. */
#ifndef LANES_CLEANSE_H
#define LANES_CLEANSE_H

/*
 * Zeroes the vector, mask and scratch registers and the stack below the caller, where the kernels' frames were: to be
 * called by an exported function after the kernels have returned to it.
 */
void cleanse(void);

/* The same for processors without AVX-512. */
void cleanse_avx2(void);

/* The same after the ladders without IFMA, which use more stack; the second for processors without AVX-512. */
void cleanse_after_avx512_ladder(void);
void cleanse_after_avx2_ladder(void);

/* The same for arm64, and after its ladder. */
void cleanse_neon(void);
void cleanse_after_neon_ladder(void);

/* The same after one hash of sha256_ni.c, for any x86-64. */
void cleanse_after_sha(void);

#endif

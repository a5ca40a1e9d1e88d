/* The levels that the tests go through: those of the architecture that the library is built for. */
#ifndef LANES_TEST_LEVELS_H
#define LANES_TEST_LEVELS_H

#include "lanes.h"

#if (defined(__aarch64__) && !defined(LANES_EMULATED)) || defined(LANES_PORTABLE)
#define LEVEL_NEON_ONLY
#define LEVEL_LOWEST LANES_LEVEL_NEON
#define LEVEL_HIGHEST LANES_LEVEL_NEON
#else
#define LEVEL_LOWEST LANES_LEVEL_AVX2
#define LEVEL_HIGHEST LANES_LEVEL_IFMA
#endif

/* As the providers of the Java side are called. */
static const char *const LEVEL_NAMES[] = {"none", "avx2", "avx512", "ifma", "neon"};

#endif

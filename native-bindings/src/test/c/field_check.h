/* Tests of the field without IFMA, which has no exported function. */
#ifndef LANES_FIELD_CHECK_H
#define LANES_FIELD_CHECK_H

#include <stdint.h>

/* NULL, or the operation that gave a wrong result. The processor has to have AVX2 and FMA, or AVX-512 F and DQ, or be of arm64. */
const char *field_check_avx2(uint64_t seed);
const char *field_check_avx512(uint64_t seed);
const char *field_check_neon(uint64_t seed);

#endif

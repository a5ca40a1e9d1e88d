/* The field of x25519_avx2.c on extreme operands. */
#define x25519_ladder_avx2 x25519_ladder_of_field_avx2
#define x25519_half_ladder_avx2 x25519_half_ladder_of_field_avx2
#include "x25519_avx2.c"

#define FIELD_NAME field_check_avx2
#define real_load(p) _mm256_load_pd(p)
#include "field.h"

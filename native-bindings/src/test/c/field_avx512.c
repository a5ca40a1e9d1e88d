/* The field of x25519_avx512.c on extreme operands. */
#define x25519_ladder_avx512 x25519_ladder_of_field_avx512
#include "x25519_avx512.c"

#define FIELD_NAME field_check_avx512
#define real_load(p) _mm512_load_pd(p)
#include "field.h"

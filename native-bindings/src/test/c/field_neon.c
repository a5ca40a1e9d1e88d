/* The field of x25519_neon.c on extreme operands. */
#define x25519_ladder_neon x25519_ladder_of_field_neon
#include "x25519_neon.c"

#define FIELD_NAME field_check_neon
#define real_load(p) ((real) vec_load(p))
#include "field.h"

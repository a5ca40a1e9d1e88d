/*
 * The field of fe51d.h against fe51.h on extreme operands and columns, which random inputs of X25519 never reach: the body
 * of field_avx2.c, field_avx512.c and field_neon.c, which include the kernel and define FIELD_NAME.
 */
#include "field_check.h"

#define FIELD_INPUTS 20000

static uint64_t field_state;

static uint64_t field_random(void) {
    field_state = field_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return field_state >> 33;
}

/* A signed number of at most most: an end or close to it, zero, or any other. */
static int64_t field_extreme(int64_t most) {
    const uint64_t choice = field_random() % 8;
    const int64_t any = (int64_t) ((field_random() << 31 ^ field_random()) % (uint64_t) most);
    const int64_t magnitude = choice < 3 ? most : choice < 5 ? most - any % 8 : choice == 5 ? 0 : any;
    return field_random() % 2 == 0 ? magnitude : -magnitude;
}

typedef struct {
    int64_t limb[5][LADDER_WIDTH];
} field_limbs;

static fe51d field_operand(field_limbs *to, int64_t most) {
    fe51d r;
    for (int k = 0; k < 5; k++) {
        _Alignas(64) double lane[LADDER_WIDTH];
        for (int i = 0; i < LADDER_WIDTH; i++) {
            to->limb[k][i] = field_extreme(most);
            lane[i] = (double) to->limb[k][i];
        }
        r.limb[k] = real_load(lane);
    }
    return r;
}

/* Columns as a product has them, with or without bias: the low 51 bits at an end, and a carry at an end. */
static columns field_columns(field_limbs *to, uint64_t bias) {
    columns r;
    for (int k = 0; k < 5; k++) {
        _Alignas(64) uint64_t lane[LADDER_WIDTH];
        for (int i = 0; i < LADDER_WIDTH; i++) {
            const int64_t low = field_extreme(INT64_C(1) << 50), carry = field_extreme(126);
            to->limb[k][i] = low + carry * (INT64_C(1) << 51);
            lane[i] = (uint64_t) to->limb[k][i] + bias;
        }
        r.column[k] = vec_load(lane);
    }
    return r;
}

/* Limbs of up to 2^59 with a sign as the value below p. */
static void field_value(uint8_t value[32], int64_t l0, int64_t l1, int64_t l2, int64_t l3, int64_t l4) {
    const __int128 p = (__int128) FE51_MASK << 10;
    fe51 t;
    fe51_carry(&t, (unsigned __int128) (l0 + p - ((__int128) 18 << 10)), (unsigned __int128) (l1 + p),
               (unsigned __int128) (l2 + p), (unsigned __int128) (l3 + p), (unsigned __int128) (l4 + p));
    fe51_store(value, &t);
}

static fe51 field_reference(const field_limbs *from, int i) {
    const __int128 p = (__int128) FE51_MASK << 10;
    fe51 t;
    fe51_carry(&t, (unsigned __int128) (from->limb[0][i] + p - ((__int128) 18 << 10)),
               (unsigned __int128) (from->limb[1][i] + p), (unsigned __int128) (from->limb[2][i] + p),
               (unsigned __int128) (from->limb[3][i] + p), (unsigned __int128) (from->limb[4][i] + p));
    return t;
}

static int field_differs(const fe51 *expected, int64_t l0, int64_t l1, int64_t l2, int64_t l3, int64_t l4) {
    uint8_t a[32], b[32];
    fe51_store(a, expected);
    field_value(b, l0, l1, l2, l3, l4);
    return memcmp(a, b, 32) != 0;
}

/* Whether an element is carried and has these values. */
static int field_is(const fe51d *a, const fe51 expected[LADDER_WIDTH]) {
    _Alignas(64) double l[5][LADDER_WIDTH];
    for (int k = 0; k < 5; k++) {
        real_store(l[k], a->limb[k]);
    }
    for (int i = 0; i < LADDER_WIDTH; i++) {
        for (int k = 0; k < 5; k++) {
            if (l[k][i] > FE51D_CARRIED || l[k][i] < -FE51D_CARRIED) {
                return 0;
            }
        }
        if (field_differs(&expected[i], (int64_t) l[0][i], (int64_t) l[1][i], (int64_t) l[2][i], (int64_t) l[3][i],
                          (int64_t) l[4][i])) {
            return 0;
        }
    }
    return 1;
}

static int field_columns_are(const columns *a, uint64_t bias, const fe51 expected[LADDER_WIDTH]) {
    _Alignas(64) uint64_t l[5][LADDER_WIDTH];
    for (int k = 0; k < 5; k++) {
        vec_store(l[k], a->column[k]);
    }
    for (int i = 0; i < LADDER_WIDTH; i++) {
        if (field_differs(&expected[i], (int64_t) (l[0][i] - bias), (int64_t) (l[1][i] - bias),
                          (int64_t) (l[2][i] - bias), (int64_t) (l[3][i] - bias), (int64_t) (l[4][i] - bias))) {
            return 0;
        }
    }
    return 1;
}

static const char *field_products(void) {
    field_limbs la, lb;
    fe51 product[LADDER_WIDTH], square[LADDER_WIDTH], scaled[LADDER_WIDTH];
    columns r;
    fe51d s;
    const fe51d a = field_operand(&la, (INT64_C(1) << 50) + (1 << 13));
    const fe51d b = field_operand(&lb, (INT64_C(1) << 51) + (1 << 14));
    const fe51 factor = {{121666}};
    for (int i = 0; i < LADDER_WIDTH; i++) {
        const fe51 x = field_reference(&la, i), y = field_reference(&lb, i);
        fe51_mul(&product[i], &x, &y);
        fe51_square(&square[i], &x);
        fe51_mul(&scaled[i], &factor, &y);
        fe51_add(&scaled[i], &square[i], &scaled[i]);
    }
    fe51d_mul(&r, &a, &b);
    if (!field_columns_are(&r, 0, product)) {
        return "product";
    }
    fe51d_mul_biased(&r, &a, &b);
    if (!field_columns_are(&r, FE51D_BIAS, product)) {
        return "biased product";
    }
    fe51d_square(&r, &a);
    if (!field_columns_are(&r, FE51D_BIAS, square)) {
        return "square";
    }
    fe51d_add_scaled(&s, &r, 121666, &b);
    return field_is(&s, scaled) ? NULL : "sum with 121666 times";
}

static const char *field_sums(void) {
    field_limbs lx, lz;
    fe51 sum[LADDER_WIDTH], difference[LADDER_WIDTH], alone[LADDER_WIDTH];
    fe51d a, b;
    const columns x = field_columns(&lx, FE51D_BIAS), z = field_columns(&lz, 0);
    for (int i = 0; i < LADDER_WIDTH; i++) {
        const fe51 g = field_reference(&lz, i);
        alone[i] = field_reference(&lx, i);
        fe51_add(&sum[i], &alone[i], &g);
        fe51_sub(&difference[i], &alone[i], &g);
    }
    fe51d_sums(&a, &b, &x, &z);
    if (!field_is(&a, sum) || !field_is(&b, difference)) {
        return "carried sum or difference";
    }
    fe51d_carry(&a, x.column);
    return field_is(&a, alone) ? NULL : "carry";
}

const char *FIELD_NAME(uint64_t seed) {
    const char *wrong = NULL;
    field_state = seed;
    for (int i = 0; i < FIELD_INPUTS && wrong == NULL; i++) {
        wrong = field_products();
        wrong = wrong == NULL ? field_sums() : wrong;
    }
    return wrong;
}

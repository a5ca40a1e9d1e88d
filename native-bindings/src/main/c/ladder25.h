/*
 * The Montgomery ladder of RFC 7748 section 5 over fe25.h, LADDER_WIDTH inputs at once: the body of x25519_avx512.c and
 * x25519_avx2.c, which define LADDER_NAME and what fe25.h asks for.
 */
#include "fe25.h"
#include "x25519.h"

typedef struct {
    fe25 x, z;
} projective;

/* 2 P from a = x + z and b = x - z of P. */
LANES_INLINE void ladder_double(projective *r, const fe25 *a, const fe25 *b) {
    fe25 aa, bb, e, f;
    fe25_square(&aa, a);
    fe25_square(&bb, b);
    fe25_sub(&e, &aa, &bb);
    fe25_add_scaled(&f, &bb, 121666, &e); /* 121666 = (486662 + 2) / 4 */
    fe25_mul(&r->x, &aa, &bb);
    fe25_mul(&r->z, &f, &e);
}

LANES_INLINE void double_point(projective *p) {
    fe25 a, b;
    fe25_add(&a, &p->x, &p->z);
    fe25_sub(&b, &p->x, &p->z);
    ladder_double(p, &a, &b);
}

/* One step: doubles one of the two points and adds them; the sum does not depend on which is doubled. */
LANES_INLINE void ladder_step(projective *doubled, projective *added, const fe25 *x1, lane_mask other) {
    fe25 a, b, c, d, da, cb;
    fe25_add(&a, &doubled->x, &doubled->z);
    fe25_sub(&b, &doubled->x, &doubled->z);
    fe25_add(&c, &added->x, &added->z);
    fe25_sub(&d, &added->x, &added->z);
    fe25_mul(&da, &d, &a);
    fe25_mul(&cb, &c, &b);
    fe25_select(&a, other, &a, &c);
    fe25_select(&b, other, &b, &d);
    fe25_add(&c, &da, &cb);
    fe25_sub(&d, &da, &cb);
    fe25_square(&added->x, &c);
    fe25_square(&d, &d);
    fe25_mul(&added->z, &d, x1);
    ladder_double(doubled, &a, &b);
}

typedef struct {
    _Alignas(64) uint64_t limb[10][LADDER_WIDTH];
} limbs;

typedef struct {
    _Alignas(64) uint64_t word[4][LADDER_WIDTH];
} words;

/* Bit 255 is dropped; a value of 255 bits is a reduced element as it is. */
static void load_points(limbs *to, const uint8_t *const point[]) {
    for (int i = 0; i < LADDER_WIDTH; i++) {
        uint64_t w[5] = {0};
        for (int j = 0; j < 4; j++) {
            w[j] = load64(point[i] + 8 * j);
        }
        int at = 0;
        for (int j = 0; j < 10; j++) {
            const int word = at / 64, shift = at % 64;
            const uint64_t above = shift == 0 ? 0 : w[word + 1] << (64 - shift);
            to->limb[j][i] = (w[word] >> shift | above) & FE25_MASK(j);
            at += FE25_BITS(j);
        }
    }
}

static void load_scalars(words *to, const uint8_t *const scalar[]) {
    for (int i = 0; i < LADDER_WIDTH; i++) {
        for (int j = 0; j < 4; j++) {
            to->word[j][i] = load64(scalar[i] + 8 * j);
        }
        to->word[0][i] &= ~UINT64_C(7);
        to->word[3][i] = (to->word[3][i] & ~(UINT64_C(1) << 63)) | UINT64_C(1) << 62;
    }
}

/* Radix 2^25.5 is radix 2^51 with every limb in two parts. */
static void store_elements(x25519_ratio ratio[], const projective *p) {
    limbs x, z;
    for (int j = 0; j < 10; j++) {
        vec_store(x.limb[j], p->x.limb[j]);
        vec_store(z.limb[j], p->z.limb[j]);
    }
    for (int i = 0; i < LADDER_WIDTH; i++) {
        for (int j = 0; j < 5; j++) {
            ratio[i].x.v[j] = x.limb[2 * j][i] + (x.limb[2 * j + 1][i] << 26);
            ratio[i].z.v[j] = z.limb[2 * j][i] + (z.limb[2 * j + 1][i] << 26);
        }
    }
}

__attribute__((noinline)) void LADDER_NAME(x25519_ratio ratio[LADDER_WIDTH],
                                           const uint8_t *const scalar[LADDER_WIDTH],
                                           const uint8_t *const u[LADDER_WIDTH]) {
    limbs l;
    words w;
    fe25 x1;
    load_points(&l, u);
    load_scalars(&w, scalar);
    for (int j = 0; j < 10; j++) {
        x1.limb[j] = vec_load(l.limb[j]);
    }
    /* Bit 254 is set and bit 255 is not (clamping): the ladder starts with P and 2 P. */
    projective added, doubled;
    for (int j = 0; j < 10; j++) {
        added.x.limb[j] = doubled.x.limb[j] = x1.limb[j];
        added.z.limb[j] = doubled.z.limb[j] = vec_splat(j == 0);
    }
    double_point(&doubled);
    lane_mask previous = lanes_all();
    for (int position = 253; position >= 3; position--) {
        const lane_mask bit = lanes_with_bit(vec_load(w.word[position >> 6]), position & 63);
        ladder_step(&doubled, &added, &x1, lanes_xor(bit, previous));
        previous = bit;
    }
    /* Bits 2, 1 and 0 are clear: only the point that is doubled matters from here on. */
    fe25_select(&doubled.x, previous, &doubled.x, &added.x);
    fe25_select(&doubled.z, previous, &doubled.z, &added.z);
    for (int i = 0; i < 3; i++) {
        double_point(&doubled);
    }
    store_elements(ratio, &doubled);
}

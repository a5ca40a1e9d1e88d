/*
 * The Montgomery ladder of RFC 7748 section 5 over fe51d.h, up to LADDER_GROUPS times LADDER_WIDTH inputs at once: the body
 * of x25519_avx512.c, x25519_avx2.c and x25519_neon.c, which define both, what fe51d.h asks for, and the mode of doubles: its
 * type ladder_mode, ladder_mode_of_caller, ladder_set_mode, LADDER_MODE (rounds to nearest, traps no exception), ladder_end.
 * Each operation runs for all groups before the next one: the processor works on one group where the other one waits.
 */
#include "fe51d.h"
#include "x25519.h"

/* A point (x : z) as a = x + z and b = x - z. */
typedef struct {
    fe51d a, b;
} sums;

/* x biased. */
typedef struct {
    columns x, z;
} projective;

#define EACH_GROUP(groups) for (int g = 0; g < (groups); g++)

LANES_INLINE void ladder_sums(int groups, sums r[], const projective p[]) {
    EACH_GROUP(groups) {
        fe51d_sums(&r[g].a, &r[g].b, &p[g].x, &p[g].z);
    }
}

/* 2 P. */
__attribute__((noinline)) static void ladder_double(int groups, projective r[], const sums p[]) {
    columns aa[LADDER_GROUPS], bb[LADDER_GROUPS];
    fe51d square_a[LADDER_GROUPS], square_b[LADDER_GROUPS], e[LADDER_GROUPS], f[LADDER_GROUPS];
    EACH_GROUP(groups) {
        fe51d_square(&aa[g], &p[g].a);
    }
    EACH_GROUP(groups) {
        fe51d_square(&bb[g], &p[g].b);
    }
    EACH_GROUP(groups) {
        fe51d_carry(&square_a[g], aa[g].column);
        fe51d_carry(&square_b[g], bb[g].column);
        fe51d_sub(&e[g], &square_a[g], &square_b[g]);
        fe51d_add_scaled(&f[g], &bb[g], 121666, &e[g]); /* 121666 = (486662 + 2) / 4 */
    }
    EACH_GROUP(groups) {
        fe51d_mul_biased(&r[g].x, &square_a[g], &square_b[g]);
    }
    EACH_GROUP(groups) {
        fe51d_mul(&r[g].z, &f[g], &e[g]);
    }
}

/* One step: doubles one of the two points and adds them; the sum does not depend on which is doubled. */
__attribute__((noinline)) static void ladder_step(int groups, sums doubled[], sums added[], const fe51d x1[],
                                                  const lane_mask other[]) {
    projective product[LADDER_GROUPS], next[LADDER_GROUPS];
    sums chosen[LADDER_GROUPS], s[LADDER_GROUPS];
    columns square[LADDER_GROUPS];
    fe51d carried[LADDER_GROUPS];
    EACH_GROUP(groups) {
        fe51d_mul_biased(&product[g].x, &added[g].b, &doubled[g].a);
    }
    EACH_GROUP(groups) {
        fe51d_mul(&product[g].z, &added[g].a, &doubled[g].b);
    }
    EACH_GROUP(groups) {
        fe51d_select(&chosen[g].a, other[g], &doubled[g].a, &added[g].a);
        fe51d_select(&chosen[g].b, other[g], &doubled[g].b, &added[g].b);
    }
    ladder_sums(groups, s, product);
    EACH_GROUP(groups) {
        fe51d_square(&square[g], &s[g].b);
    }
    EACH_GROUP(groups) {
        fe51d_square(&next[g].x, &s[g].a);
    }
    EACH_GROUP(groups) {
        fe51d_carry(&carried[g], square[g].column);
    }
    EACH_GROUP(groups) {
        fe51d_mul(&next[g].z, &carried[g], &x1[g]);
    }
    ladder_sums(groups, added, next);
    ladder_double(groups, next, chosen);
    ladder_sums(groups, doubled, next);
}

typedef struct {
    _Alignas(64) uint64_t limb[5][LADDER_WIDTH];
} limbs;

typedef struct {
    _Alignas(64) uint64_t word[4][LADDER_WIDTH];
} words;

/* Bit 255 is dropped. */
__attribute__((noinline)) static void load_points(columns *to, const uint8_t *const point[], uint64_t bias) {
    limbs l;
    for (int i = 0; i < LADDER_WIDTH; i++) {
        const uint64_t w0 = load64(point[i]), w1 = load64(point[i] + 8);
        const uint64_t w2 = load64(point[i] + 16), w3 = load64(point[i] + 24);
        l.limb[0][i] = w0 & FE51_MASK;
        l.limb[1][i] = (w0 >> 51 | w1 << 13) & FE51_MASK;
        l.limb[2][i] = (w1 >> 38 | w2 << 26) & FE51_MASK;
        l.limb[3][i] = (w2 >> 25 | w3 << 39) & FE51_MASK;
        l.limb[4][i] = w3 >> 12 & FE51_MASK;
    }
    for (int k = 0; k < 5; k++) {
        to->column[k] = vec_add(vec_load(l.limb[k]), vec_splat(bias));
    }
}

__attribute__((noinline)) static void load_scalars(words *to, const uint8_t *const scalar[]) {
    for (int i = 0; i < LADDER_WIDTH; i++) {
        for (int j = 0; j < 4; j++) {
            to->word[j][i] = load64(scalar[i] + 8 * j);
        }
        to->word[0][i] &= ~UINT64_C(7);
        to->word[3][i] = (to->word[3][i] & ~(UINT64_C(1) << 63)) | UINT64_C(1) << 62;
    }
}

/* Of carried elements, plus 2 p: no limb stays below zero. */
__attribute__((noinline)) static void store_elements(x25519_ratio ratio[], const fe51d *x, const fe51d *z) {
    const uint64_t p0 = 2 * (FE51_MASK - 18), p = 2 * FE51_MASK;
    limbs lx, lz;
    for (int k = 0; k < 5; k++) {
        const vec unbias = vec_splat((k == 0 ? p0 : p) - FE51D_LOW_BITS);
        vec_store(lx.limb[k], vec_add(real_bits(real_add(x->limb[k], real_splat(0x1.8p52))), unbias));
        vec_store(lz.limb[k], vec_add(real_bits(real_add(z->limb[k], real_splat(0x1.8p52))), unbias));
    }
    for (int i = 0; i < LADDER_WIDTH; i++) {
        fe51_carry(&ratio[i].x, lx.limb[0][i], lx.limb[1][i], lx.limb[2][i], lx.limb[3][i], lx.limb[4][i]);
        fe51_carry(&ratio[i].z, lz.limb[0][i], lz.limb[1][i], lz.limb[2][i], lz.limb[3][i], lz.limb[4][i]);
    }
}

__attribute__((noinline)) static void ladder(int groups, x25519_ratio ratio[], const uint8_t *const scalar[],
                                             const uint8_t *const u[]) {
    words w[LADDER_GROUPS];
    fe51d x1[LADDER_GROUPS];
    projective p[LADDER_GROUPS];
    sums added[LADDER_GROUPS], doubled[LADDER_GROUPS];
    lane_mask previous[LADDER_GROUPS], other[LADDER_GROUPS];
    EACH_GROUP(groups) {
        load_scalars(&w[g], scalar + g * LADDER_WIDTH);
        load_points(&p[g].x, u + g * LADDER_WIDTH, FE51D_BIAS);
        for (int k = 0; k < 5; k++) {
            p[g].z.column[k] = vec_splat(k == 0);
        }
        fe51d_carry(&x1[g], p[g].x.column);
        previous[g] = lanes_all();
    }
    /* Bit 254 is set and bit 255 is not (clamping): the ladder starts with P and 2 P. */
    ladder_sums(groups, added, p);
    ladder_double(groups, p, added);
    ladder_sums(groups, doubled, p);
    for (int position = 253; position >= 3; position--) {
        EACH_GROUP(groups) {
            const lane_mask bit = lanes_with_bit(vec_load(w[g].word[position >> 6]), position & 63);
            other[g] = lanes_xor(bit, previous[g]);
            previous[g] = bit;
        }
        ladder_step(groups, doubled, added, x1, other);
    }
    /* Bits 2, 1 and 0 are clear: only the point that is doubled matters from here on. */
    EACH_GROUP(groups) {
        fe51d_select(&doubled[g].a, previous[g], &doubled[g].a, &added[g].a);
        fe51d_select(&doubled[g].b, previous[g], &doubled[g].b, &added[g].b);
    }
    for (int i = 0; i < 2; i++) {
        ladder_double(groups, p, doubled);
        ladder_sums(groups, doubled, p);
    }
    ladder_double(groups, p, doubled);
    EACH_GROUP(groups) {
        fe51d x, z;
        fe51d_carry(&x, p[g].x.column);
        for (int k = 0; k < 5; k++) {
            p[g].z.column[k] = vec_add(p[g].z.column[k], vec_splat(FE51D_BIAS));
        }
        fe51d_carry(&z, p[g].z.column);
        store_elements(ratio + g * LADDER_WIDTH, &x, &z);
    }
}

/* groups times LADDER_WIDTH inputs. */
LANES_INLINE void ladder_in_mode(int groups, x25519_ratio ratio[], const uint8_t *const scalar[],
                                 const uint8_t *const u[]) {
    /* The ladder's mode of doubles is that of a process when it starts, but the caller may have chosen another one. */
    const ladder_mode mode = ladder_mode_of_caller();
    ladder_set_mode(LADDER_MODE);
    ladder(groups, ratio, scalar, u);
    ladder_set_mode(mode);
    ladder_end();
}

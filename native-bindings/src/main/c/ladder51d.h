/*
 * The Montgomery ladder of RFC 7748 section 5 over fe51d.h, LADDER_WIDTH inputs at once: the body of x25519_avx512.c,
 * x25519_avx2.c and x25519_neon.c, which define LADDER_NAME, what fe51d.h asks for, and the mode of doubles: its type
 * ladder_mode, ladder_mode_of_caller, ladder_set_mode, LADDER_MODE (rounds to nearest, traps no exception), ladder_end.
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

/* 2 P. */
__attribute__((noinline)) static void ladder_double(projective *r, const sums *p) {
    columns aa, bb;
    fe51d square_a, square_b, e, f;
    fe51d_square(&aa, &p->a);
    fe51d_square(&bb, &p->b);
    fe51d_carry(&square_a, aa.column);
    fe51d_carry(&square_b, bb.column);
    fe51d_sub(&e, &square_a, &square_b);
    fe51d_add_scaled(&f, &bb, 121666, &e); /* 121666 = (486662 + 2) / 4 */
    fe51d_mul_biased(&r->x, &square_a, &square_b);
    fe51d_mul(&r->z, &f, &e);
}

LANES_INLINE void ladder_sums(sums *r, const projective *p) {
    fe51d_sums(&r->a, &r->b, &p->x, &p->z);
}

/* One step: doubles one of the two points and adds them; the sum does not depend on which is doubled. */
__attribute__((noinline)) static void ladder_step(sums *doubled, sums *added, const fe51d *x1, lane_mask other) {
    projective product, next;
    sums chosen, s;
    columns square;
    fe51d carried;
    fe51d_mul_biased(&product.x, &added->b, &doubled->a);
    fe51d_mul(&product.z, &added->a, &doubled->b);
    fe51d_select(&chosen.a, other, &doubled->a, &added->a);
    fe51d_select(&chosen.b, other, &doubled->b, &added->b);
    ladder_sums(&s, &product);
    fe51d_square(&square, &s.b);
    fe51d_square(&next.x, &s.a);
    fe51d_carry(&carried, square.column);
    fe51d_mul(&next.z, &carried, x1);
    ladder_sums(added, &next);
    ladder_double(&next, &chosen);
    ladder_sums(doubled, &next);
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

__attribute__((noinline)) static void ladder(x25519_ratio ratio[LADDER_WIDTH],
                                             const uint8_t *const scalar[LADDER_WIDTH],
                                             const uint8_t *const u[LADDER_WIDTH]) {
    words w;
    fe51d x1;
    projective p;
    sums added, doubled;
    load_scalars(&w, scalar);
    load_points(&p.x, u, FE51D_BIAS);
    for (int k = 0; k < 5; k++) {
        p.z.column[k] = vec_splat(k == 0);
    }
    fe51d_carry(&x1, p.x.column);
    /* Bit 254 is set and bit 255 is not (clamping): the ladder starts with P and 2 P. */
    ladder_sums(&added, &p);
    ladder_double(&p, &added);
    ladder_sums(&doubled, &p);
    lane_mask previous = lanes_all();
    for (int position = 253; position >= 3; position--) {
        const lane_mask bit = lanes_with_bit(vec_load(w.word[position >> 6]), position & 63);
        ladder_step(&doubled, &added, &x1, lanes_xor(bit, previous));
        previous = bit;
    }
    /* Bits 2, 1 and 0 are clear: only the point that is doubled matters from here on. */
    fe51d_select(&doubled.a, previous, &doubled.a, &added.a);
    fe51d_select(&doubled.b, previous, &doubled.b, &added.b);
    for (int i = 0; i < 2; i++) {
        ladder_double(&p, &doubled);
        ladder_sums(&doubled, &p);
    }
    ladder_double(&p, &doubled);
    fe51d x, z;
    fe51d_carry(&x, p.x.column);
    for (int k = 0; k < 5; k++) {
        p.z.column[k] = vec_add(p.z.column[k], vec_splat(FE51D_BIAS));
    }
    fe51d_carry(&z, p.z.column);
    store_elements(ratio, &x, &z);
}

__attribute__((noinline)) void LADDER_NAME(x25519_ratio ratio[LADDER_WIDTH],
                                           const uint8_t *const scalar[LADDER_WIDTH],
                                           const uint8_t *const u[LADDER_WIDTH]) {
    /* The ladder's mode of doubles is that of a process when it starts, but the caller may have chosen another one. */
    const ladder_mode mode = ladder_mode_of_caller();
    ladder_set_mode(LADDER_MODE);
    ladder(ratio, scalar, u);
    ladder_set_mode(mode);
    ladder_end();
}

/*
 * X25519 for eight inputs at once on AVX-512 IFMA: the Montgomery ladder of RFC 7748 section 5 in eight lanes, and one
 * inversion for all of them.
 */
#include "ladder52x8.h"
#include "x25519.h"

/* Bit 255 is dropped: a value of 255 bits is an operand as it is. */
static void load_points(limbs *to, const uint8_t *const point[LANES_WIDTH]) {
    for (int i = 0; i < LANES_WIDTH; i++) {
        const uint64_t w0 = load64(point[i]), w1 = load64(point[i] + 8);
        const uint64_t w2 = load64(point[i] + 16), w3 = load64(point[i] + 24);
        to->limb[0][i] = w0 & FE52_MASK;
        to->limb[1][i] = (w0 >> 52 | w1 << 12) & FE52_MASK;
        to->limb[2][i] = (w1 >> 40 | w2 << 24) & FE52_MASK;
        to->limb[3][i] = (w2 >> 28 | w3 << 36) & FE52_MASK;
        to->limb[4][i] = w3 >> 16 & ((UINT64_C(1) << FE52_TOP_BITS) - 1);
    }
}

static void load_scalars(words *to, const uint8_t *const scalar[LANES_WIDTH]) {
    for (int i = 0; i < LANES_WIDTH; i++) {
        for (int j = 0; j < 4; j++) {
            to->word[j][i] = load64(scalar[i] + 8 * j);
        }
        to->word[0][i] &= ~UINT64_C(7);
        to->word[3][i] = (to->word[3][i] & ~(UINT64_C(1) << 63)) | UINT64_C(1) << 62;
    }
}

__attribute__((noinline)) void x25519_ladder_ifma(x25519_ratio ratio[LANES_WIDTH],
                                                  const uint8_t *const scalar[LANES_WIDTH],
                                                  const uint8_t *const u[LANES_WIDTH]) {
    limbs l;
    words w;
    load_points(&l, u);
    load_scalars(&w, scalar);
    const fe52x8 x1 = load_limbs(&l);
    const fe52x8 one = {splat(1), splat(0), splat(0), splat(0), splat(0)};

    /* Bit 254 is set and bit 255 is not (clamping): the ladder starts with P and 2 P. */
    projective added = {fe_add(x1, fe_bias()), one};
    projective doubled = ladder_double(fe_carry(fe_add(added.x, added.z)), fe_carry(fe_sub(added.x, added.z)));
    __mmask8 previous = 0xff;
    for (int position = 253; position >= 3; position--) {
        const __mmask8 bit = bits_at(&w, position);
        ladder_step(&doubled, &added, x1, (__mmask8) (bit ^ previous));
        previous = bit;
    }
    /* Bits 2, 1 and 0 are clear: only the doubled point matters from here on. */
    const sums s = ladder_sums(doubled, added);
    doubled = ladder_double(fe_select(previous, s.a, s.c), fe_select(previous, s.b, s.d));
    for (int i = 0; i < 2; i++) {
        doubled = ladder_double(fe_carry(fe_add(doubled.x, doubled.z)), fe_carry(fe_sub(doubled.x, doubled.z)));
    }

    fe51 x[LANES_WIDTH], z[LANES_WIDTH];
    store_elements(x, fe_carry(doubled.x));
    store_elements(z, fe_carry(doubled.z));
    for (int i = 0; i < LANES_WIDTH; i++) {
        ratio[i].x = x[i];
        ratio[i].z = z[i];
    }
}

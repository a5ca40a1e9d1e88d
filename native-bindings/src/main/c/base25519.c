/*
 * The table of multiples of the base point. Nothing here is secret. Points are (X : Y : Z : T) with x = X / Z, y = Y / Z,
 * x y = T / Z on -x^2 + y^2 = 1 + d x^2 y^2. Sources: RFC 8032 section 5.1; Hisil et al. 2008 for the addition, which is
 * complete here.
 */
#include "base25519.h"

base25519_digit base25519[BASE25519_DIGITS];

typedef struct {
    fe51 x, y, z, t;
} point;

/* RFC 8032 section 5.1, little endian in radix 2^51. */
static const fe51 BASE_X = {{UINT64_C(0x62d608f25d51a), UINT64_C(0x412a4b4f6592a), UINT64_C(0x75b7171a4b31d),
                             UINT64_C(0x1ff60527118fe), UINT64_C(0x216936d3cd6e5)}};
static const fe51 BASE_Y = {{UINT64_C(0x6666666666658), UINT64_C(0x4cccccccccccc), UINT64_C(0x1999999999999),
                             UINT64_C(0x3333333333333), UINT64_C(0x6666666666666)}};
static const fe51 ONE = {{1}};

static void add_points(point *r, const point *p, const point *q, const fe51 *d2) {
    fe51 a, b, c, d, e, f, g, h, s;
    fe51_sub(&a, &p->y, &p->x);
    fe51_sub(&s, &q->y, &q->x);
    fe51_mul(&a, &a, &s);
    fe51_add(&b, &p->y, &p->x);
    fe51_add(&s, &q->y, &q->x);
    fe51_mul(&b, &b, &s);
    fe51_mul(&c, &p->t, &q->t);
    fe51_mul(&c, &c, d2);
    fe51_mul(&d, &p->z, &q->z);
    fe51_add(&d, &d, &d);
    fe51_sub(&e, &b, &a);
    fe51_sub(&f, &d, &c);
    fe51_add(&g, &d, &c);
    fe51_add(&h, &b, &a);
    fe51_mul(&r->x, &e, &f);
    fe51_mul(&r->y, &g, &h);
    fe51_mul(&r->z, &f, &g);
    fe51_mul(&r->t, &e, &h);
}

/* 2 d, with d = -121665 / 121666. */
static fe51 twice_d(void) {
    const fe51 zero = {{0}}, numerator = {{2 * 121665}}, denominator = {{121666}};
    fe51 r, s;
    fe51_invert(&r, &denominator);
    fe51_mul(&r, &r, &numerator);
    fe51_sub(&s, &zero, &r);
    return s;
}

/* An element to column j of a matrix of limbs. */
static void store_column(uint64_t to[5][BASE25519_MULTIPLES], int j, const fe51 *a) {
    const uint64_t mask = (UINT64_C(1) << 52) - 1;
    uint8_t bytes[32];
    fe51_store(bytes, a);
    const uint64_t w0 = load64(bytes), w1 = load64(bytes + 8), w2 = load64(bytes + 16), w3 = load64(bytes + 24);
    to[0][j] = w0 & mask;
    to[1][j] = (w0 >> 52 | w1 << 12) & mask;
    to[2][j] = (w1 >> 40 | w2 << 24) & mask;
    to[3][j] = (w2 >> 28 | w3 << 36) & mask;
    to[4][j] = w3 >> 16;
}

static void store_multiple(base25519_digit *to, int j, const point *p, const fe51 *d2) {
    fe51 x, y, inverse, r;
    fe51_invert(&inverse, &p->z);
    fe51_mul(&x, &p->x, &inverse);
    fe51_mul(&y, &p->y, &inverse);
    fe51_add(&r, &y, &x);
    store_column(to->sum, j, &r);
    fe51_sub(&r, &y, &x);
    store_column(to->difference, j, &r);
    fe51_mul(&r, &x, &y);
    fe51_mul(&r, &r, d2);
    store_column(to->product, j, &r);
}

void base25519_prepare(void) {
    const fe51 d2 = twice_d();
    point p = {BASE_X, BASE_Y, ONE, {{0}}};
    fe51_mul(&p.t, &BASE_X, &BASE_Y);
    for (int i = 0; i < BASE25519_DIGITS; i++) {
        point twice, multiple = p;
        add_points(&twice, &p, &p, &d2);
        for (int j = 0; j < BASE25519_MULTIPLES; j++) {
            store_multiple(&base25519[i], j, &multiple, &d2);
            if (j < BASE25519_MULTIPLES - 1) {
                add_points(&multiple, &multiple, &twice, &d2);
            }
        }
        /* 15 times p and p once more are the next digit's. */
        add_points(&p, &multiple, &p, &d2);
    }
}

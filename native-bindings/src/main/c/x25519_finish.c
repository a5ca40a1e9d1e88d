/* The division that ends the ladders. */
#include "x25519.h"

__attribute__((noinline)) void x25519_finish(int count, uint8_t *const out[], uint8_t *ok, x25519_ratio ratio[]) {
    fe51 product[X25519_SHARED];
    uint64_t infinite[X25519_SHARED];
    /* A zero would make every other quotient zero too: it becomes a one here and its quotient is masked below. */
    for (int i = 0; i < count; i++) {
        infinite[i] = fe51_is_zero(&ratio[i].z);
        for (int j = 0; j < 5; j++) {
            ratio[i].z.v[j] &= ~infinite[i];
        }
        ratio[i].z.v[0] |= infinite[i] & 1;
    }
    product[0] = ratio[0].z;
    for (int i = 1; i < count; i++) {
        fe51_mul(&product[i], &product[i - 1], &ratio[i].z);
    }
    fe51 rest;
    fe51_invert(&rest, &product[count - 1]);
    for (int i = count - 1; i >= 0; i--) {
        fe51 quotient = rest;
        if (i > 0) {
            fe51_mul(&quotient, &rest, &product[i - 1]);
            fe51_mul(&rest, &rest, &ratio[i].z);
        }
        fe51_mul(&quotient, &quotient, &ratio[i].x);
        for (int j = 0; j < 5; j++) {
            quotient.v[j] &= ~infinite[i];
        }
        fe51_store(out[i], &quotient);
        if (ok != NULL) {
            ok[i] = (uint8_t) (1 & ~fe51_is_zero(&quotient));
        }
    }
}

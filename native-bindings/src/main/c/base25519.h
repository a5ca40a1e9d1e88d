/* Multiples of the base point of edwards25519 for x25519_base_ifma.c, computed when the library is loaded. */
#ifndef LANES_BASE25519_H
#define LANES_BASE25519_H

#include "fe51.h"

/* Digits of 4 bits that a scalar of 256 bits has, and multiples that a digit chooses from: 1, 3, to 15 times 16^i B. */
#define BASE25519_DIGITS 64
#define BASE25519_MULTIPLES 8

/* Of one digit: y + x, y - x and 2 d x y of its multiples, below p, each limb of radix 2^52 of all eight side by side. */
typedef struct {
    _Alignas(64) uint64_t sum[5][BASE25519_MULTIPLES];
    uint64_t difference[5][BASE25519_MULTIPLES];
    uint64_t product[5][BASE25519_MULTIPLES];
} base25519_digit;

/* Read only once base25519_prepare has returned. */
extern base25519_digit base25519[BASE25519_DIGITS];

/* Fills base25519: some tenths of a millisecond. */
void base25519_prepare(void);

#endif

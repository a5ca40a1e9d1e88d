/* Emulated vectors leave nothing in vector registers. */
#include "cleanse.h"

void cleanse(void) {}

void cleanse_avx2(void) {}

void cleanse_after_avx512_ladder(void) {}

void cleanse_after_avx2_ladder(void) {}

/* The choice of a level, apart from the processor that it is for, so that it can be tested. */
#ifndef LANES_LEVEL_H
#define LANES_LEVEL_H

#include <stdint.h>

/* The highest level for bits of LANES_CPU_*. */
int32_t lanes_level_of(uint32_t has);

/* What lanes_reason says for them. */
const char *lanes_reason_of(uint32_t has);

#endif

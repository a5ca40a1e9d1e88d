/* Shared by the translation units of the library; nothing here is exported. */
#ifndef LANES_INTERNAL_H
#define LANES_INTERNAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Lanes of one vector kernel call. */
#define LANES_WIDTH 8

#ifdef LANES_CHECK_BOUNDS
#include <stdio.h>
#include <stdlib.h>
#define LANES_BOUND(condition)                                                                                         \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: bound violated: %s\n", __FILE__, __LINE__, #condition);                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)
#endif

/*
 * Declares that the former secret may be branched on from here, to a build whose secrets are marked as uninitialised memory
 * (clang's MemorySanitizer or valgrind, see lanes_secrets.c). Does nothing otherwise.
 */
#ifdef LANES_MEMCHECK
#include <valgrind/memcheck.h>
#define LANES_PUBLIC(p, n) ((void) VALGRIND_MAKE_MEM_DEFINED((p), (n)))
#endif
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define LANES_PUBLIC(p, n) __msan_unpoison((p), (n))
#endif
#endif
#ifndef LANES_PUBLIC
#define LANES_PUBLIC(p, n) ((void) (p), (void) (n))
#endif

/* Zeroes memory in a way that the compiler may not drop, though the memory is never read again. */
static inline void lanes_wipe(void *p, size_t n) {
    memset(p, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory");
}

#endif

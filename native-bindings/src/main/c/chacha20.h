/* ChaCha20, many blocks at once. Source: RFC 8439 section 2.3. */
#ifndef LANES_CHACHA20_H
#define LANES_CHACHA20_H

#include "lanes_internal.h"

#define CHACHA20_BLOCK 64

/* Most blocks of a vector. */
#define CHACHA20_WIDTH 16

/* length bytes at text, to be xored with the stream of key and nonce (NULL: all zero) from block counter on. */
typedef struct {
    uint8_t *text;
    const uint8_t *key;
    const uint8_t *nonce;
    uint32_t counter;
    uint32_t length;
} chacha20_run;

/* The functions of a level, whose vectors take width blocks, at most CHACHA20_WIDTH. */
typedef struct {
    int width;
    /* How many runs are collected for the wide functions: 2, or 1 where xor_wide2 is NULL. */
    int wide_most;
    /* Xors the first width blocks of one run: one in each lane. */
    void (*xor_wide)(const chacha20_run *run);
    /* The same for two runs, interleaved. */
    void (*xor_wide2)(const chacha20_run *first, const chacha20_run *second);
    /* Xors 1 to width runs of at most one block each: every lane has its own key, nonce and counter. */
    void (*xor_blocks)(int count, const chacha20_run run[]);
} chacha20_kernel;

/* For arm64. */
extern const chacha20_kernel chacha20_neon;

/* Needs AVX2. */
extern const chacha20_kernel chacha20_avx2;

/* Needs AVX-512 F and BW. */
extern const chacha20_kernel chacha20_avx512;

/*
 * Runs of any length, cut into pieces of width blocks and single blocks, each of which wait until a call is full. Starts
 * as {.kernel = k}. A run's texts, keys and nonces have to stay until chacha20_flush, after which the queue
 * is empty again.
 */
typedef struct {
    const chacha20_kernel *kernel;
    int wide_count;
    int block_count;
    chacha20_run wide[2];
    chacha20_run block[CHACHA20_WIDTH];
} chacha20_queue;

void chacha20_enqueue(chacha20_queue *queue, const chacha20_run *run);

void chacha20_flush(chacha20_queue *queue);

#endif

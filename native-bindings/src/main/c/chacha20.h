/* ChaCha20 on AVX-512: sixteen blocks at once. Needs AVX-512 F and BW. Source: RFC 8439 section 2.3. */
#ifndef LANES_CHACHA20_H
#define LANES_CHACHA20_H

#include "lanes_internal.h"

#define CHACHA20_BLOCK 64
#define CHACHA20_WIDTH 16
#define CHACHA20_WIDE (CHACHA20_BLOCK * CHACHA20_WIDTH)

/* length bytes at text, to be xored with the stream of key and nonce (NULL: all zero) from block counter on. */
typedef struct {
    uint8_t *text;
    const uint8_t *key;
    const uint8_t *nonce;
    uint32_t counter;
    uint32_t length;
} chacha20_run;

/* Xors the first CHACHA20_WIDE bytes of one run: its sixteen blocks in sixteen lanes. */
void chacha20_xor_wide(const chacha20_run *run);

/* The same for two runs, interleaved. */
void chacha20_xor_wide2(const chacha20_run *first, const chacha20_run *second);

/* Xors 1 to CHACHA20_WIDTH runs of at most one block each: every lane has its own key, nonce and counter. */
void chacha20_xor_blocks(int count, const chacha20_run run[]);

/*
 * Runs of any length, cut into wide pieces, taken in pairs, and single blocks, taken sixteen at a time. Starts as {0}. A
 * run's texts, keys and nonces have to stay until chacha20_flush, after which the queue is empty again.
 */
typedef struct {
    int wide_count;
    int block_count;
    chacha20_run wide[2];
    chacha20_run block[CHACHA20_WIDTH];
} chacha20_queue;

void chacha20_enqueue(chacha20_queue *queue, const chacha20_run *run);

void chacha20_flush(chacha20_queue *queue);

#endif

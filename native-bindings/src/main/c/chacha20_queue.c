#include "chacha20.h"

static void flush_wide(chacha20_queue *queue) {
    if (queue->wide_count == 2) {
        chacha20_xor_wide2(&queue->wide[0], &queue->wide[1]);
    } else if (queue->wide_count == 1) {
        chacha20_xor_wide(&queue->wide[0]);
    }
    queue->wide_count = 0;
}

static void flush_blocks(chacha20_queue *queue) {
    if (queue->block_count > 0) {
        chacha20_xor_blocks(queue->block_count, queue->block);
    }
    queue->block_count = 0;
}

void chacha20_enqueue(chacha20_queue *queue, const chacha20_run *run) {
    chacha20_run rest = *run;
    while (rest.length >= CHACHA20_WIDE) {
        queue->wide[queue->wide_count++] = rest;
        if (queue->wide_count == 2) {
            flush_wide(queue);
        }
        rest.text += CHACHA20_WIDE;
        rest.counter += CHACHA20_WIDTH;
        rest.length -= CHACHA20_WIDE;
    }
    while (rest.length > 0) {
        chacha20_run *block = &queue->block[queue->block_count++];
        *block = rest;
        block->length = rest.length < CHACHA20_BLOCK ? rest.length : CHACHA20_BLOCK;
        rest.text += block->length;
        rest.counter++;
        rest.length -= block->length;
        if (queue->block_count == CHACHA20_WIDTH) {
            flush_blocks(queue);
        }
    }
}

void chacha20_flush(chacha20_queue *queue) {
    flush_wide(queue);
    flush_blocks(queue);
}

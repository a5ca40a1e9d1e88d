#include "chacha20.h"

static void flush_wide(chacha20_queue *queue) {
    if (queue->wide_count == 2) {
        queue->kernel->xor_wide2(&queue->wide[0], &queue->wide[1]);
    } else if (queue->wide_count == 1) {
        queue->kernel->xor_wide(&queue->wide[0]);
    }
    queue->wide_count = 0;
}

static void flush_blocks(chacha20_queue *queue) {
    if (queue->block_count > 0) {
        queue->kernel->xor_blocks(queue->block_count, queue->block);
    }
    queue->block_count = 0;
}

void chacha20_enqueue(chacha20_queue *queue, const chacha20_run *run) {
    const uint32_t width = (uint32_t) queue->kernel->width, wide = width * CHACHA20_BLOCK;
    chacha20_run rest = *run;
    while (rest.length >= wide) {
        queue->wide[queue->wide_count++] = rest;
        if (queue->wide_count == queue->kernel->wide_most) {
            flush_wide(queue);
        }
        rest.text += wide;
        rest.counter += width;
        rest.length -= wide;
    }
    while (rest.length > 0) {
        chacha20_run *block = &queue->block[queue->block_count++];
        *block = rest;
        block->length = rest.length < CHACHA20_BLOCK ? rest.length : CHACHA20_BLOCK;
        rest.text += block->length;
        rest.counter++;
        rest.length -= block->length;
        if (queue->block_count == queue->kernel->width) {
            flush_blocks(queue);
        }
    }
}

void chacha20_flush(chacha20_queue *queue) {
    flush_wide(queue);
    flush_blocks(queue);
}

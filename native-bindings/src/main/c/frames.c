#include "frames.h"

/* Block 0 of each frame's stream is its Poly1305 key; the text's stream starts with block 1. */
static void poly1305_keys(const frames *f, uint8_t mac_key[FRAMES_WIDTH][POLY1305_KEY]) {
    memset(mac_key, 0, FRAMES_WIDTH * POLY1305_KEY);
    chacha20_queue queue = {.kernel = f->chacha20};
    for (int i = 0; i < f->count; i++) {
        chacha20_enqueue(&queue, &(chacha20_run) {mac_key[i], f->key[i], f->nonce[i], 0, POLY1305_KEY});
    }
    chacha20_flush(&queue);
}

static void tags(const frames *f, const uint8_t mac_key[FRAMES_WIDTH][POLY1305_KEY],
                 uint8_t tag[FRAMES_WIDTH][POLY1305_TAG]) {
    const int width = f->poly1305->width;
    for (int first = 0; first < f->count; first += width) {
        const uint8_t *ad[LANES_WIDTH], *text[LANES_WIDTH];
        for (int j = 0; j < width; j++) {
            /* Lanes without a frame repeat the first one's. */
            const int i = first + j < f->count ? first + j : first;
            ad[j] = f->ad[i];
            text[j] = f->text[i];
        }
        f->poly1305->aead(tag + first, mac_key + first, ad, f->ad_length, text, f->length);
    }
}

__attribute__((noinline)) void frames_seal(const frames *f, uint8_t *const tag[]) {
    uint8_t mac_key[FRAMES_WIDTH][POLY1305_KEY], computed[FRAMES_WIDTH][POLY1305_TAG];
    chacha20_queue queue = {.kernel = f->chacha20};
    for (int i = 0; i < f->count; i++) {
        chacha20_enqueue(&queue, &(chacha20_run) {f->text[i], f->key[i], f->nonce[i], 1, f->length});
    }
    chacha20_flush(&queue);
    poly1305_keys(f, mac_key);
    tags(f, mac_key, computed);
    for (int i = 0; i < f->count; i++) {
        memcpy(tag[i], computed[i], POLY1305_TAG);
    }
}

/* 1 if equal, in constant time. */
static uint8_t same_tag(const uint8_t *a, const uint8_t *b) {
    uint64_t x[2], y[2];
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    const uint64_t difference = (x[0] ^ y[0]) | (x[1] ^ y[1]);
    return (uint8_t) (1 ^ ((difference | (0 - difference)) >> 63));
}

__attribute__((noinline)) void frames_open(const frames *f, const uint8_t *const tag[], uint8_t ok[]) {
    uint8_t mac_key[FRAMES_WIDTH][POLY1305_KEY], computed[FRAMES_WIDTH][POLY1305_TAG];
    poly1305_keys(f, mac_key);
    tags(f, mac_key, computed);
    chacha20_queue queue = {.kernel = f->chacha20};
    for (int i = 0; i < f->count; i++) {
        ok[i] = same_tag(computed[i], tag[i]);
        /* The caller acts on the verdict. */
        LANES_PUBLIC(&ok[i], 1);
        if (ok[i]) {
            chacha20_enqueue(&queue, &(chacha20_run) {f->text[i], f->key[i], f->nonce[i], 1, f->length});
        }
    }
    chacha20_flush(&queue);
}

/* The exported functions that every architecture has: they cut batches into vectors and wipe the kernels' residue. */
#include "lanes.h"

#include "frames.h"
#include "lanes_level.h"

int lanes_abi(void) {
    return LANES_ABI;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Input of unused lanes. */
static const uint8_t NO_SCALAR[32] = {0};
static const uint8_t BASE_POINT[32] = {9};

/* point NULL: the base point. ok NULL: not wanted. */
__attribute__((noinline)) static void x25519_batch(x25519_kernel kernel, int count, uint8_t *const out[],
                                                   const uint8_t *const scalar[], const uint8_t *const point[],
                                                   uint8_t *ok) {
    x25519_ratio ratio[X25519_SHARED];
    for (int done = 0; done < count; done += X25519_SHARED) {
        const int shared = least(count - done, X25519_SHARED);
        for (int first = 0; first < shared; first += kernel.width) {
            const uint8_t *s[LANES_WIDTH], *u[LANES_WIDTH];
            for (int j = 0; j < kernel.width; j++) {
                const int i = done + first + j;
                s[j] = i < count ? scalar[i] : NO_SCALAR;
                u[j] = i < count && point != NULL ? point[i] : BASE_POINT;
            }
            if (point == NULL && kernel.base != NULL) {
                kernel.base(&ratio[first], s);
            } else if (shared - first <= kernel.width / 2 && kernel.half != NULL) {
                kernel.half(&ratio[first], s, u);
            } else {
                kernel.ladder(&ratio[first], s, u);
            }
        }
        x25519_finish(shared, out + done, ok == NULL ? NULL : ok + done, ratio);
    }
}

int lanes_x25519(int32_t wanted, int32_t count, uint8_t *const out[], const uint8_t *const scalar[],
                 const uint8_t *const point[], uint8_t ok[]) {
    if (!level_runs(wanted)) {
        return -1;
    }
    const x25519_kernel kernel = x25519_kernel_of(wanted);
    x25519_batch(kernel, count, out, scalar, point, ok);
    kernel.cleanse();
    return 0;
}

int lanes_x25519_base(int32_t wanted, int32_t count, uint8_t *const out[], const uint8_t *const scalar[]) {
    if (!level_runs(wanted)) {
        return -1;
    }
    const x25519_kernel kernel = x25519_kernel_of(wanted);
    x25519_batch(kernel, count, out, scalar, NULL, NULL);
    kernel.cleanse();
    return 0;
}

__attribute__((noinline)) static void chacha20_batch(const chacha20_kernel *kernel, int count, uint8_t *const text[],
                                                     int32_t length, const uint8_t *const key[]) {
    chacha20_queue queue = {.kernel = kernel};
    for (int i = 0; i < count; i++) {
        chacha20_enqueue(&queue, &(chacha20_run) {text[i], key[i], NULL, 0, (uint32_t) length});
    }
    chacha20_flush(&queue);
}

int lanes_chacha20_xor(int32_t wanted, int32_t count, uint8_t *const text[], int32_t length,
                       const uint8_t *const key[]) {
    if (!level_runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_kernels_of(wanted);
    chacha20_batch(kernels.chacha20, count, text, length, key);
    kernels.cleanse();
    return 0;
}

__attribute__((noinline)) static void blake2b_batch(const blake2b_kernel *kernel, int count, uint8_t *const out[],
                                                    const uint8_t *const in[], const uint8_t *const key[],
                                                    const blake2b_shape *shape) {
    uint8_t nowhere[64];
    for (int first = 0; first < count; first += kernel->most) {
        const int width = count - first > kernel->width ? kernel->most : kernel->width;
        uint8_t *o[BLAKE2B_WIDTH];
        const uint8_t *m[BLAKE2B_WIDTH], *k[BLAKE2B_WIDTH];
        for (int j = 0; j < width; j++) {
            const int i = first + j < count ? first + j : first;
            o[j] = first + j < count ? out[i] : nowhere;
            m[j] = in[i];
            k[j] = key[i];
        }
        kernel->vectors(shape, width, o, m, k);
    }
}

int lanes_blake2b(int32_t wanted, int32_t count, uint8_t *const out[], int32_t out_length, const uint8_t *const in[],
                  int32_t in_length, const uint8_t *const key[], int32_t key_length, const uint8_t *salt,
                  const uint8_t *personal) {
    if (!level_runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_kernels_of(wanted);
    const blake2b_shape shape = {(size_t) out_length, (size_t) in_length, (size_t) key_length, salt, personal};
    blake2b_batch(kernels.blake2b, count, out, in, key, &shape);
    kernels.cleanse();
    return 0;
}

int lanes_aead_seal(int32_t wanted, int32_t count, uint8_t *const text[], int32_t length, uint8_t *const tag[],
                    const uint8_t *const ad[], int32_t ad_length, const uint8_t *const nonce[],
                    const uint8_t *const key[]) {
    if (!level_runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_kernels_of(wanted);
    for (int i = 0; i < count; i += FRAMES_WIDTH) {
        const frames f = {kernels.chacha20,  kernels.poly1305, least(count - i, FRAMES_WIDTH), text + i,
                          (uint32_t) length, ad + i,           (size_t) ad_length,             nonce + i,
                          key + i};
        frames_seal(&f, tag + i);
    }
    kernels.cleanse();
    return 0;
}

int lanes_aead_open(int32_t wanted, int32_t count, uint8_t *const text[], int32_t length, const uint8_t *const tag[],
                    const uint8_t *const ad[], int32_t ad_length, const uint8_t *const nonce[],
                    const uint8_t *const key[], uint8_t ok[]) {
    if (!level_runs(wanted)) {
        return -1;
    }
    const symmetric_kernels kernels = symmetric_kernels_of(wanted);
    for (int i = 0; i < count; i += FRAMES_WIDTH) {
        const frames f = {kernels.chacha20,  kernels.poly1305, least(count - i, FRAMES_WIDTH), text + i,
                          (uint32_t) length, ad + i,           (size_t) ad_length,             nonce + i,
                          key + i};
        frames_open(&f, tag + i, ok + i);
    }
    kernels.cleanse();
    return 0;
}

/**
 * Cryptography in batches for the packet path: {@code BatchCrypto} and its two providers, {@code sodium} (one call of
 * libsodium per packet) and {@code lanes} (our SIMD kernels, chosen when the processor has them and their self-test passes).
 *
 * <p>Each method takes arrays of addresses and works on the whole batch. Both providers give the same results bit for bit.
 *
 * <p>Threading: a provider is shared; the operand arrays of a call belong to its thread. Imports {@code crypto} and {@code
 * natives}.
 */
package io.millrace.crypto.provider;

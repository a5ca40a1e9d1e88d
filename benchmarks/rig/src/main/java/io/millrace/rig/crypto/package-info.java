/**
 * Providers of cryptography around another provider: one with a stopwatch, and those that do one primitive otherwise, so
 * that a measurement shows the cost of that primitive.
 *
 * <p>They are for measurements alone: {@code UnsealedCrypto} protects nothing. Each knows the provider it is around and
 * nothing of the engine. Threading: as that provider's.
 */
package io.millrace.rig.crypto;

/**
 * Unpredictable delays that anyone can check later: verifiable random functions, the delay distributions, and the
 * sampler that gives each packet its delay.
 *
 * <p>Spec: RFC 9381 (ECVRF, suites edwards25519 TAI and ELL2) and {@code src/docs/specs/delay.md}. RFC 9381's alpha, beta
 * and gamma are {@code vrfInput}, {@code vrfOutput} and {@code vrfGamma} here, because Sphinx uses these letters too.
 *
 * <p>Threading: distributions, public keys and proofs are immutable. Provers, verifiers and samplers own scratch memory
 * and belong to one thread each.
 *
 * <p>This package must know neither the layout of a packet nor the wheel.
 */
package io.millrace.vrf;

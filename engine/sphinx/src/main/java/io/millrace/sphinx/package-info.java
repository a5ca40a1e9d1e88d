/**
 * Sphinx packets, wire profile {@code mr1}: wrapping, peeling, single-use reply blocks, replay protection.
 *
 * <p>{@link io.millrace.sphinx.SphinxPeeler} works in two phases over a batch, so that its caller can look for replays
 * between the check of the header and the first change to a packet. {@link io.millrace.sphinx.SphinxWrapper} is the
 * client's side. All lengths come from {@link io.millrace.sphinx.SphinxGeometry}.
 *
 * <p>This package must not know links, the wheel, the relay or any clock.
 *
 * <p>Source: Danezis and Goldberg, "Sphinx: A Compact and Provably Secure Mix Format", 2009; names follow the paper. The
 * profile itself is described in {@code src/docs/specs/sphinx-mr1.md}.
 */
package io.millrace.sphinx;

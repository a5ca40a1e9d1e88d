/**
 * HTX frames of an ordered carrier: layout and types, sealing and opening in batches, and the key schedule of a direction
 * with its rekeying.
 *
 * <p>Threading: each object belongs to one thread. It must not know sessions, streams or sockets. Imports {@code noise} and
 * {@code crypto}.
 *
 * <p>Source: {@code src/docs/specs/htx.md}; RFC 8439 (ChaCha20-Poly1305), RFC 9000 section 16 (variable-length integers).
 */
package io.millrace.frame;

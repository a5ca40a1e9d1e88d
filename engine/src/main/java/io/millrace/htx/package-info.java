/**
 * Links between neighbours, wire profile {@code htx1}: keys per direction, the frame around a Sphinx packet, sealing and
 * opening in batches, and the window against replayed datagrams.
 *
 * <p>Imports {@code crypto} only. It must not know what is in a packet, nor who the peers are.
 *
 * <p>Source: {@code src/docs/link-frame.md}; RFC 8439 (ChaCha20-Poly1305), RFC 6479 (window).
 */
package io.millrace.htx;

/**
 * Links between neighbours, wire profile {@code htx1}: handshakes and the sessions they make, keys per direction, the
 * frame around a Sphinx packet, sealing and opening in batches, and the window against replayed datagrams.
 *
 * <p>Imports {@code crypto} and {@code noise} only. It must know neither packets nor peers.
 *
 * <p>Source: {@code src/docs/specs/links.md}; Noise rev 34; RFC 8439 (ChaCha20-Poly1305), RFC 6479 (window).
 */
package io.millrace.htx;

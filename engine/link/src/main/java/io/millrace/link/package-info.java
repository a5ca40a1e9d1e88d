/**
 * Links between neighbouring relays, wire profile {@code htx1} over datagrams: handshakes, the sessions that they make, key
 * generations per direction, the frame of one Sphinx packet, sealing and opening in batches, and the replay window.
 *
 * <p>Threading: handshakes and probes belong to one thread; sealing and opening may belong to others, and a key slot is
 * used again only after all of them have passed a quiescent point.
 *
 * <p>It must not know the content of a packet. Imports {@code frame}, {@code htx.handshake}, {@code noise} and {@code crypto}.
 *
 * <p>Source: {@code src/docs/specs/links.md}; Noise rev 34; RFC 8439 (ChaCha20-Poly1305), RFC 6479 (window).
 */
package io.millrace.link;

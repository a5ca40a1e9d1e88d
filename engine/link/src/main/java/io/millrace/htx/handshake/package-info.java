/**
 * Noise XK handshakes of HTX, classical and hybrid: the initiator, the responder, and the acceptor that admits strangers
 * before it computes anything for them.
 *
 * <p>Threading: a handshake belongs to one thread; a {@code HandshakeAcceptor} serves all of them. A finished handshake
 * yields its transport and ends. It must not know frames or sockets. Imports {@code htx.admission}, {@code noise} and
 * {@code crypto}.
 *
 * <p>Source: {@code src/docs/specs/htx.md}; Noise rev 34 section 7.5 (XK).
 */
package io.millrace.htx.handshake;

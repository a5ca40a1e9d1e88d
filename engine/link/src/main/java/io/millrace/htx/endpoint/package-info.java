/**
 * HTX sessions over TCP for applications: an endpoint that listens and connects, connections that a handshake has
 * authenticated, and streams to read and write.
 *
 * <p>Threading: blocking sockets and virtual threads. A listener has one that accepts; each connection on its way in has one
 * that makes the handshake and then runs the application's handler; a connection on its way out is made by its caller's
 * thread. Each session has one thread that receives and one that sends, joined with the application's threads by a lock
 * that none holds while it blocks. One thread per endpoint watches the time ({@code Deadlines}).
 *
 * <p>Isolation: whatever a predicate, a handler or one connection throws, errors included, ends that connection, is counted
 * and reported. Ownership: a handshake belongs to one thread, a session to its connection, which frees it after its threads
 * have ended. Imports {@code htx.session}, {@code htx.handshake}, {@code htx.admission}, {@code frame}, {@code noise} and
 * {@code crypto}.
 */
package io.millrace.htx.endpoint;

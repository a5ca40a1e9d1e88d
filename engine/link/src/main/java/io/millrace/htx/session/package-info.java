/**
 * HTX sessions: streams with flow control, keepalive, padding, rekeying and orderly closing over the frames of one
 * connection.
 *
 * <p>Pure state machines: the caller brings bytes and the time. Threading: one thread at a time per session. It must not
 * know sockets. Imports {@code frame}, {@code noise} and {@code crypto}.
 *
 * <p>Source: {@code src/docs/specs/htx-sessions.md}.
 */
package io.millrace.htx.session;

/**
 * Who may begin a handshake: what a stranger's first message must pass before any Diffie-Hellman work is done for it.
 * Cheapest first: length and version, the token bucket of the sender's network, the ticket's key id and MAC, and whether
 * the same ticket was seen before. Everything is bounded: a flood neither grows memory nor pushes anything out.
 *
 * <p>Imports {@code crypto} only; the handshake itself is {@code htx}'s.
 *
 * <p>Threading: {@link io.millrace.htx.admission.Admission} belongs to the thread that accepts connections, counters may
 * be read by any.
 *
 * <p>Source: {@code src/docs/htx.md}.
 */
package io.millrace.htx.admission;

/**
 * Who may begin a handshake: what a stranger's first message must pass before any Diffie-Hellman work is done for it.
 * Cheapest first: length and version, the token bucket of the sender's network, the ticket's key id and MAC, and whether
 * the same ticket was seen before. Everything is bounded, and bounds are shared: what one network or one holder of a ticket
 * key sends uses up its own share. Which sessions keep their places when all are taken is decided here, too.
 *
 * <p>Imports {@code crypto} only; the handshake itself is {@code htx}'s.
 *
 * <p>Threading: {@link io.millrace.htx.admission.Admission}, {@link io.millrace.htx.admission.StrangerAdmission},
 * {@link io.millrace.htx.admission.SessionPlaces} and the counters may be used by several threads at once.
 *
 * <p>Source: {@code src/docs/specs/htx.md}.
 */
package io.millrace.htx.admission;

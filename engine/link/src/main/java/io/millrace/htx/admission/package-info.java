/**
 * Admission to handshakes: checks of a stranger's first message before any Diffie-Hellman work.
 * Cheapest first: length and version, the token bucket of the sender's network, the ticket's key id and MAC, and whether
 * the same ticket was seen before. Everything is bounded, and bounds are shared: messages of one network or of one holder
 * of a ticket key use up its share only. Which sessions keep their places when all are taken is decided here, too.
 *
 * <p>Imports {@code crypto} only; the handshake itself is {@code htx}'s.
 *
 * <p>Threading: {@link io.millrace.htx.admission.Admission}, {@link io.millrace.htx.admission.StrangerAdmission},
 * {@link io.millrace.htx.admission.SessionPlaces} and the counters may be used by several threads at once.
 *
 * <p>Source: {@code src/docs/specs/htx.md}.
 */
package io.millrace.htx.admission;

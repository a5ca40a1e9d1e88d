/**
 * The process that {@code knee} measures: a relay, or a bare forwarder, behind a socket of the loopback address.
 *
 * <p>{@code SubjectChild} obeys the lines of the measuring process, whose end is {@code SubjectProcess}. Both ends open their
 * sockets through {@code KneeSocket}.
 */
package io.millrace.rig.knee.subject;

/**
 * The command {@code doctor}: fitness of this machine for a relay, with the command that mends each
 * finding.
 *
 * <p>Each {@link io.millrace.cli.doctor.Probe} looks at one thing and changes nothing.
 */
package io.millrace.cli.doctor;

/**
 * The command {@code doctor}: what this machine offers to a relay, and for whatever is missing the command that mends
 * it.
 *
 * <p>Each {@link io.millrace.cli.doctor.Probe} looks at one thing and changes nothing.
 */
package io.millrace.cli.doctor;

/**
 * Further processes of this program: their command line, their events, and their end.
 *
 * <p>Knows no command.
 */
package io.millrace.cli.process;

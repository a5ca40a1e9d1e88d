/**
 * Further processes of this program: their command line, what is heard from them, and how they are ended.
 *
 * <p>Knows no command.
 */
package io.millrace.cli.process;

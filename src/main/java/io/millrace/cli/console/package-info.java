/**
 * Shared by the commands: options, output for people or programs, exit codes, and errors in one line.
 *
 * <p>Knows no command and nothing of the engine but where the native library comes from.
 */
package io.millrace.cli.console;

/** Kills the real program with SIGKILL under load and checks what it must not lose. */
package io.millrace.cli.kill;

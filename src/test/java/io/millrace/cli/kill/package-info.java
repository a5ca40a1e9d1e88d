/** Kills the real program with SIGKILL under load and checks for losses. */
package io.millrace.cli.kill;

/**
 * The command-line program {@code millrace}: parses, prints and exits; everything else is in the engine.
 *
 * <p>Exit codes of every command: 0 done and every check held; 1 it ran and a check failed, or a fault of the program
 * itself; 2 wrong usage, configuration or files, with one line on stderr that says which; 3 something that was asked for
 * could not be tried.
 */
package io.millrace.cli;

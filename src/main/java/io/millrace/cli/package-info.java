/** The command-line program {@code millrace}: parses, prints and exits; everything else is in the engine. */
package io.millrace.cli;

/** The command {@code relay}: runs the relay of a configuration file, and prints how it went. */
package io.millrace.cli.node;

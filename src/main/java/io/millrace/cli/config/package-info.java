/** Options that say how the relay works that a command measures: the text forms of its file on the command line. */
package io.millrace.cli.config;

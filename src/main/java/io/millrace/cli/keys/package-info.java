/** The command {@code keygen}: makes key files and pre-shared keys, and shows the public part of a key file. */
package io.millrace.cli.keys;

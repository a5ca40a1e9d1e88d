/**
 * The forms of text that people hand to the program and read from it: files, network addresses, hexadecimal.
 *
 * <p>One reader and one writer for each form, so that every command reads the output of every other. Refusals are
 * {@link java.lang.IllegalArgumentException} or {@link java.io.IOException}; the caller names the option or key.
 */
package io.millrace.cli.text;

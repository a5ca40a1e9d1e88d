/**
 * Forms of text that people write and read: files, network addresses, hexadecimal, and text of others made safe to print.
 *
 * <p>One reader and one writer for each form, so that each program takes what another prints. Refusals are
 * {@link java.lang.IllegalArgumentException} or {@link java.io.IOException}; the caller names the option or key, and makes a
 * {@link io.millrace.text.ConfigException} of them.
 */
package io.millrace.text;

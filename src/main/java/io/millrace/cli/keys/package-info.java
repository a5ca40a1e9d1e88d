/**
 * Key files and the command {@code keygen}.
 *
 * <p>Secrets go between a file and off-heap keys without becoming a {@code String}; heap buffers on the way are wiped.
 * No secret reaches a message or, but for {@code keygen --psk} without a file, stdout.
 */
package io.millrace.cli.keys;

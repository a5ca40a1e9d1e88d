/**
 * Key files: the secrets of a node, its epochs and its links.
 *
 * <p>Secrets go between a file and off-heap keys without becoming a {@code String}; heap buffers on the way are wiped.
 * No secret reaches a message.
 */
package io.millrace.node.keys;

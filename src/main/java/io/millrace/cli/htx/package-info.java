/**
 * {@code htx}: sessions between two ends from the command line.
 *
 * <p>{@code --raw-noise} speaks bare Noise XK messages, each behind its length in two bytes, big endian, so that other
 * implementations of Noise can be put against this one.
 */
package io.millrace.cli.htx;

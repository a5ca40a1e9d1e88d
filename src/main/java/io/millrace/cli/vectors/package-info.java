/**
 * The command {@code vectors}: runs published test vectors through this program's own cryptography.
 *
 * <p>A file is recognised by its shape, never by its name: each {@link io.millrace.cli.vectors.VectorShape} knows one.
 * The operations of the batch provider are checked through it, alone and in every position of a batch, besides the facade; the
 * rest through the facade. Single threaded.
 */
package io.millrace.cli.vectors;

/**
 * {@code bench --htx}: costs of frames, changes of key and streams of HTX, next to the bare AEAD, in one thread and without a
 * socket.
 *
 * <p>{@code HtxBench} measures and prints, {@code FrameLoop} and {@code SessionLoop} are timed by it, and
 * {@code HtxBenchReport} is the result.
 */
package io.millrace.cli.bench.htx;

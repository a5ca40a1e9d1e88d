/**
 * {@code bench --htx}: what frames, changes of key and streams of HTX cost beside the bare AEAD, in one thread and without a
 * socket.
 *
 * <p>{@code HtxBench} measures and prints, {@code FrameLoop} and {@code SessionLoop} are what it times, and
 * {@code HtxBenchReport} is the result.
 */
package io.millrace.cli.bench.htx;

/**
 * Measures frames, key changes, streams and handshakes of HTX, with the bare AEAD for comparison.
 *
 * <p>{@code HtxBench} measures, {@code FrameLoop}, {@code SessionLoop} and {@code HandshakeLoop} do the timed work, and
 * {@code HtxBenchReport} is the result.
 */
package io.millrace.rig.htx;

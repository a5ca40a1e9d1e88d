/**
 * {@code bench}: real Sphinx packets through the whole engine in one process, with the figures that say how many, how
 * fast and where the time goes.
 *
 * <p>The packets come from {@code PacketPool}, arrive and leave through {@code BenchCarrier}, and are timed by
 * {@code TimedCrypto}, {@code LadderMeter} and {@code ThreadMeter}; {@code BenchRun} puts these together.
 */
package io.millrace.cli.bench;

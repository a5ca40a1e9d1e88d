/**
 * {@code bench}: real Sphinx packets through the whole engine in one process, with the figures that say how many, how
 * fast and where the time goes.
 *
 * <p>The packets come from {@code RoutedPackets}, arrive and leave through {@code BenchCarrier}, and are timed by
 * {@code TimedCrypto}; {@code BenchBed} and {@code BenchSubject} put an engine between its neighbours, and {@code BenchRun} measures it. {@code MatrixRun} measures many, in turn, against each other;
 * {@code FlightRecording} records a run.
 */
package io.millrace.cli.bench;

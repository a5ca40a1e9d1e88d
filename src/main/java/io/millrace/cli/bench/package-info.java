/**
 * {@code bench}: real Sphinx packets through the whole engine in one process, with the figures that say how many, how
 * fast and where the time goes.
 *
 * <p>{@code BenchCommand} has the options. The plain run is here: {@code BenchRun} measures, {@code BenchReport} is the
 * result, {@code FlightRecording} records it. Each other measurement has a room: {@code matrix}, {@code htx}, {@code flood},
 * {@code receipts}, {@code twin}. They share {@code bed}, the engine between its neighbours, {@code crypto}, providers
 * around providers, and {@code cli.measure}. Rooms do not import this package, nor each other.
 */
package io.millrace.cli.bench;

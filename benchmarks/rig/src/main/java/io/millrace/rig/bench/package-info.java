/**
 * Measures real Sphinx packets through the whole engine in one process: how many, how fast, and where the time goes.
 *
 * <p>{@code BenchRun} measures a {@code BenchOptions}, {@code BenchReport} is the result, {@code FlightRecording} records
 * the run. Other measurements are in sibling packages: {@code matrix}, {@code htx}, {@code flood}, {@code attack},
 * {@code receipts}, {@code twin}.
 */
package io.millrace.rig.bench;

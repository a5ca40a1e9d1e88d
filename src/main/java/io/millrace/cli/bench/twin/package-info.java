/**
 * {@code bench --twin}: what signed documents cost: operations applied to maps of growing size, and signatures verified.
 *
 * <p>{@code TwinBench} measures, {@code TwinFigures} is the result and {@code TwinPrinter} shows it.
 */
package io.millrace.cli.bench.twin;

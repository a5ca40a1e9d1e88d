/**
 * {@code bench --matrix}: the cost of each feature of the packet path, by switching it alone.
 *
 * <p>{@code MatrixCells} are the settings, {@code MatrixRun} measures them in rounds next to the compared setting,
 * {@code MatrixReport} is the result and {@code MatrixChart} draws it. {@code MatrixOptions} is the door.
 */
package io.millrace.cli.bench.matrix;

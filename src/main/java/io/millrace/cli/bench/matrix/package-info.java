/**
 * {@code bench --matrix}: what each feature of the packet path costs, by switching it alone.
 *
 * <p>{@code MatrixCells} are the settings, {@code MatrixRun} measures them in rounds beside what each is compared with,
 * {@code MatrixReport} is the result and {@code MatrixChart} draws it. {@code MatrixOptions} is the door.
 */
package io.millrace.cli.bench.matrix;

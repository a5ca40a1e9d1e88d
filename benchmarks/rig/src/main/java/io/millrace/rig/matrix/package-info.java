/**
 * Measures the cost of each feature of the packet path by switching it alone.
 *
 * <p>{@code MatrixCells} are the settings. {@code MatrixRun} measures each of them in rounds, between two rounds of the
 * setting that it is compared with. {@code MatrixReport} is the result and {@code MatrixChart} draws it.
 */
package io.millrace.rig.matrix;

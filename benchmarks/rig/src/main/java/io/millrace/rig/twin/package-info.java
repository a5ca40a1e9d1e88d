/**
 * Measures signed documents: operations applied to maps of growing size, and signatures verified.
 *
 * <p>{@code TwinBench} measures, {@code TwinFigures} is the result.
 */
package io.millrace.rig.twin;

/**
 * Measures signed documents: operations applied to maps of growing size, and signatures verified; and documents on the disk.
 *
 * <p>{@code TwinBench} measures, with {@code StoredTwinBench} for the disk; {@code TwinFigures} is the result.
 */
package io.millrace.rig.twin;

/**
 * Finds the causes of the slowest packets of a flight recording.
 *
 * <p>{@code RecordingAnalysis} is the entry. {@code RecordingReader} reads the events of the engine and the JVM,
 * {@code Explanation} compares each packet beyond the chosen percentile with them, {@code ExplainReport} is the result.
 * Knows events by their names, and nothing of the engine.
 */
package io.millrace.rig.explain;

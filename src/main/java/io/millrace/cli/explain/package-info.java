/**
 * {@code explain}: why the slowest packets of a flight recording were slow.
 *
 * <p>{@code RecordingReader} reads the events of the engine and the JVM, {@code Explanation} holds each packet beyond the
 * 99.9th percentile against it, {@code ExplainReport} is the result. Knows events by their names, and nothing of the engine.
 */
package io.millrace.cli.explain;

/**
 * The kept runs of {@code jmh-results} as tables and charts, in Markdown with PNG files and as one HTML page.
 *
 * <p>{@code KeptRuns} reads, the {@code ...Part} classes make {@code ResultTable} and {@code Figure} of the kept data, and
 * {@code MarkdownReport}, {@code ChartFiles} and {@code HtmlReport} write the same tables and figures. The same input gives
 * the same bytes: nothing depends on the clock. A part that a run does not have is left out. Knows the files of a run by
 * their JSON alone, not the commands that wrote them, so that old runs stay readable.
 */
package io.millrace.rig.report;

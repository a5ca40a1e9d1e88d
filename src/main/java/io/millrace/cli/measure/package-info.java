/**
 * Instruments of all measuring commands: the time of a ladder, the processor time and allocation of threads, the
 * machine, quartiles of a few samples, and the percentiles of a report.
 *
 * <p>Knows no engine, no packets and no report; {@code bench} and {@code knee} use it, and it imports neither.
 */
package io.millrace.cli.measure;

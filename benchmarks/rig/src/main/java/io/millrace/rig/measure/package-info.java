/**
 * Clocks and counters of every measurement: the time of a ladder, the processor time and allocation of threads, the
 * machine, quartiles of a few samples, and the percentiles of a report.
 *
 * <p>Knows no engine, no packets and no report.
 */
package io.millrace.rig.measure;

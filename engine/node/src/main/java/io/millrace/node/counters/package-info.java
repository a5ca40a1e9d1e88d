/**
 * The counters file of a relay: a memory-mapped file in Agrona's format for counters that other processes read while the
 * relay runs and after it has ended.
 *
 * <p>A separate thread copies the engine's counters into the file ten times a second; nothing here runs on the packet
 * path. The reader never maps the file, so that a file that is cut while it is read is an error and not a fault.
 *
 * <p>Layout: {@code src/docs/specs/counters.md}.
 */
package io.millrace.node.counters;

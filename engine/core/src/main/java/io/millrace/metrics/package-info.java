/**
 * Counters and times of the engine: the clock, the conservation ledger and the stage histograms.
 *
 * <p>Writers are single threads and never wait; readers may come from any thread. This package imports nothing of ours.
 */
package io.millrace.metrics;

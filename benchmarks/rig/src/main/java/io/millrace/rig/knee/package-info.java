/**
 * Finds the highest rate that a relay carries without loss, and its latency below that rate.
 *
 * <p>Two processes: this one has the open-loop generator and measures; the other is a {@code Subject} of package
 * {@code knee.subject}: the relay under test, or a bare forwarder of datagrams, the floor that the machine's sockets set.
 * {@code RateSearch} finds the rate, {@code KneeRun} puts the parts together, {@code KneeReport} is the result.
 *
 * <p>Load is open: packet {@code i} is due at {@code start + i / rate}, whether or not earlier ones have left, and its
 * latency counts from then. So a stall of relay, machine or generator adds to the latency of every packet due meanwhile.
 */
package io.millrace.rig.knee;

/**
 * {@code knee}: the highest rate that a relay carries without loss, and its latency below that rate.
 *
 * <p>Three processes: {@code KneeCommand} is the open-loop generator and measures; a {@code Subject} is either
 * the relay under test or a bare forwarder of datagrams, the floor that the machine's sockets set. {@code RateSearch} finds
 * the rate, {@code KneeRun} puts the parts together, {@code KneeReport} is the result.
 *
 * <p>Load is open: packet {@code i} is due at {@code start + i / rate}, whether or not earlier ones have left, and its
 * latency counts from then. So a stall of relay, machine or generator is paid by every packet that was due meanwhile.
 */
package io.millrace.cli.knee;

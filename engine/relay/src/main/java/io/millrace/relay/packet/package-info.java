/**
 * The application's view of packets: the listener and its callbacks, deliveries, verdicts, sources, and the latencies of the
 * stages.
 *
 * <p>Knows no other package of the engine. Callbacks run on one engine thread and must not block.
 */
package io.millrace.relay.packet;

/**
 * Hand-overs between engine threads: the Disruptor ring of slots that came in, a queue per peer of slots that go out, and
 * the queues of control messages.
 *
 * <p>All are bounded; a full one refuses and nothing waits. A slot belongs to the thread that took it last. Internal.
 */
package io.millrace.relay.queue;

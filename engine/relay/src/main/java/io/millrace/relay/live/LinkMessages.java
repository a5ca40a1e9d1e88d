package io.millrace.relay.live;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.link.LinkHandshake;
import io.millrace.relay.queue.MessageQueue;
import io.millrace.relay.thread.Wakeups;

/**
 * The I/O thread's side of control messages between neighbours: tells messages from frames by their length, and carries
 * them between the carrier and the {@link LinkAgent}.
 */
public final class LinkMessages {
    private final Carrier carrier;
    private final EnginePeers neighbours;
    private final MessageQueue inbound;
    private final MessageQueue outbound;
    private final DatagramBatch sending;
    private final Wakeups wakeups;

    /**
     * Joins the two threads.
     *
     * @param wakeups rung when there is a message for the {@link LinkAgent}.
     */
    LinkMessages(
            Carrier carrier, EnginePeers neighbours, MessageQueue inbound, MessageQueue outbound, Wakeups wakeups) {
        this.carrier = carrier;
        this.neighbours = neighbours;
        this.inbound = inbound;
        this.outbound = outbound;
        this.wakeups = wakeups;
        this.sending = new DatagramBatch(outbound.memory(), 1);
    }

    /** Whether frame {@code index} is a message, and not for the pipeline. */
    public boolean isMessage(DatagramBatch frames, int index) {
        final int peer = frames.peer(index);
        return LinkHandshake.isPossible(frames.length(index))
                && (peer < DatagramBatch.UNKNOWN_PEER || neighbours.isHandshaked(peer));
    }

    /** Hands a message over; without room it is lost, as on the network. */
    public void take(DatagramBatch frames, int index) {
        inbound.offer(
                frames.origin(index),
                frames.peer(index),
                frames.memory(),
                frames.position(index),
                frames.length(index));
        wakeups.ring();
    }

    /** Sends what waits, and tells of lost connections; returns how much there was to do. */
    public int exchange() {
        int work = 0;
        for (int peer = carrier.pollLost(); peer != DatagramBatch.UNKNOWN_PEER; peer = carrier.pollLost()) {
            inbound.offer(MessageQueue.LOST, peer, 0);
            wakeups.ring();
            work++;
        }
        for (; outbound.hasNext(); outbound.remove()) {
            if (outbound.kind() == MessageQueue.BIND) {
                carrier.bind(outbound.number(), outbound.value());
            } else {
                sending.frame(0, outbound.position(), outbound.value());
                carrier.sendMessage(outbound.number(), sending, 0);
            }
            work++;
        }
        return work;
    }
}

package io.millrace.relay;

import io.millrace.htx.LinkHandshake;
import io.millrace.htx.LinkPort;
import io.millrace.htx.SessionCells;
import io.millrace.metrics.NanoClock;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Looks after the handshaked links, off the packet path: handshakes, keys and probes. Sessions are published to the
 * stages; messages go through the I/O thread.
 */
final class LinkAgent implements Agent, AutoCloseable {
    /** Messages taken in one round, so that a flood does not keep the timers waiting. */
    private static final int SHARE = 32;

    private final List<LinkHandshake> handshakes;
    private final int[] indexes;
    private final MessageQueue inbound;
    private final SessionCells cells;
    private final NanoClock clock;
    private final LongSupplier wallClock;
    private final AtomicLong strangers = new AtomicLong();

    /**
     * Makes the agent.
     *
     * @param handshakes one per peer, null for peers without handshakes.
     * @param cells closed with this agent.
     */
    LinkAgent(
            List<LinkHandshake> handshakes,
            MessageQueue inbound,
            SessionCells cells,
            NanoClock clock,
            LongSupplier wallClock) {
        this.handshakes = handshakes.stream().filter(each -> each != null).toList();
        this.indexes = new int[handshakes.size()];
        int place = 0;
        for (int peer = 0; peer < indexes.length; peer++) {
            indexes[peer] = handshakes.get(peer) == null ? -1 : place++;
        }
        this.inbound = inbound;
        this.cells = cells;
        this.clock = clock;
        this.wallClock = wallClock;
    }

    @Override
    public String role() {
        return "links";
    }

    @Override
    public int doWork() {
        final long now = clock.nanoTime();
        int work = 0;
        while (work < SHARE && inbound.hasNext()) {
            take(now);
            inbound.remove();
            work++;
        }
        final long wall = wallClock.getAsLong();
        for (int i = 0; i < handshakes.size(); i++) {
            work += handshakes.get(i).poll(now, wall);
        }
        return work;
    }

    /** Sends the peers nothing: their ends of the sessions end by their probes. */
    @Override
    public void shutDown() {
        final long now = clock.nanoTime();
        handshakes.forEach(each -> each.stop(now));
    }

    /** Messages from connections whose peer is not known that no peer has sent. */
    long strangers() {
        return strangers.get();
    }

    /** Wipes all sessions; after all threads have ended. */
    @Override
    public void close() {
        handshakes.forEach(LinkHandshake::close);
        cells.close();
    }

    private void take(long now) {
        final int origin = inbound.number();
        final boolean known = origin >= 0 && indexes[origin] >= 0;
        if (inbound.kind() == MessageQueue.LOST) {
            if (known) {
                handshakes.get(indexes[origin]).onLost(now);
            }
            return;
        }
        final MemorySegment message = inbound.memory().asSlice(inbound.position(), inbound.value());
        if (known) {
            final LinkHandshake handshake = handshakes.get(indexes[origin]);
            if (!handshake.onMessage(origin, message, now)) {
                handshake.forged();
            }
            return;
        }
        for (int i = 0; i < handshakes.size(); i++) {
            if (handshakes.get(i).onMessage(origin, message, now)) {
                return;
            }
        }
        strangers.incrementAndGet();
    }

    /** The way out for one peer's messages. */
    record Port(MessageQueue outbound, int peer) implements LinkPort {
        @Override
        public void send(int origin, MemorySegment message) {
            // Without room it is lost, as on the network, and sent again.
            final boolean offered = outbound.offer(origin, message, 0, (int) message.byteSize());
            assert offered || outbound.hasNext();
        }

        @Override
        public void bind(int origin) {
            final boolean offered = outbound.offer(MessageQueue.BIND, origin, peer);
            assert offered || outbound.hasNext();
        }
    }
}

package io.millrace.relay.live;

import io.millrace.link.LinkHandshake;
import io.millrace.link.LinkKeySlots;
import io.millrace.link.LinkPort;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.queue.MessageQueue;
import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.QuiescentStateTracker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Looks after the handshaked links, off the packet path: handshakes, keys and probes. Sessions are published to the
 * stages; messages go through the I/O thread.
 */
public final class LinkAgent implements Duty, AutoCloseable {
    /**
     * Authenticators computed in one round before the rest waits, so that a flood does not keep the timers waiting. A
     * message of a peer costs one, a stranger's one for each peer.
     */
    private static final int SHARE = 32;

    /** Longest sleep while keys wait to be wiped until each thread has begun another round. */
    private static final long WIPING_NS = 10_000_000;

    /**
     * Longest sleep while packets move: keys for the next 65,536 frames of a link are made in time below 3 million frames a
     * second.
     */
    private static final long KEYS_NS = 20_000_000;

    private final QuiescentStateTracker.Round round;
    private final LinkHandshake[] handshakes; // by peer; null without
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final MessageQueue inbound;
    private final LinkKeySlots keySlots;
    private final NanoClock clock;
    private final LongSupplier wallClock;
    private final LongSupplier packets;
    private final AtomicLong strangers = new AtomicLong();
    private long packetsBefore;
    private volatile boolean asleepForLong;

    /**
     * Makes the agent.
     *
     * @param peerLimit peers are numbered 0 to {@code peerLimit - 1}.
     * @param keySlots closed with this agent.
     * @param packets number of packets that the engine has had so far.
     */
    LinkAgent(
            QuiescentStateTracker.Round round,
            int peerLimit,
            MessageQueue inbound,
            LinkKeySlots keySlots,
            NanoClock clock,
            LongSupplier wallClock,
            LongSupplier packets) {
        this.round = round;
        this.handshakes = new LinkHandshake[peerLimit];
        this.inbound = inbound;
        this.keySlots = keySlots;
        this.clock = clock;
        this.wallClock = wallClock;
        this.packets = packets;
    }

    /** Looks after a link from the next round on; any thread. Takes the handshake over. */
    void add(int peer, LinkHandshake handshake) {
        changes.add(() -> handshakes[peer] = handshake);
    }

    /** Begins a handshake of a link in the next round; any thread. */
    void renew(int peer) {
        changes.add(() -> {
            if (handshakes[peer] != null) {
                handshakes[peer].renew();
            }
        });
    }

    /** Ends a link in the next round; any thread. */
    void remove(int peer) {
        changes.add(() -> {
            if (handshakes[peer] != null) {
                handshakes[peer].end(clock.nanoTime());
                handshakes[peer].close();
                handshakes[peer] = null;
            }
        });
    }

    @Override
    public String roleName() {
        return "millrace-links";
    }

    @Override
    public int doWork() {
        round.begin();
        asleepForLong = false;
        int work = 0;
        for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
            change.run();
            work++;
        }
        keySlots.poll();
        final long now = clock.nanoTime();
        while (work < SHARE && inbound.hasNext()) {
            work += take(now);
            inbound.remove();
        }
        final long wall = wallClock.getAsLong();
        for (LinkHandshake each : handshakes) {
            if (each != null) {
                work += each.poll(now, wall);
            }
        }
        return work;
    }

    /** Messages ring a bell for the thread, or timers are due. */
    @Override
    public boolean movedPackets() {
        return false;
    }

    /**
     * Whether packets that begin to move now must wake the thread. Any thread; after a fence after the packets were counted.
     */
    public boolean isAsleepForLong() {
        return asleepForLong;
    }

    @Override
    public long waitNs() {
        long waitNs = keySlots.isWiping() ? WIPING_NS : Long.MAX_VALUE;
        final long now = clock.nanoTime();
        for (LinkHandshake each : handshakes) {
            if (each != null) {
                waitNs = Math.min(waitNs, each.waitNs(now));
            }
        }
        // In this order: packets that are not counted here find the mark.
        asleepForLong = true;
        VarHandle.fullFence();
        final long count = packets.getAsLong();
        if (count != packetsBefore) {
            packetsBefore = count;
            asleepForLong = false;
            waitNs = Math.min(waitNs, KEYS_NS);
        }
        return waitNs;
    }

    /** Sends the peers nothing: their ends of the sessions end by their probes. */
    @Override
    public void onClose() {
        final long now = clock.nanoTime();
        for (LinkHandshake each : handshakes) {
            if (each != null) {
                each.stop(now);
            }
        }
    }

    /** Messages from connections whose peer is not known that no peer has sent. */
    long strangers() {
        return strangers.get();
    }

    /** Wipes all sessions; after all threads have ended. */
    @Override
    public void close() {
        changes.forEach(Runnable::run); // of an engine that never started, or stopped meanwhile
        for (LinkHandshake each : handshakes) {
            if (each != null) {
                each.close();
            }
        }
        keySlots.close();
    }

    /** Takes a message; returns how many authenticators that cost, 1 at least. */
    private int take(long now) {
        if (inbound.kind() == MessageQueue.LOST) {
            final LinkHandshake lost = handshakes[inbound.number()];
            if (lost != null) {
                lost.onLost(now);
            }
            return 1;
        }
        final int origin = inbound.number();
        final LinkHandshake known = inbound.peer() >= 0 ? handshakes[inbound.peer()] : null;
        final MemorySegment message = inbound.memory().asSlice(inbound.position(), inbound.value());
        if (known != null) {
            if (!known.onMessage(origin, message, now)) {
                known.forged();
            }
            return 1;
        }
        int tried = 1;
        for (LinkHandshake each : handshakes) {
            if (each != null && each.onMessage(origin, message, now)) {
                return tried;
            }
            tried += each == null ? 0 : 1;
        }
        strangers.incrementAndGet();
        return tried;
    }

    /** The way out for one peer's messages. */
    record Port(MessageQueue outbound, int peer) implements LinkPort {
        @Override
        public void send(int origin, MemorySegment message) {
            // Without room it is lost, as on the network, and sent again.
            final boolean offered = outbound.offer(origin, peer, message, 0, (int) message.byteSize());
            assert offered || outbound.hasNext();
        }

        @Override
        public void bind(int origin) {
            final boolean offered = outbound.offer(MessageQueue.BIND, origin, peer);
            assert offered || outbound.hasNext();
        }
    }
}

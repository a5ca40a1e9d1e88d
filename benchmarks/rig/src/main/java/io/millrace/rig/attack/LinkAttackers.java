package io.millrace.rig.attack;

import io.millrace.carrier.DatagramBatch;
import io.millrace.link.LinkTiming;
import io.millrace.memory.TrackedArena;
import io.millrace.thread.ThreadEnd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * The attackers of an attack on links, at the addresses of peers of the relay: each makes its link, keeps it up and records its
 * own messages; while the attack lasts, they send recordings and forgeries in turn. One thread does all.
 */
final class LinkAttackers implements AttackChild.Force {
    /** Most addresses of attackers; a relay has few peers. */
    static final int MOST = 64;

    private static final LinkTiming TIMING = new LinkTiming(
            Duration.ofMillis(200),
            Duration.ofMillis(1_200),
            8,
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            Duration.ofHours(1));
    private static final long PATIENCE_NS = Duration.ofSeconds(20).toNanos();
    private static final long TICK_NS = Duration.ofMillis(1).toNanos();
    private static final long CARE_NS = Duration.ofMillis(5).toNanos();
    private static final int BURST = 64;

    private final TrackedArena arena = TrackedArena.shared();
    private final DatagramBatch datagram = new DatagramBatch(arena.allocate(2_048, 64), 1);
    private final AttackChild.Setup setup;
    private final List<LinkNeighbour> ends = new ArrayList<>();
    private final int type;
    private final Thread thread =
            Thread.ofPlatform().name("link-attackers").daemon().unstarted(this::run);
    private volatile boolean attacking;
    private volatile boolean closed;
    private final LongAdder sent = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private long sentBefore;
    private long refusedBefore;
    private int next;

    /** Makes the links, and waits until each has something to record. */
    LinkAttackers(AttackChild.Setup setup) throws IOException {
        this.setup = setup;
        this.type = setup.attack() == Attack.LINK_PROBE ? LinkNeighbour.PROBE : LinkNeighbour.BEGIN;
        boolean ready = false;
        try {
            final InetSocketAddress relay = new InetSocketAddress(setup.source().server(), setup.port());
            for (int i = 0; i < count(setup.source()); i++) {
                final LinkNeighbour end = new LinkNeighbour(
                        address(setup.source(), i, setup.port()),
                        LinkBed.identity(setup.publicKey(), LinkBed.Party.ATTACKER, i),
                        LinkBed.peer(setup.publicKey(), LinkBed.Party.RELAY, 0),
                        TIMING);
                ends.add(end);
                end.relayAt(relay);
                end.begin();
            }
            record();
            thread.start();
            ready = true;
        } finally {
            if (!ready) {
                ends.forEach(LinkNeighbour::close);
                arena.close();
            }
        }
    }

    /** Attackers from a source. */
    static int count(AttackSource source) {
        return source == AttackSource.ADDRESS ? 1 : MOST;
    }

    /** Address of attacker {@code index}: the relay's own port, at another address. */
    static InetSocketAddress address(AttackSource source, int index, int port) {
        return new InetSocketAddress(source.of(index), port);
    }

    private void record() throws IOException {
        final long startNs = System.nanoTime();
        while (!ends.stream().allMatch(end -> end.link().isUp() && end.recorded(type) != null)) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new IOException("an attacker has no link with the relay to record");
            }
            care();
            LockSupport.parkNanos(TICK_NS);
        }
    }

    @Override
    public boolean isFor(AttackChild.Setup other) {
        return setup.equals(other);
    }

    @Override
    public void start() {
        sentBefore = sent.sum();
        refusedBefore = refused.sum();
        attacking = true;
    }

    @Override
    public void stop() {
        attacking = false;
    }

    @Override
    public long connections() {
        return sent.sum() - sentBefore;
    }

    @Override
    public long failed() {
        return refused.sum() - refusedBefore;
    }

    private void run() {
        final long intervalNs = BURST * 1_000_000_000L / setup.attack().perSecond();
        long dueNs = System.nanoTime();
        long caredNs = dueNs;
        while (!closed) {
            final long nowNs = System.nanoTime();
            if (nowNs - caredNs >= CARE_NS) {
                caredNs = nowNs;
                care();
            }
            if (!attacking) {
                dueNs = nowNs;
            } else if (nowNs - dueNs >= 0) {
                dueNs += intervalNs;
                for (int i = 0; i < BURST; i++) {
                    send();
                }
            }
            LockSupport.parkNanos(Math.min(TICK_NS, Math.max(1, dueNs - System.nanoTime())));
        }
    }

    private void send() {
        final LinkNeighbour end = ends.get(next % ends.size());
        final byte[] recorded = end.recorded(type);
        MemorySegment.copy(recorded, 0, datagram.memory(), ValueLayout.JAVA_BYTE, 0, recorded.length);
        if (setup.attack() == Attack.LINK_PROBE && (next / ends.size()) % 2 == 1) {
            final long last = recorded.length - 1L;
            datagram.memory().set(ValueLayout.JAVA_BYTE, last, (byte) (recorded[(int) last] ^ 1));
        }
        next++;
        datagram.frame(0, 0, recorded.length);
        if (end.carrier().send(0, datagram, 0, 1) == 1) {
            sent.increment();
        } else {
            refused.increment();
        }
    }

    private void care() {
        final long nowNs = System.nanoTime();
        for (LinkNeighbour each : ends) {
            each.poll(nowNs); // first: each begins a handshake, though the relay may have begun one
            each.receive(nowNs);
        }
    }

    @Override
    public void close() {
        closed = true;
        ThreadEnd.await(thread);
        ends.forEach(LinkNeighbour::close);
        arena.close();
    }
}

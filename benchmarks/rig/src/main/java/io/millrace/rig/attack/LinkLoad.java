package io.millrace.rig.attack;

import io.millrace.carrier.DatagramBatch;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameStatus;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkOpener;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import io.millrace.rig.bed.PreparedPackets;
import io.millrace.thread.ThreadEnd;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * The honest peers of a relay, on one thread: they send packets for each other on a schedule, or a constant number on
 * their way, and open the relay's frames.
 */
final class LinkLoad implements AutoCloseable {
    /** Packets that are sent at once: all of one peer, for the peer before it. */
    private static final int BATCH = 16;

    /** Packets on their way without a schedule. */
    private static final int WINDOW = 512;

    private static final long IDLE_NS = 20_000;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** After so long without a packet, those on their way are lost. */
    private static final long LOST_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final TrackedArena arena = TrackedArena.shared();
    private final DatagramBatch outbound =
            new DatagramBatch(arena.allocate((long) BATCH * LinkNeighbour.STRIDE, 64), BATCH);
    private final PreparedPackets packets;
    private final List<LinkNeighbour> peers;
    private final LinkSealer sealer;
    private final LinkOpener[] openers;
    private final int[] nextOf;
    private final AtomicInteger schedule = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().name("link-load").daemon().unstarted(this::run);
    private volatile boolean stopped;
    private volatile long intervalNs;
    private final LongAdder received = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private long arrived;
    private long sent;
    private long lost;
    private int turn;

    /**
     * Makes the peers' thread.
     *
     * @param packets number {@code n} goes to peer {@code n} modulo their number; stay the caller's.
     * @param peers 2 or more, their links up; taken over.
     */
    LinkLoad(BatchCrypto crypto, PreparedPackets packets, List<LinkNeighbour> peers) {
        this.packets = packets;
        this.peers = peers;
        this.sealer = new LinkSealer(arena, crypto, outbound.memory(), BATCH);
        this.openers = new LinkOpener[peers.size()];
        this.nextOf = new int[peers.size()];
        for (int i = 0; i < openers.length; i++) {
            openers[i] = new LinkOpener(arena, crypto, peers.get(i).inbound().memory(), LinkNeighbour.BATCH);
            nextOf[i] = i;
        }
        for (int i = 0; i < BATCH; i++) {
            outbound.frame(i, (long) i * LinkNeighbour.STRIDE + 64 - LinkFrame.HEADER_LENGTH, LinkFrame.FRAME_LENGTH);
        }
    }

    /** Begins to send so many bytes of packets a second; 0 for a window of packets on their way. */
    void start(double bytesPerSecond) {
        intervalNs = bytesPerSecond == 0 ? 0 : (long) (1e9 * BATCH * LinkFrame.PACKET_LENGTH / bytesPerSecond);
        thread.start();
    }

    /** Begins the schedule anew: packets that are late are not made up for. */
    void dropBacklog() {
        schedule.incrementAndGet();
    }

    /** Packets that have arrived, authentic and once; any thread. */
    long received() {
        return received.sum();
    }

    /** Frames from the relay that did not open; any thread. */
    long wrong() {
        return wrong.sum();
    }

    /** Whether the links of all peers are up at their end; after {@link #stop}. */
    boolean linksUp() {
        return peers.stream().allMatch(each -> each.link().isUp());
    }

    /** Sends no more, and waits for the thread. */
    void stop() {
        stopped = true;
        ThreadEnd.await(thread);
    }

    private void run() {
        int of = schedule.get();
        long dueNs = System.nanoTime();
        long polledNs = dueNs;
        long heardNs = dueNs;
        while (!stopped) {
            final long nowNs = System.nanoTime();
            final int count = receive(nowNs);
            if (count > 0) {
                heardNs = nowNs;
            }
            if (nowNs - polledNs >= POLL_NS) {
                polledNs = nowNs;
                peers.forEach(each -> each.poll(nowNs));
            }
            if (of != schedule.get()) {
                of = schedule.get();
                dueNs = Math.max(dueNs, nowNs);
            }
            final boolean due = intervalNs == 0 ? hasRoom(nowNs, heardNs) : nowNs - dueNs >= 0;
            if (due) {
                send();
                dueNs += intervalNs;
            } else if (count == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
    }

    private boolean hasRoom(long nowNs, long heardNs) {
        if (nowNs - heardNs > LOST_NS) {
            lost = sent - arrived;
        }
        return sent - lost - arrived < WINDOW;
    }

    private void send() {
        final int from = turn++ % peers.size();
        final int to = Math.floorMod(from - 1, peers.size());
        int ready = 0;
        while (ready < BATCH) {
            final long position = outbound.position(ready);
            packets.copyTo(nextOf[to], outbound.memory(), position + LinkFrame.HEADER_LENGTH);
            if (!sealer.add(position, peers.get(from).link(), 1)) {
                break; // the link's next key is not there yet
            }
            nextOf[to] += peers.size();
            if (nextOf[to] >= packets.count()) {
                nextOf[to] = to;
            }
            ready++;
        }
        sealer.seal();
        sent += peers.get(from).carrier().send(0, outbound, 0, ready);
    }

    private int receive(long nowNs) {
        int all = 0;
        for (int i = 0; i < openers.length; i++) {
            final LinkNeighbour peer = peers.get(i);
            final int count = peer.receive(nowNs);
            final DatagramBatch frames = peer.inbound();
            int added = 0;
            for (int frame = 0; frame < count; frame++) {
                if (openers[i].add(frames.position(frame), frames.length(frame), peer.link(), true) == FrameStatus.OK) {
                    added++;
                }
            }
            openers[i].open();
            int good = 0;
            for (int frame = 0; frame < added; frame++) {
                if (openers[i].status(frame) == FrameStatus.OK && peer.link().accept(openers[i].counter(frame))) {
                    good++;
                }
            }
            arrived += good;
            received.add(good);
            wrong.add(count - good);
            all += count;
        }
        return all;
    }

    @Override
    public void close() {
        if (thread.getState() != Thread.State.NEW) {
            stop();
        }
        peers.forEach(LinkNeighbour::close);
        arena.close();
    }
}

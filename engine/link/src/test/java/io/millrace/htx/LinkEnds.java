package io.millrace.htx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Two ends of a link and the wire between them, on a virtual clock. */
class LinkEnds implements AutoCloseable {
    static final long STEP_NS = 1_000_000;
    static final long SECOND_NS = 1_000_000_000;
    private static final int FRAME = 0;

    final Arena arena = Arena.ofShared();
    final MemorySegment memory = arena.allocate(LinkFrame.FRAME_LENGTH, 64);
    final LinkSealer sealer = new LinkSealer(arena, CryptoProviders.byName("sodium"), memory, 1);
    final LinkOpener opener = new LinkOpener(arena, CryptoProviders.byName("sodium"), memory, 1);
    final LinkHandshake[] ends = new LinkHandshake[2];
    final Link[] links = new Link[2];
    final LinkCounters[] counters = new LinkCounters[2];
    final SessionCells[] cells = new SessionCells[2];
    final LinkIdentity[] identities = new LinkIdentity[2];
    final List<List<LinkTransition>> transitions = List.of(new ArrayList<>(), new ArrayList<>());
    final List<AutoCloseable> open = new ArrayList<>();
    final long[] clock = new long[2];
    SplittableRandom random = new SplittableRandom(1);
    SimulatedWire wire = new SimulatedWire(random.split(), 0, 0, STEP_NS);
    final HybridMode[] modes = {HybridMode.OFFERED, HybridMode.OFFERED};
    LinkTiming timing = LinkTiming.DEFAULT;

    void start() {
        for (int end = 0; end < 2; end++) {
            if (identities[end] == null) {
                final byte[] id = new byte[16];
                id[0] = (byte) (end + 1);
                final SecretKey secret = SecretKey.generate(this::fill);
                identities[end] = new LinkIdentity(secret, id, modes[end]);
                secret.close();
                open.add(identities[end]);
            }
        }
        for (int end = 0; end < 2; end++) {
            restart(end);
        }
    }

    /** The end forgets everything but its identity; its clock goes on. */
    void restart(int end) {
        if (ends[end] != null) {
            ends[end].close();
            cells[end].close();
        }
        make(end, identities[end], identities[1 - end]);
    }

    void make(int end, LinkIdentity own, LinkIdentity peer) {
        links[end] = new Link();
        counters[end] = new LinkCounters();
        cells[end] = new SessionCells(1, Quiescence.AT_ONCE);
        open.add(cells[end]);
        ends[end] = new LinkHandshake(
                0,
                own,
                new LinkPeer(peer.keys().publicKey().toArray(ValueLayout.JAVA_BYTE), peer.id()),
                links[end],
                counters[end],
                cells[end],
                wire.port(end),
                timing,
                this::fill,
                transitions.get(end)::add);
        open.add(ends[end]);
    }

    void runUntilUp() {
        final long limit = wire.nowNs + 60 * SECOND_NS;
        while (!(links[0].isUp() && links[1].isUp() && carriesBothWays())) {
            step(STEP_NS);
            assertThat(wire.nowNs).isLessThan(limit);
        }
    }

    void run(long ns) {
        for (final long until = wire.nowNs + ns; wire.nowNs < until; ) {
            step(10 * STEP_NS);
        }
    }

    void step(long ns) {
        wire.nowNs += ns;
        wire.deliver(ends);
        poll();
    }

    void poll() {
        for (int end = 0; end < 2; end++) {
            clock[end]++;
            ends[end].poll(wire.nowNs + wire.skewNs[end], clock[end]);
        }
    }

    boolean carriesBothWays() {
        final byte[] there = seal(0);
        final boolean good = there != null && open(1, there) == FrameStatus.OK;
        final byte[] back = seal(1);
        return good && back != null && open(0, back) == FrameStatus.OK;
    }

    /** Seals a packet; null if the link does not take it. */
    byte[] seal(int end) {
        if (!sealer.add(FRAME, links[end], 0)) {
            return null;
        }
        sealer.seal();
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Opens and accepts a frame; a {@link FrameStatus}. */
    int open(int end, byte[] frame) {
        MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, FRAME, frame.length);
        final int added = opener.add(FRAME, frame.length, links[end], true);
        if (added != FrameStatus.OK) {
            return added;
        }
        opener.open();
        if (opener.status(0) == FrameStatus.OK && !links[end].accept(opener.counter(0))) {
            return FrameStatus.OLD_OR_DUPLICATE;
        }
        return opener.status(0);
    }

    void fill(MemorySegment segment) {
        for (long at = 0; at < segment.byteSize(); at++) {
            segment.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : open.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError("closing failed", e);
            }
        }
        arena.close();
    }
}

package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import io.millrace.htx.handshake.HybridMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Two ends of a link and the wire between them, on a virtual clock. */
public class LinkEnds implements AutoCloseable {
    public static final long STEP_NS = 1_000_000;
    public static final long SECOND_NS = 1_000_000_000;
    private static final int FRAME = 0;

    public final Arena arena = Arena.ofShared();
    public final MemorySegment memory = arena.allocate(LinkFrame.FRAME_LENGTH, 64);
    public final LinkSealer sealer = new LinkSealer(arena, CryptoProviders.byName("sodium"), memory, 1);
    public final LinkOpener opener = new LinkOpener(arena, CryptoProviders.byName("sodium"), memory, 1);
    public final LinkHandshake[] ends = new LinkHandshake[2];
    public final Link[] links = new Link[2];
    public final LinkCounters[] counters = new LinkCounters[2];
    public final LinkKeySlots[] keySlots = new LinkKeySlots[2];
    public final LinkIdentity[] identities = new LinkIdentity[2];
    public final List<List<LinkTransition>> transitions = List.of(new ArrayList<>(), new ArrayList<>());
    public final List<AutoCloseable> open = new ArrayList<>();
    public final long[] clock = new long[2];
    public SplittableRandom random = new SplittableRandom(1);
    public SimulatedWire wire = new SimulatedWire(random.split(), 0, 0, STEP_NS);
    public final HybridMode[] modes = {HybridMode.OFFERED, HybridMode.OFFERED};
    public LinkTiming timing = LinkTiming.DEFAULT;

    public void start() {
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
    public void restart(int end) {
        if (ends[end] != null) {
            ends[end].close();
            keySlots[end].close();
        }
        make(end, identities[end], identities[1 - end]);
    }

    public void make(int end, LinkIdentity own, LinkIdentity peer) {
        links[end] = new Link();
        counters[end] = new LinkCounters();
        keySlots[end] = new LinkKeySlots(1, QuiescentState.AT_ONCE);
        open.add(keySlots[end]);
        ends[end] = new LinkHandshake(
                0,
                own,
                new LinkPeer(peer.keys().publicKey().toArray(ValueLayout.JAVA_BYTE), peer.id()),
                links[end],
                counters[end],
                keySlots[end],
                wire.port(end),
                timing,
                this::fill,
                transitions.get(end)::add);
        open.add(ends[end]);
    }

    public void runUntilUp() {
        final long limit = wire.nowNs + 60 * SECOND_NS;
        while (!(links[0].isUp() && links[1].isUp() && carriesBothWays())) {
            step(STEP_NS);
            assertThat(wire.nowNs).isLessThan(limit);
        }
    }

    public void run(long ns) {
        for (final long until = wire.nowNs + ns; wire.nowNs < until; ) {
            step(10 * STEP_NS);
        }
    }

    public void step(long ns) {
        wire.nowNs += ns;
        wire.deliver(ends);
        poll();
    }

    public void poll() {
        for (int end = 0; end < 2; end++) {
            clock[end]++;
            ends[end].poll(wire.nowNs + wire.skewNs[end], clock[end]);
        }
    }

    public boolean carriesBothWays() {
        final byte[] there = seal(0);
        final boolean good = there != null && open(1, there) == FrameStatus.OK;
        final byte[] back = seal(1);
        return good && back != null && open(0, back) == FrameStatus.OK;
    }

    /** Seals a packet; null if the link does not take it. */
    public byte[] seal(int end) {
        if (!sealer.add(FRAME, links[end], 0)) {
            return null;
        }
        sealer.seal();
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Opens and accepts a frame; a {@link FrameStatus}. */
    public int open(int end, byte[] frame) {
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

    public void fill(MemorySegment segment) {
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

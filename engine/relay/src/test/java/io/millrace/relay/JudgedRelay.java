package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkOpener;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Callback;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import io.millrace.test.SeededRandomness;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochDelayProof;
import io.millrace.vrf.PacketDelayProof;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A whole engine as its neighbours see it: packets go in over a link, and what leaves is seen at the carrier, at the
 * callbacks for a direct peer and at the deliveries, each with the virtual clock's time. The engine is asked for nothing
 * but its disclosures; it never tells when a packet was to leave.
 *
 * <p>The clock moves only when no agent has anything left to do, so a packet that comes in is gated at the same instant.
 */
final class JudgedRelay implements AutoCloseable {
    /** Longest step of the clock: the longest round. */
    static final long LONGEST_STEP_NS = 40_000;

    static final long TICK_NS = 50_000;

    private static final int SENDER = 0;
    private static final int LINKED = 1;
    private static final int DIRECT = 2;
    private static final long IDLE_ROUNDS = 1_000_000;

    private final DelayPolicy policy;
    private final DelayDistribution law;
    private final SplittableRandom random;
    private final SeededRandomness randomness;
    private final VirtualClock clock;
    private final Arena arena = TrackedArena.shared();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final byte[] identity = new byte[16];
    private final EcvrfSecretKey vrfKey;
    private final byte[] vrfPublic;
    private final List<RelaySphinxKey> peerKeys = new ArrayList<>();
    private final Map<Long, RelayPublicKey> epochKeys = new HashMap<>();
    private final Map<Long, CompletableFuture<RetiredEpoch>> retired = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final MemorySegment frame = arena.allocate(64L + LinkFrame.FRAME_LENGTH + 64, 64);
    private final LinkSealer sealer = new LinkSealer(arena, crypto, frame, 1);
    private final LinkOpener opener = new LinkOpener(arena, crypto, frame, 1);
    private final SphinxPeeler peeler = new SphinxPeeler(arena, crypto, SphinxGeometry.MR1, 1);
    private final PeelBatch peeled = new PeelBatch(arena, SphinxGeometry.MR1, frame, 1);
    private final SphinxWrapper wrapper;
    private final WrapBatch wrapped = new WrapBatch(SphinxGeometry.MR1, frame, 1);
    private final Queue<byte[]> inbound = new ArrayDeque<>();
    private final List<JudgedPacket.Sent> sent = new ArrayList<>();
    private final List<JudgedPacket.Seen> seen = new ArrayList<>();
    private final RelayEngine engine;

    JudgedRelay(DelayPolicy policy, ThreadingMode mode, DelayDistribution law, long seed) {
        this.policy = policy;
        this.law = law;
        random = new SplittableRandom(seed);
        randomness = new SeededRandomness(random.split());
        clock = new VirtualClock(Long.MAX_VALUE - random.nextLong(20_000_000)); // it wraps around meanwhile
        vrfKey = EcvrfSecretKey.generate(randomness);
        vrfPublic = vrfKey.publicKey().toArray(JAVA_BYTE);
        wrapper = new SphinxWrapper(arena, crypto, randomness, SphinxGeometry.MR1, 1);
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(mode)
                        .peelWorkers(2)
                        .slotCount(1_024)
                        .ringSize(256)
                        .batchLimit(16)
                        .tick(Duration.ofNanos(TICK_NS))
                        .maxDelay(Duration.ofMillis(50))
                        .build())
                .crypto(crypto)
                .clock(clock)
                .linkRandomness(randomness)
                .keyEpoch(newEpoch(1))
                .delay(
                        switch (policy) {
                            case SENDER -> DelaySampler.sender(law.maxNs());
                            case EPOCH_VRF -> DelaySampler.epochVrf(law);
                            case PACKET_VRF -> DelaySampler.packetVrf(law, vrfKey);
                        })
                .carrier(new ObservedCarrier())
                .listener(new Observer());
        final byte[] own = new byte[16];
        try (SecretKey psk = SecretKey.generate(randomness)) {
            for (int peer = SENDER; peer <= DIRECT; peer++) {
                final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(randomness));
                peerKeys.add(key);
                final byte[] id = new byte[16];
                key.id().writeTo(MemorySegment.ofArray(id), 0);
                links.add(new Link(LinkKeys.preShared(psk, id, own, Instant.EPOCH)));
                builder.peer(
                        peer == DIRECT
                                ? Peer.direct("direct", key.id())
                                : Peer.linked(
                                        "peer-" + peer, key.id(), LinkKeys.preShared(psk, own, id, Instant.EPOCH)));
            }
        }
        engine = builder.build();
        engine.open();
    }

    /** Sends {@code packets} over {@code epochs} key epochs, with packets for two of them around each roll. */
    void run(int packets, int epochs) {
        final int share = packets / epochs;
        long running = 1;
        for (int i = 0; i < packets; i++) {
            final int place = i % share;
            if (place == share * 3 / 4 && running < epochs) {
                engine.acceptKeyEpoch(newEpoch(running + 1));
            } else if (place == 0 && i > 0 && running < epochs) {
                engine.runKeyEpoch(++running);
            } else if (place == share / 4 && running > 1 && !retired.containsKey(running - 1)) {
                retired.put(running - 1, engine.retireKeyEpoch(running - 1));
            }
            final boolean mayBeNext = place >= share * 3 / 4 && running < epochs;
            final boolean mayBeLast = place < share / 4 && running > 1;
            final long other = mayBeNext ? running + 1 : mayBeLast ? running - 1 : running;
            send(random.nextBoolean() ? other : running, random.nextInt(3), drawn());
            if (random.nextInt(3) > 0) {
                settle();
                clock.advance(1 + random.nextLong(LONGEST_STEP_NS));
            }
        }
        drain();
    }

    /** Sends bursts of packets that come in at one instant and are due in one tick, all of them delivered. */
    void runBursts(int bursts, int burst) {
        for (int i = 0; i < bursts; i++) {
            for (int k = 0; k < burst; k++) {
                send(1, DIRECT + 1, law.maxNs());
            }
            drain();
        }
    }

    List<JudgedPacket.Sent> sent() {
        return sent;
    }

    List<JudgedPacket.Seen> seen() {
        return seen;
    }

    EngineCounters counters() {
        return engine.counters();
    }

    /**
     * The delay that each packet had to have, by the relay's disclosure and the sender's knowledge.
     *
     * @param complaints receives faults of the disclosures.
     */
    long[] expected(List<String> complaints) throws IOException {
        final Map<Long, EpochDelayProof> openings = policy == DelayPolicy.EPOCH_VRF ? disclose() : Map.of();
        openings.forEach((epoch, opening) -> {
            if (opening.epoch() != epoch || !opening.verify(identity, vrfPublic)) {
                complaints.add("the disclosure does not verify: epoch=" + epoch);
            }
        });
        final long[] expected = new long[sent.size()];
        for (int i = 0; i < expected.length; i++) {
            final JudgedPacket.Sent packet = sent.get(i);
            expected[i] = switch (policy) {
                case SENDER -> packet.wantedNs();
                case EPOCH_VRF -> openings.get(packet.epoch()).delayOf(law, packet.tagLow(), packet.tagHigh());
                case PACKET_VRF ->
                    PacketDelayProof.prove(vrfKey, packet.tagLow(), packet.tagHigh())
                            .verifiedDelay(vrfPublic, law)
                            .orElseThrow();
            };
        }
        return expected;
    }

    @Override
    public void close() {
        engine.close();
        retired.values().forEach(future -> future.join().close());
        links.forEach(Link::close);
        peerKeys.forEach(RelaySphinxKey::close);
        vrfKey.close();
        arena.close();
    }

    private Map<Long, EpochDelayProof> disclose() throws IOException {
        final long last = engine.keyEpoch();
        engine.acceptKeyEpoch(newEpoch(last + 1));
        engine.runKeyEpoch(last + 1);
        retired.put(last, engine.retireKeyEpoch(last));
        if (last > 1 && !retired.containsKey(last - 1)) {
            retired.put(last - 1, engine.retireKeyEpoch(last - 1));
        }
        final Map<Long, EpochDelayProof> openings = new HashMap<>();
        for (Map.Entry<Long, CompletableFuture<RetiredEpoch>> each : retired.entrySet()) {
            openings.put(each.getKey(), await(each.getValue()).disclose().orElseThrow());
        }
        return openings;
    }

    private RetiredEpoch await(CompletableFuture<RetiredEpoch> future) {
        final long start = System.nanoTime();
        while (!future.isDone()) {
            work();
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60)) {
                throw new AssertionError("an epoch does not end: " + engine.epochs());
            }
        }
        return future.join();
    }

    private long drawn() {
        return law.delayNs(random.nextLong());
    }

    private SphinxEpoch newEpoch(long number) {
        final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(randomness));
        epochKeys.put(number, RelayPublicKey.copyOf(key.publicKey()));
        return new SphinxEpoch(
                number,
                key,
                ReplayFilter.inMemory(new ReplaySet(10_000, random.nextLong(), random.nextLong())),
                policy == DelayPolicy.EPOCH_VRF ? DelayEpoch.prepare(vrfKey, identity, number) : null);
    }

    private void send(long epoch, int route, long wantedNs) {
        final SphinxHop here = new SphinxHop(epochKeys.get(epoch), wantedNs);
        final List<SphinxHop> hops = route == LINKED || route == DIRECT
                ? List.of(
                        here,
                        new SphinxHop(RelayPublicKey.copyOf(peerKeys.get(route).publicKey()), 0))
                : List.of(here);
        wrapped.clear();
        // The recipient's id numbers the packet.
        wrapped.add(
                SphinxPath.toRecipient(hops, sent.size(), 0),
                MemorySegment.ofArray(new byte[8]),
                LinkFrame.HEADER_LENGTH);
        wrapper.wrap(wrapped);
        sent.add(new JudgedPacket.Sent(
                clock.nanoTime(), epoch, wrapped.delayTagLow(0, 0), wrapped.delayTagHigh(0, 0), wantedNs));
        sealer.add(0, links.get(SENDER), epoch);
        sealer.seal();
        inbound.add(frame.asSlice(0, LinkFrame.FRAME_LENGTH).toArray(JAVA_BYTE));
    }

    private void drain() {
        for (int rounds = 0; rounds < IDLE_ROUNDS; rounds++) {
            settle();
            if (engine.counters().inFlight() == 0) {
                return;
            }
            clock.advance(1 + random.nextLong(LONGEST_STEP_NS));
        }
        throw new AssertionError("packets stay inside: " + engine.counters());
    }

    /** Lets all agents work at one instant until none has anything left to do. */
    private void settle() {
        int idle = 0;
        while (idle < 3) {
            idle = work() == 0 && inbound.isEmpty() && engine.parts().ring().isEmpty() ? idle + 1 : 0;
        }
    }

    private int work() {
        return engine.parts().duties().stream().mapToInt(Duty::doWork).sum();
    }

    private void saw(int packet) {
        seen.add(new JudgedPacket.Seen(packet, clock.nanoTime()));
    }

    /** The packet that a next hop finds when it peels the one at the start of the frame's body. */
    private int peel(int peer) {
        peeled.clear();
        peeled.add(LinkFrame.HEADER_LENGTH);
        peeler.authenticate(peerKeys.get(peer), peeled);
        peeler.transform(peeled);
        if (peeled.status(0) != PeelStatus.OK) {
            throw new IllegalStateException("the next hop cannot peel it: status=" + peeled.status(0));
        }
        return (int) peeled.idLow(0);
    }

    private final class Observer implements RelayListener {
        @Override
        public boolean onDeliver(Delivery delivery) {
            saw((int) delivery.idLow());
            return true;
        }

        @Override
        public boolean onForward(int peer, MemorySegment packet) {
            MemorySegment.copy(packet, 0, frame, LinkFrame.HEADER_LENGTH, packet.byteSize());
            saw(peel(peer));
            return true;
        }

        @Override
        public void onFailure(Throwable failure, Callback callback) {
            throw new AssertionError(failure);
        }
    }

    private final class ObservedCarrier implements Carrier {
        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            int count = 0;
            for (; count < limit && !inbound.isEmpty(); count++) {
                final byte[] bytes = inbound.remove();
                MemorySegment.copy(bytes, 0, frames.memory(), JAVA_BYTE, frames.position(count), bytes.length);
                frames.filled(count, bytes.length, SENDER);
            }
            return count;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            for (int i = from; i < from + count; i++) {
                MemorySegment.copy(frames.memory(), frames.position(i), frame, 0, LinkFrame.FRAME_LENGTH);
                final int added = opener.add(0, LinkFrame.FRAME_LENGTH, links.get(peer), true);
                opener.open();
                if (added != FrameStatus.OK || opener.status(0) != FrameStatus.OK) {
                    throw new AssertionError("the next hop cannot open it: peer=" + peer);
                }
                saw(peel(peer));
            }
            return count;
        }

        @Override
        public long receiveErrors() {
            return 0;
        }

        @Override
        public long sendErrors() {
            return 0;
        }

        @Override
        public void close() {}
    }
}

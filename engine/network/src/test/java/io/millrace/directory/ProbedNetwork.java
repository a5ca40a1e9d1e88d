package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.Offer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.relay.SteppedEngine;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import io.millrace.test.SeededRandomness;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Three relays and a prober on a virtual clock, all real engines. Probes go r1, r2, r3, r2, r1 and end at the prober. A relay
 * may be a cheat: a second engine under the same Sphinx key draws other delays, and a share of the relay's packets goes
 * there.
 */
final class ProbedNetwork implements AutoCloseable {
    static final long EPOCH = 100;
    static final int RELAYS = 3;
    static final long STEP_NS = 50_000;
    static final DelayDistribution LAW = PaperRelay.LAW.distribution();

    private static final int PROBER = RELAYS;
    private static final int[] ROUTE = {0, 1, 2, 1, 0};

    private final SplittableRandom random;
    private final VirtualClock clock = new VirtualClock(0);
    private final Arena arena = TrackedArena.shared();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final List<PaperRelay> papers = new ArrayList<>();
    private final List<RelayEngine> honest = new ArrayList<>();
    private final List<RelayEngine> all = new ArrayList<>();
    private final SphinxWrapper wrapper;
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final WrapBatch batch = new WrapBatch(SphinxGeometry.MR1, packet, 1);
    private final List<long[]> sent = new ArrayList<>(); // departure, arrival
    private final List<List<ProbeHop>> hops = new ArrayList<>();
    private RelayEngine cheat;
    private double cheatShare;
    private int cheatIndex = -1;
    private int arrived;

    ProbedNetwork(long seed) {
        random = new SplittableRandom(seed);
        wrapper = new SphinxWrapper(arena, crypto, new SeededRandomness(random.split()), SphinxGeometry.MR1, 1);
        for (int node = 0; node <= RELAYS; node++) {
            papers.add(new PaperRelay(10 + node));
        }
        for (int node = 0; node < RELAYS; node++) {
            honest.add(engine(node, papers.get(node).vrf(), LAW));
        }
        honest.add(engine(PROBER, papers.get(PROBER).vrf(), DelayDistribution.uniform(0, 0)));
    }

    /** Makes the second relay a cheat. */
    ProbedNetwork cheating(EcvrfSecretKey key, DelayDistribution law, double share) {
        cheatIndex = 1;
        cheatShare = share;
        cheat = engine(cheatIndex, key, law);
        return this;
    }

    PaperRelay paper(int relay) {
        return papers.get(relay);
    }

    RelayEngine engine(int relay) {
        return honest.get(relay);
    }

    /** Sends probes at random times and runs until all have arrived. */
    List<Probe> probes(int count) {
        int begun = 0;
        arrived = 0;
        sent.clear();
        hops.clear();
        int steps = 0;
        while (arrived < count) {
            if (begun < count && random.nextInt(4) == 0) {
                begin(begun++);
            }
            Collections.shuffle(all, new java.util.Random(random.nextLong()));
            for (RelayEngine engine : all) {
                SteppedEngine.work(engine);
            }
            clock.advance(STEP_NS);
            if (++steps > 4_000_000) {
                throw new AssertionError("probes are lost: arrived=" + arrived + " of " + count);
            }
        }
        final List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            probes.add(new Probe(hops.get(i), sent.get(i)[1] - sent.get(i)[0]));
        }
        return probes;
    }

    /** Verified disclosures of all relays, as honest ones publish them. */
    List<DisclosureLog> disclosures() throws DocumentException {
        final List<DisclosureLog> logs = new ArrayList<>();
        for (int relay = 0; relay < RELAYS; relay++) {
            final DisclosureLog log = new DisclosureLog(papers.get(relay).descriptor(1, EPOCH, 4), 8);
            log.add(papers.get(relay).disclosure(EPOCH));
            logs.add(log);
        }
        return logs;
    }

    @Override
    public void close() {
        all.forEach(RelayEngine::close);
        papers.forEach(PaperRelay::close);
        arena.close();
    }

    private void begin(int number) {
        final List<SphinxHop> path = new ArrayList<>();
        for (int relay : ROUTE) {
            path.add(new SphinxHop(papers.get(relay).sphinxKey(EPOCH), 0));
        }
        path.add(new SphinxHop(papers.get(PROBER).sphinxKey(EPOCH), 0));
        final MemorySegment payload = MemorySegment.ofArray(new byte[Integer.BYTES]);
        payload.set(JAVA_INT_UNALIGNED, 0, number);
        batch.add(SphinxPath.toRecipient(path, 0, 0), payload, 0);
        wrapper.wrap(batch);
        final List<ProbeHop> passages = new ArrayList<>();
        for (int hop = 0; hop < ROUTE.length; hop++) {
            passages.add(new ProbeHop(
                    papers.get(ROUTE[hop]).identity(), EPOCH, batch.delayTagLow(0, hop), batch.delayTagHigh(0, hop)));
        }
        batch.clear();
        hops.add(passages);
        sent.add(new long[] {clock.nanoTime(), 0});
        carry(ROUTE[0], packet);
    }

    private void carry(int node, MemorySegment bytes) {
        final RelayEngine engine = node == cheatIndex && random.nextDouble() < cheatShare ? cheat : honest.get(node);
        if (SteppedEngine.offer(engine, EPOCH, bytes) != Offer.OK) {
            throw new AssertionError("the relay has no room: node=" + node);
        }
    }

    private RelayEngine engine(int node, EcvrfSecretKey vrfKey, DelayDistribution law) {
        final PaperRelay paper = papers.get(node);
        final ThreadingMode[] modes = ThreadingMode.values();
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(modes[random.nextInt(modes.length)])
                        .slotCount(4_096)
                        .ringSize(512)
                        .egressLimit(512)
                        .tick(Duration.ofNanos(STEP_NS))
                        .maxDelay(Duration.ofSeconds(2))
                        .build())
                .crypto(crypto)
                .clock(clock)
                .keyEpoch(new SphinxEpoch(
                        EPOCH,
                        new RelaySphinxKey(paper.sphinxSecret(EPOCH)),
                        ReplayFilter.inMemory(new ReplaySet(100_000, random.nextLong(), random.nextLong())),
                        DelayEpoch.prepare(vrfKey, paper.identity().id(), EPOCH)))
                .delay(DelaySampler.epochVrf(law))
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        sent.get(delivery.payload().get(JAVA_INT_UNALIGNED, 0))[1] = clock.nanoTime();
                        arrived++;
                        return true;
                    }

                    @Override
                    public boolean onForward(int peer, MemorySegment forwarded) {
                        carry(peer < node ? peer : peer + 1, forwarded);
                        return true;
                    }
                });
        for (int peer = 0; peer <= RELAYS; peer++) {
            if (peer != node) {
                final RelayPublicKey key = papers.get(peer).sphinxKey(EPOCH);
                builder.peer(Peer.direct("node-" + peer, key.id()));
            }
        }
        final RelayEngine engine = builder.build();
        SteppedEngine.open(engine);
        all.add(engine);
        return engine;
    }
}

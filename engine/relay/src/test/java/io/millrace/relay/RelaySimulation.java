package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkTiming;
import io.millrace.link.LinkTransition;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.test.SeededRandomness;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A small network of real engines on one thread: virtual clock, bad weather, the duty cycles of all agents interleaved
 * as the seed wants it. One seed, one history.
 *
 * <p>After every step each engine's counters must obey the conservation law; at the end every packet that the network
 * did not harm must have been delivered exactly once.
 */
final class RelaySimulation implements AutoCloseable {
    private static final long MAX_LATENCY_NS = 3_000_000;
    private static final long MAX_DELAY_NS = 8_000_000;
    private static final int MAX_HOPS = 5;

    /** A link's life in a fraction of a second. */
    private static final LinkTiming TIMING = new LinkTiming(
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            5,
            Duration.ofMillis(40),
            Duration.ofMillis(40),
            Duration.ofMillis(150));

    private final long seed;
    private final SplittableRandom random;
    private final VirtualClock clock;
    private final LossyNetwork network;
    private final Arena arena = TrackedArena.shared();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final List<RelayEngine> engines = new ArrayList<>();
    private final List<RelayPublicKey> publicKeys = new ArrayList<>();
    private final List<SecretKey> secrets = new ArrayList<>();
    private final List<byte[]> linkKeys = new ArrayList<>();
    private final boolean handshaked;
    private long wallClock = 1_000;
    private final Map<Long, Integer> deliveries = new HashMap<>();
    private final Map<RelayEngine, List<LinkTransition>> transitions = new HashMap<>();
    private final MemorySegment packet;
    private final SphinxWrapper wrapper;
    private long originated;

    /** A network of pre-shared links. */
    RelaySimulation(long seed, int nodes, LossyNetwork.Weather weather) {
        this(seed, nodes, weather, false);
    }

    RelaySimulation(long seed, int nodes, LossyNetwork.Weather weather, boolean handshaked) {
        this.seed = seed;
        this.handshaked = handshaked;
        this.random = new SplittableRandom(seed);
        // Near the wrap-around of the clock, to try that too.
        this.clock = new VirtualClock(Long.MAX_VALUE - random.nextLong(20_000_000));
        this.network = new LossyNetwork(nodes, random.split(), clock, weather, MAX_LATENCY_NS);
        this.packet = arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
        this.wrapper = new SphinxWrapper(arena, crypto, new SeededRandomness(random.split()), SphinxGeometry.MR1, 1);
        for (int node = 0; node < nodes; node++) {
            final SecretKey secret = SecretKey.generate(new SeededRandomness(random));
            secrets.add(secret);
            try (RelaySphinxKey key = new RelaySphinxKey(SecretKey.copyOf(secret.segment()))) {
                publicKeys.add(RelayPublicKey.copyOf(key.publicKey()));
                // Here the two keys of a node may be one.
                linkKeys.add(key.publicKeyBytes());
            }
        }
        for (int node = 0; node < nodes; node++) {
            engines.add(newEngine(node));
        }
    }

    /** Sends {@code packets} along random paths, runs until nothing moves, and checks the promises. */
    void run(int packets) {
        int steps = 0;
        while (originated < packets || isBusy()) {
            if (originated < packets && random.nextInt(4) == 0) {
                originate();
            }
            final RelayEngine engine = engines.get(random.nextInt(engines.size()));
            final List<Duty> agents = engine.parts().duties();
            agents.get(random.nextInt(agents.size())).doWork();
            assertThat(engine.counters().conserved())
                    .as("seed=%d step=%d %s", seed, steps, engine.counters())
                    .isTrue();
            clock.advance(random.nextLong(50_000));
            assertThat(++steps).as("seed=%d comes to an end", seed).isLessThan(2_000_000);
        }
    }

    /** Makes {@code steps} steps, and sends a packet every now and then. */
    void steps(int steps, boolean sending) {
        for (int step = 0; step < steps; step++) {
            if (sending && random.nextInt(40) == 0) {
                originate();
            }
            step();
        }
    }

    /** Lets a node begin anew, with its keys and nothing else. */
    void restart(int node) {
        engines.get(node).close();
        engines.set(node, newEngine(node));
    }

    /** Whether every node can send to every other. */
    boolean areLinksUp() {
        for (RelayEngine engine : engines) {
            for (int peer = 0; peer < engines.size() - 1; peer++) {
                if (!engine.isLinkUp(peer)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** All engines that ran, those that were closed too, and the link events of each. */
    Map<RelayEngine, List<LinkTransition>> transitions() {
        return transitions;
    }

    /** All engines' links. */
    List<LinkReport> links() {
        return engines.stream().flatMap(engine -> engine.links().stream()).toList();
    }

    private void step() {
        final RelayEngine engine = engines.get(random.nextInt(engines.size()));
        final List<Duty> agents = engine.parts().duties();
        agents.get(random.nextInt(agents.size())).doWork();
        assertThat(engine.counters().conserved())
                .as("seed=%d %s", seed, engine.counters())
                .isTrue();
        clock.advance(random.nextLong(50_000));
    }

    long originated() {
        return originated;
    }

    /** How often each payload arrived. */
    Map<Long, Integer> deliveries() {
        return deliveries;
    }

    LossyNetwork network() {
        return network;
    }

    /** Drops of all engines, by reason. */
    Map<Verdict, Long> drops() {
        final Map<Verdict, Long> drops = new HashMap<>();
        engines.forEach(engine ->
                engine.counters().dropped().forEach((verdict, count) -> drops.merge(verdict, count, Long::sum)));
        return drops;
    }

    long received() {
        return engines.stream()
                .mapToLong(engine -> engine.counters().received())
                .sum();
    }

    @Override
    public void close() {
        engines.forEach(RelayEngine::close);
        secrets.forEach(SecretKey::close);
        arena.close();
    }

    private boolean isBusy() {
        return network.inTransit > 0
                || engines.stream()
                        .anyMatch(engine -> !engine.parts().ring().isEmpty()
                                || engine.counters().inFlight() != 0);
    }

    private void originate() {
        final int length = 1 + random.nextInt(MAX_HOPS);
        final int origin = random.nextInt(engines.size());
        final List<SphinxHop> hops = new ArrayList<>();
        int at = origin;
        for (int hop = 0; hop < length; hop++) {
            at = (at + 1 + random.nextInt(engines.size() - 1)) % engines.size();
            hops.add(new SphinxHop(publicKeys.get(at), random.nextLong(MAX_DELAY_NS)));
        }
        final MemorySegment payload = MemorySegment.ofArray(new byte[Long.BYTES]);
        payload.set(JAVA_LONG_UNALIGNED, 0, originated);
        wrapper.wrap(SphinxPath.toRecipient(hops, 1, 2), payload, packet, 0);
        final int first = publicKeys.indexOf(hops.getFirst().relay());
        assertThat(engines.get(origin).originate(first < origin ? first : first - 1, packet, 0))
                .as("seed=%d", seed)
                .isEqualTo(Offer.OK);
        originated++;
    }

    private RelayEngine newEngine(int node) {
        final ThreadingMode[] modes = ThreadingMode.values();
        final List<LinkTransition> told = new ArrayList<>();
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(modes[random.nextInt(modes.length)])
                        .peelWorkers(1 + random.nextInt(3))
                        .slotCount(128)
                        .ringSize(64)
                        .batchLimit(1 << random.nextInt(4))
                        .egressLimit(64)
                        .tick(Duration.ofNanos(50_000))
                        .maxDelay(Duration.ofMillis(10))
                        .build())
                .crypto(crypto)
                .clock(clock)
                .keyEpoch(new SphinxEpoch(
                        0,
                        new RelaySphinxKey(SecretKey.copyOf(secrets.get(node).segment())),
                        new ReplaySet(4_096, random.nextLong(), random.nextLong())))
                .delay(DelaySampler.sender(MAX_DELAY_NS))
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        assertThat(delivery.length()).isEqualTo(Long.BYTES);
                        deliveries.merge(delivery.payload().get(JAVA_LONG_UNALIGNED, 0), 1, Integer::sum);
                        return true;
                    }

                    @Override
                    public void onLinkUp(LinkTransition transition) {
                        assertThat(transition.isUp()).isTrue();
                        told.add(transition);
                    }

                    @Override
                    public void onLinkDown(LinkTransition transition) {
                        assertThat(transition.isUp()).isFalse();
                        told.add(transition);
                    }
                });
        if (handshaked) {
            builder.identity(new LinkIdentity(secrets.get(node), idBytes(publicKeys.get(node))))
                    .linkTiming(TIMING)
                    .linkRandomness(new SeededRandomness(random.split()))
                    .wallClock(() -> wallClock++);
        }
        final int[] peers = new int[publicKeys.size() - 1];
        try (SecretKey psk = SecretKey.generate(new SeededRandomness(new SplittableRandom(7)))) {
            for (int peer = 0; peer < peers.length; peer++) {
                peers[peer] = peer < node ? peer : peer + 1;
                if (handshaked) {
                    builder.peer(Peer.handshaked(
                            "node-" + peers[peer], publicKeys.get(peers[peer]).id(), linkKeys.get(peers[peer])));
                    continue;
                }
                final LinkKeys link = LinkKeys.preShared(
                        psk, idBytes(publicKeys.get(node)), idBytes(publicKeys.get(peers[peer])), Instant.EPOCH);
                builder.peer(Peer.linked(
                        "node-" + peers[peer], publicKeys.get(peers[peer]).id(), link));
            }
        }
        final RelayEngine engine = builder.carrier(network.carrier(node, peers)).build();
        engine.open();
        transitions.put(engine, told);
        return engine;
    }

    private static byte[] idBytes(RelayPublicKey key) {
        final byte[] bytes = new byte[LinkKeys.ID_LENGTH];
        key.id().writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }
}

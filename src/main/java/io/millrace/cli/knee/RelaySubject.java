package io.millrace.cli.knee;

import io.millrace.cli.config.EngineText;
import io.millrace.config.EngineConfig;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.htx.LinkKeys;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.KeyEpoch;
import io.millrace.relay.Peer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.ReplayFilter;
import io.millrace.relay.Stage;
import io.millrace.relay.Verdict;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** A whole relay between its two neighbours: the engine, on a socket of the loopback address. */
final class RelaySubject implements Subject {
    private static final Duration WHEEL_SLACK = Duration.ofSeconds(1);

    private final SecureRandom hashKeys = new SecureRandom();
    private final int replayTags;
    private final SecretKey relaySecret;
    private final EcvrfSecretKey vrfKey;
    private final String policy;
    private final RelayEngine engine;
    private long epoch = 1;
    private EngineCounters before;

    RelaySubject(SubjectSetup setup) throws IOException {
        replayTags = setup.replayTags();
        relaySecret = secret(setup.relaySecret());
        vrfKey = Samplers.vrfKey(setup.vrfSeed());
        policy = setup.policy();
        final KeyEpoch first = newEpoch();
        final RelayId own = first.key().id();
        final DelayDistribution delay = DelayDistribution.parse(setup.delay());
        final EngineConfig.Builder config = EngineConfig.builder()
                .batchLimit(setup.batch())
                .waitMode(EngineText.waitMode(setup.waitMode()))
                .maxDelay(Duration.ofNanos(delay.maxNs()).plus(WHEEL_SLACK));
        EngineText.threading(config, setup.threading());
        final RelayId upstream = id(setup.upstreamId());
        final RelayId downstream = id(setup.downstreamId());
        try (SecretKey psk = secret(setup.psk())) {
            engine = RelayEngine.builder()
                    .config(config.build())
                    .crypto(CryptoProviders.byName(setup.provider()))
                    .keyEpoch(first)
                    .delay(Samplers.of(setup.policy(), delay, vrfKey))
                    .carrier(new MeasuredCarrier(
                            KneeSocket.open(setup.tcp(), setup.port(), setup.upstreamPort(), setup.downstreamPort())
                                    .carrier()))
                    .peer(Peer.linked(
                            "upstream", upstream, LinkKeys.preShared(psk, bytes(own), bytes(upstream), now())))
                    .peer(Peer.linked(
                            "downstream", downstream, LinkKeys.preShared(psk, bytes(own), bytes(downstream), now())))
                    .build();
        }
        engine.start();
        before = engine.counters();
    }

    @Override
    public void epoch() {
        epoch++;
        engine.rollKeyEpoch(newEpoch());
        engine.resetHistograms();
        before = engine.counters();
    }

    @Override
    public SubjectReport report() {
        engine.failure().ifPresent(failure -> {
            throw new IllegalStateException("the engine failed", failure);
        });
        final EngineCounters now = engine.counters();
        final Map<String, Long> dropped = new LinkedHashMap<>();
        now.dropped().forEach((Verdict verdict, Long count) -> {
            final long since = count - before.dropped().getOrDefault(verdict, 0L);
            if (since != 0) {
                dropped.put(verdict.label(), since);
            }
        });
        final Map<String, String> stages = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            stages.put(stage.label(), SubjectReport.encode(engine.histogram(stage)));
        }
        return new SubjectReport(
                now.received() - before.received(),
                now.forwarded() - before.forwarded(),
                dropped,
                now.inFlight(),
                now.conserved(),
                SubjectReport.compiledMsHere(),
                stages);
    }

    @Override
    public void close() {
        engine.close();
        relaySecret.close();
        vrfKey.close();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    static SecretKey secret(String hex) {
        return SecretKey.copyOf(MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
    }

    static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private KeyEpoch newEpoch() {
        final RelaySphinxKey key = new RelaySphinxKey(SecretKey.copyOf(relaySecret.segment()));
        return new KeyEpoch(
                epoch,
                key,
                ReplayFilter.inMemory(new ReplaySet(replayTags, hashKeys.nextLong(), hashKeys.nextLong())),
                Samplers.epochKey(policy, vrfKey, key.id(), epoch));
    }

    private static RelayId id(String hex) {
        return RelayId.ofHex(hex);
    }

    private static Instant now() {
        return Instant.now();
    }
}

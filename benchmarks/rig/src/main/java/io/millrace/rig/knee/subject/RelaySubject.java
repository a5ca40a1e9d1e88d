package io.millrace.rig.knee.subject;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkKeys;
import io.millrace.node.NodeEngine;
import io.millrace.node.config.EngineSettings;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.Peer;
import io.millrace.rig.crypto.TimedCrypto;
import io.millrace.rig.measure.WorkMeter;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A whole relay between its neighbours: an engine on a socket of the loopback address. Every interval has a new engine with
 * the same keys, so that the same packets can come again.
 */
public final class RelaySubject implements Subject {
    private final SecureRandom hashKeys = new SecureRandom();
    private final SubjectSetup setup;
    private final EcvrfSecretKey vrfKey;
    private final EngineSettings settings;
    private final BatchCrypto crypto;
    private WorkMeter meter; // of the interval, as the next two
    private TimedCrypto timedCrypto;
    private TimedCarrier timedCarrier;
    private final Queue<SphinxEpoch> ready = new ArrayDeque<>(); // epochs of the interval that are not accepted yet
    private final Queue<String> disclosed = new ConcurrentLinkedQueue<>();
    private SubjectJournal journal; // null unless there is one
    private RelayEngine engine; // null before the first interval
    private int epoch;

    RelaySubject(SubjectSetup setup) {
        this.setup = setup;
        vrfKey = Samplers.vrfKey(setup.vrfSeed());
        settings = EngineSettings.of(setup.engine());
        crypto = Samplers.crypto(setup, settings);
    }

    @Override
    public void begin(int first) throws IOException {
        end();
        disclosed.clear();
        epoch = first;
        journal = setup.journal() ? new SubjectJournal(setup.durableFirst()) : null;
        final SphinxEpoch running = keyEpoch(epoch);
        // Before the interval begins, as a relay makes its epochs ahead: this takes longer than a short epoch lasts.
        for (int number = epoch + 1; number <= setup.relaySecrets().size(); number++) {
            ready.add(keyEpoch(number));
        }
        meter = new WorkMeter();
        timedCrypto = new TimedCrypto(crypto, 0, meter);
        timedCarrier = new TimedCarrier(
                KneeSocket.open(setup.tcp(), !setup.handshaked(), setup.port(), setup.ports())
                        .carrier(),
                meter);
        engine = NodeEngine.build(
                settings,
                new NodeEngine.Parts(
                        timedCrypto,
                        vrfKey,
                        new NodeEngine.First(running),
                        timedCarrier,
                        identity(),
                        peers(),
                        RelayListener.NONE,
                        Optional.empty()));
        engine.start();
        acceptNext();
    }

    /** The next epoch runs, the one before the running one ends and is disclosed, and one more is accepted. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void roll() throws IOException {
        if (epoch == setup.relaySecrets().size()) {
            return;
        }
        final int over = epoch - 1;
        epoch++;
        engine.runKeyEpoch(epoch);
        acceptNext();
        if (engine.epochs().stream().anyMatch(each -> each.number() == over)) {
            // A failure leaves the epoch undisclosed, and the judgement refuses the relay for that.
            engine.retireKeyEpoch(over).thenAccept(this::disclose);
        }
    }

    private void acceptNext() {
        if (!ready.isEmpty()) {
            engine.acceptKeyEpoch(ready.remove());
        }
    }

    private void disclose(RetiredEpoch retired) {
        try (retired) {
            retired.disclose().ifPresent(opening -> disclosed.add(HexFormat.of().formatHex(opening.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The engine of the interval, for tests. */
    RelayEngine engine() {
        return engine;
    }

    /** The journal of the interval, for tests; null if there is none. */
    SubjectJournal journal() {
        return journal;
    }

    @Override
    public SubjectReport report() {
        engine.failure().ifPresent(failure -> {
            throw new IllegalStateException("the engine failed", failure);
        });
        final EngineCounters now = engine.counters();
        final Map<String, Long> dropped = new LinkedHashMap<>();
        now.dropped().forEach((Verdict verdict, Long count) -> {
            if (count != 0) {
                dropped.put(verdict.label(), count);
            }
        });
        final Map<String, String> stages = new LinkedHashMap<>();
        for (Latency stage : Latency.values()) {
            stages.put(stage.label(), SubjectReport.encode(engine.histogram(stage)));
        }
        return new SubjectReport(
                now.received(),
                now.forwarded(),
                dropped,
                now.inFlight(),
                now.conserved(),
                SubjectReport.compiledMsHere(),
                SubjectReport.threadsNs(engine.threads()),
                workNs(),
                timedCarrier.calls(),
                (int) engine.links().stream().filter(link -> !link.up()).count(),
                List.copyOf(disclosed),
                stages);
    }

    private Map<String, Long> workNs() {
        final Map<String, Long> work = timedCarrier.spentNs();
        work.putAll(timedCrypto.spentNs());
        work.put(Subject.ENGINE, meter.betweenNs());
        work.put(Subject.IDLE, meter.idleNs());
        return work;
    }

    @Override
    public void close() throws IOException {
        end();
        vrfKey.close();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    public static SecretKey secret(String hex) {
        return SecretKey.takeFrom(HexFormat.of().parseHex(hex));
    }

    private void end() throws IOException {
        ready.forEach(SphinxEpoch::close);
        ready.clear();
        if (engine != null) {
            engine.close();
            engine = null;
        }
        if (journal != null) {
            journal.close();
            journal = null;
        }
    }

    private Optional<LinkIdentity> identity() {
        if (!setup.handshaked()) {
            return Optional.empty();
        }
        try (SecretKey secret = secret(setup.linkSecret())) {
            return Optional.of(new LinkIdentity(secret, HexFormat.of().parseHex(setup.identityId())));
        }
    }

    private List<Peer> peers() {
        final byte[] own = HexFormat.of().parseHex(setup.identityId());
        return setup.neighbours().stream().map(entry -> peer(own, entry)).toList();
    }

    private Peer peer(byte[] own, SubjectSetup.Entry entry) {
        final RelayId id = RelayId.ofHex(entry.id());
        final String name = "neighbour-" + entry.port();
        if (setup.handshaked()) {
            return Peer.handshaked(name, id, HexFormat.of().parseHex(entry.linkKey()));
        }
        try (SecretKey psk = secret(setup.psk())) {
            final byte[] peer = HexFormat.of().parseHex(entry.id());
            return Peer.linked(name, id, LinkKeys.preShared(psk, own, peer, Instant.now()));
        }
    }

    private SphinxEpoch keyEpoch(int number) throws IOException {
        final ReplaySet set = new ReplaySet(settings.replayTags(), hashKeys.nextLong(), hashKeys.nextLong());
        final ReplayFilter filter = journal == null ? ReplayFilter.inMemory(set) : journal.filter(number, set);
        final SecretKey secret = secret(setup.relaySecrets().get(number - 1));
        final byte[] own = HexFormat.of().parseHex(setup.identityId());
        return new SphinxEpoch(
                number,
                new RelaySphinxKey(secret, settings.profile()),
                filter,
                NodeEngine.delayEpoch(settings, vrfKey, own, number));
    }
}

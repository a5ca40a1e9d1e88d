package io.millrace.cli.knee;

import io.millrace.cli.measure.LadderMeter;
import io.millrace.cli.process.FreePorts;
import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.htx.Link;
import io.millrace.htx.LinkKeys;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * One run: prepares the packets, finds the relay's highest rate without loss, measures below it, and does the same with the
 * bare forwarder.
 */
final class KneeRun {
    /** Shares of the relay's knee at which latency is measured, in percent. */
    static final List<Integer> LOADS = List.of(50, 80, 95);

    /** The same, above it: how loss goes on. */
    private static final List<Integer> BEYOND = List.of(120, 150, 200);

    private static final int RELAY_TRIALS = 14;
    private static final int FLOOR_TRIALS = 5;
    private static final int FLOOR_FRAMES = 10; // for each packet of the relay's
    private static final int FLOOR_FRAMES_MAX = 4_000_000;
    private static final int SAMPLE = 4_096;
    private static final double PREPARE_SECONDS = 12;
    private static final int PACKETS_LEAST = 20_000;
    private static final int PACKETS_MOST = 1_000_000;
    private static final long IDLE_MS = 1_500;

    private final KneeOptions options;
    private final Consumer<String> progress;
    private final String psk = randomHex();
    private final String vrfSeed = randomHex();
    private final SecretKey relaySecret = SecretKey.generate(new SecureRandomness());
    private final RelaySphinxKey relay = new RelaySphinxKey(SecretKey.copyOf(relaySecret.segment()));
    private final RelaySphinxKey downstreamKey = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
    private final RelaySphinxKey upstreamKey = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));

    /**
     * Prepares a run; a run is made once.
     *
     * @param progress hears what is being done, a line each.
     */
    KneeRun(KneeOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Everything that was measured: what the report and the charts are made of. */
    KneeMeasurements run() throws Exception {
        final long began = System.nanoTime();
        final BatchCrypto crypto = CryptoProviders.byName(options.provider());
        try (relaySecret;
                relay;
                downstreamKey;
                upstreamKey;
                EcvrfSecretKey vrfKey = Samplers.vrfKey(vrfSeed);
                TrackedArena arena = TrackedArena.shared();
                HiccupMeter hiccups = new HiccupMeter()) {
            final StepLog log = new StepLog(new LadderMeter(arena), progress);
            final int mark = hiccups.mark();
            progress.accept("watching the idle machine ...");
            Thread.sleep(IDLE_MS);
            final Histogram idle = hiccups.since(mark);
            final LoadPool.Plan plan = new LoadPool.Plan(
                    crypto,
                    relay,
                    RelayPublicKey.copyOf(downstreamKey.publicKey()),
                    () -> Samplers.of(options.policy().label(), options.delay(), vrfKey),
                    number -> Samplers.epochKey(options.policy().label(), vrfKey, relay.id(), number),
                    options.policy(),
                    options.delay(),
                    options.seed());
            final int packets = options.packets() == 0 ? affordable(plan) : options.packets();
            progress.accept("preparing " + packets + " packets ...");
            try (LoadPool pool = LoadPool.prepare(plan, packets)) {
                final KneeParts parts =
                        new KneeParts(crypto, hiccups, options.delay().maxNs());
                final int loaded = hiccups.mark();
                final StolenTime stolen = StolenTime.start();
                final Found relayFound = measureRelay(parts, pool, log);
                final Found floorFound = measureFloor(parts, packets, relayFound.knee(), log);
                return new KneeMeasurements(
                        options,
                        crypto.name(),
                        relayFound.knee(),
                        floorFound.knee(),
                        log.steps(),
                        relayFound.loads(),
                        floorFound.loads(),
                        idle,
                        hiccups.since(loaded),
                        log.ladderNs(),
                        stolen.share(),
                        (System.nanoTime() - began) / 1e9);
            }
        }
    }

    /**
     * As many packets as this machine prepares in a while: it takes about as long as a relay of one thread needs for twice
     * as many, so that they last for an interval on a fast machine and are soon there on a slow one.
     */
    private static int affordable(LoadPool.Plan plan) {
        LoadPool.prepare(plan, SAMPLE).close(); // for the compiler
        final long began = System.nanoTime();
        LoadPool.prepare(plan, SAMPLE).close();
        final double rate = SAMPLE * 1e9 / (System.nanoTime() - began);
        return Math.clamp(Math.round(rate * PREPARE_SECONDS), PACKETS_LEAST, PACKETS_MOST);
    }

    /** What a test bed found. */
    private record Found(double knee, Map<Integer, LoadFigures> loads) {}

    private Found measureRelay(KneeParts parts, LoadPool pool, StepLog log) throws Exception {
        final int port = FreePorts.find(1).getFirst();
        try (SecretKey secret = RelaySubject.secret(psk);
                KneeSocket upstream = open(port);
                KneeSocket downstream = open(port);
                TestBed bed = new TestBed(
                        setup(SubjectSetup.RELAY, pool.count(), port, upstream, downstream),
                        parts,
                        pool,
                        upstream,
                        downstream,
                        new Link(preShared(secret, upstreamKey.id())),
                        new Link(preShared(secret, downstreamKey.id())))) {
            final KneeSearch search = new KneeSearch(bed, pool.count(), options, log);
            final double knee = search.knee(RELAY_TRIALS);
            for (int percent : BEYOND) {
                search.whole(knee * percent / 100);
            }
            final Map<Integer, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = search.whole(knee * percent / 100);
                loads.put(percent, LoadFigures.ofRelay(step, bed, parts, pool, options));
            }
            return new Found(knee, loads);
        }
    }

    /** The forwarder at the relay's loads, so that the two can be laid over each other. */
    private Found measureFloor(KneeParts parts, int packets, double relayKnee, StepLog log) throws Exception {
        final int port = FreePorts.find(1).getFirst();
        final String other = randomHex();
        final Traffic frames = new NumberedPackets(Math.min(FLOOR_FRAMES_MAX, FLOOR_FRAMES * packets));
        try (KneeSocket upstream = open(port);
                KneeSocket downstream = open(port);
                TestBed bed = new TestBed(
                        setup(SubjectSetup.FORWARDER, 0, port, upstream, downstream),
                        parts,
                        frames,
                        upstream,
                        downstream,
                        new Link(new LinkKeys(RelaySubject.secret(psk), RelaySubject.secret(other))),
                        new Link(new LinkKeys(RelaySubject.secret(other), RelaySubject.secret(psk))))) {
            final KneeSearch search = new KneeSearch(bed, frames.count(), options, log);
            final double knee = search.knee(FLOOR_TRIALS);
            final Map<Integer, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = search.whole(relayKnee * percent / 100);
                loads.put(percent, LoadFigures.ofForwarder(step, bed, parts));
            }
            return new Found(knee, loads);
        }
    }

    private SubjectSetup setup(String kind, int replayTags, int port, KneeSocket upstream, KneeSocket downstream) {
        return new SubjectSetup(
                kind,
                HexFormat.of().formatHex(relaySecret.segment().toArray(ValueLayout.JAVA_BYTE)),
                vrfSeed,
                psk,
                upstreamKey.id().toString(),
                downstreamKey.id().toString(),
                options.tcp(),
                port,
                upstream.port(),
                downstream.port(),
                options.provider(),
                options.threading(),
                options.waitMode(),
                options.batch(),
                options.delay().toString(),
                options.policy().label(),
                replayTags);
    }

    private LinkKeys preShared(SecretKey secret, RelayId own) {
        return LinkKeys.preShared(secret, RelaySubject.bytes(own), RelaySubject.bytes(relay.id()), Instant.now());
    }

    private KneeSocket open(int subjectPort) throws IOException {
        return KneeSocket.open(options.tcp(), 0, subjectPort);
    }

    private static String randomHex() {
        try (SecretKey drawn = SecretKey.generate(new SecureRandomness())) {
            return HexFormat.of().formatHex(drawn.segment().toArray(ValueLayout.JAVA_BYTE));
        }
    }
}

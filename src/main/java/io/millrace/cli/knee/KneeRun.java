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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    private static final double WARM_UP_RATE = 20_000;
    private static final int WARM_UP_PACKETS = 30_000;
    private static final int WARM_UPS_MIN = 3;
    private static final int WARM_UPS_MAX = 12;
    private static final long COMPILED_MS = 200;
    private static final double SCOUT_SHARE = 1.0 / 3;
    private static final double SCOUT_RESOLUTION = 0.15;
    private static final int RELAY_TRIALS = 14;
    private static final int FLOOR_TRIALS = 5;
    private static final int FLOOR_FRAMES = 10; // for each packet of the relay's
    private static final int FLOOR_FRAMES_MAX = 4_000_000;
    private static final int SAMPLE = 4_096;
    private static final double PREPARE_SECONDS = 12;
    private static final int PACKETS_LEAST = 20_000;
    private static final int PACKETS_MOST = 1_000_000;
    private static final int LADDERS_EACH = 16;
    private static final long IDLE_MS = 1_500;

    private final KneeOptions options;
    private final Consumer<String> progress;
    private final List<Step> steps = new ArrayList<>();
    private LadderMeter ladders;
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
            ladders = new LadderMeter(arena);
            final int mark = hiccups.mark();
            progress.accept("watching the idle machine ...");
            Thread.sleep(IDLE_MS);
            final Histogram idle = hiccups.since(mark);
            final LoadPool.Plan plan = new LoadPool.Plan(
                    crypto,
                    relay,
                    RelayPublicKey.copyOf(downstreamKey.publicKey()),
                    () -> Samplers.of(options.policy().label(), options.delay(), vrfKey, relay.id()),
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
                final Found relayFound = measureRelay(parts, pool);
                final Found floorFound = measureFloor(parts, packets, relayFound.knee());
                return new KneeMeasurements(
                        options,
                        crypto.name(),
                        relayFound.knee(),
                        floorFound.knee(),
                        List.copyOf(steps),
                        relayFound.loads(),
                        floorFound.loads(),
                        idle,
                        hiccups.since(loaded),
                        ladders.medianNs(),
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
        return (int) Math.clamp(Math.round(rate * PREPARE_SECONDS), PACKETS_LEAST, PACKETS_MOST);
    }

    /** What a test bed found. */
    private record Found(double knee, Map<Integer, LoadFigures> loads) {}

    private Found measureRelay(KneeParts parts, LoadPool pool) throws Exception {
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
            final double knee = findKnee(bed, RELAY_TRIALS, pool.count());
            for (int percent : BEYOND) {
                step(bed, knee * percent / 100, pool.count());
            }
            final Map<Integer, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = step(bed, knee * percent / 100, pool.count());
                loads.put(percent, LoadFigures.ofRelay(step, bed, parts, pool, options));
            }
            return new Found(knee, loads);
        }
    }

    /** The forwarder at the relay's loads, so that the two can be laid over each other. */
    private Found measureFloor(KneeParts parts, int packets, double relayKnee) throws Exception {
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
            final double knee = findKnee(bed, FLOOR_TRIALS, frames.count());
            final Map<Integer, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = step(bed, relayKnee * percent / 100, frames.count());
                loads.put(percent, LoadFigures.ofForwarder(step, bed, parts));
            }
            return new Found(knee, loads);
        }
    }

    /** Finds roughly where it is by short intervals, and then where half of the whole intervals pass. */
    private double findKnee(TestBed bed, int trials, int packets) throws Exception {
        warmUp(bed, packets);
        // The shortest interval that a rate is still tried for is a third of the one asked for.
        final double highest = packets / (options.interval() * SCOUT_SHARE);
        final double scouted = RateSearch.highest(
                rate -> scout(bed, rate, packets).passed(),
                options.firstRate(),
                highest,
                Math.max(SCOUT_RESOLUTION, options.resolution()));
        final double knee = Staircase.highest(
                rate -> step(bed, rate, packets).passed(),
                scouted == 0 ? options.firstRate() : scouted,
                highest,
                options.resolution(),
                trials);
        if (knee == 0) {
            throw new IllegalStateException("the " + bed.kind() + " lost packets at every rate that was tried, down to "
                    + Math.round(options.firstRate() / 64) + " a second");
        }
        return knee;
    }

    /** Until its compiler has nothing more to do: on few cores it takes them away from what is measured. */
    private void warmUp(TestBed bed, int packets) throws IOException {
        progress.accept("warming up the " + bed.kind() + " ...");
        long compiledMs = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UPS_MAX && (i < WARM_UPS_MIN || compiledMs > COMPILED_MS); i++) {
            final long before = i == 0 ? 0 : bed.report().compiledMs();
            bed.run(WARM_UP_RATE, Math.min(WARM_UP_PACKETS, packets), true);
            compiledMs = bed.report().compiledMs() - before;
            progress.accept("... its compiler worked for " + compiledMs + " ms");
        }
    }

    private Step scout(TestBed bed, double rate, int packets) throws IOException {
        return step(bed, rate, options.interval() * SCOUT_SHARE, packets, true);
    }

    private Step step(TestBed bed, double rate, int packets) throws IOException {
        return step(bed, rate, options.interval(), packets, false);
    }

    private Step step(TestBed bed, double rate, double seconds, int packets, boolean scout) throws IOException {
        ladders.sample(LADDERS_EACH);
        final int count = Math.clamp(Math.round(rate * seconds), 1, packets);
        final Step step = bed.run(rate, count, scout);
        steps.add(step);
        progress.accept(String.format(
                Locale.ROOT,
                "%-9s %,9.0f/s  %,9d sent  %,6d lost%s%s",
                step.subject(),
                rate,
                step.sent(),
                step.lost(),
                step.generatorBehind() ? "  (the generator fell behind)" : "",
                step.lost() == 0 ? "" : "  " + step.dropped() + " sockets " + step.socketDrops()));
        return step;
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

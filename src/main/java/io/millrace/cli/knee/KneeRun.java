package io.millrace.cli.knee;

import io.millrace.cli.process.FreePorts;
import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.htx.Link;
import io.millrace.htx.LinkKeys;
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

    private static final double WARM_UP_RATE = 20_000;
    private static final int WARM_UP_PACKETS = 60_000;
    private static final int WARM_UPS = 2;
    private static final int TRIES = 2;
    private static final double STEP_DOWN = 0.95;
    private static final long IDLE_MS = 1_500;

    private final KneeOptions options;
    private final Consumer<String> progress;
    private final List<Step> steps = new ArrayList<>();
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
                HiccupMeter hiccups = new HiccupMeter()) {
            final int mark = hiccups.mark();
            progress.accept("watching the idle machine ...");
            Thread.sleep(IDLE_MS);
            final Histogram idle = hiccups.since(mark);
            progress.accept("preparing " + options.packets() + " packets ...");
            try (LoadPool pool = LoadPool.prepare(
                    new LoadPool.Plan(
                            crypto,
                            relay,
                            RelayPublicKey.copyOf(downstreamKey.publicKey()),
                            () -> Samplers.of(options.policy().label(), options.delay(), vrfKey, relay.id()),
                            options.policy(),
                            options.delay(),
                            options.seed()),
                    options.packets())) {
                final KneeParts parts =
                        new KneeParts(crypto, pool, hiccups, options.delay().maxNs());
                final int loaded = hiccups.mark();
                final Found relayFound = measureRelay(parts);
                final Found floorFound = measureFloor(parts, relayFound.knee());
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
                        (System.nanoTime() - began) / 1e9);
            }
        }
    }

    /** What a test bed found. */
    private record Found(double knee, Map<Integer, LoadFigures> loads) {}

    private Found measureRelay(KneeParts parts) throws Exception {
        final int port = FreePorts.find(1).getFirst();
        try (SecretKey secret = RelaySubject.secret(psk);
                KneeSocket upstream = open(port);
                KneeSocket downstream = open(port);
                TestBed bed = new TestBed(
                        setup(SubjectSetup.RELAY, port, upstream, downstream),
                        parts,
                        upstream,
                        downstream,
                        new Link(preShared(secret, upstreamKey.id())),
                        new Link(preShared(secret, downstreamKey.id())))) {
            final double knee = findKnee(bed, "relay", parts.pool().count());
            final Map<Integer, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = step(bed, knee * percent / 100);
                loads.put(percent, LoadFigures.ofRelay(step, bed, parts, options));
            }
            return new Found(knee, loads);
        }
    }

    /** The forwarder at the relay's loads, so that the two can be laid over each other. */
    private Found measureFloor(KneeParts parts, double relayKnee) throws Exception {
        final int port = FreePorts.find(1).getFirst();
        final String other = randomHex();
        try (KneeSocket upstream = open(port);
                KneeSocket downstream = open(port);
                TestBed bed = new TestBed(
                        setup(SubjectSetup.FORWARDER, port, upstream, downstream),
                        parts,
                        upstream,
                        downstream,
                        new Link(new LinkKeys(RelaySubject.secret(psk), RelaySubject.secret(other))),
                        new Link(new LinkKeys(RelaySubject.secret(other), RelaySubject.secret(psk))))) {
            final double knee = findKnee(bed, "forwarder", parts.pool().count());
            final Map<Integer, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = step(bed, relayKnee * percent / 100);
                loads.put(percent, LoadFigures.ofForwarder(step, bed, parts));
            }
            return new Found(knee, loads);
        }
    }

    private double findKnee(TestBed bed, String name, int packets) throws Exception {
        progress.accept("warming up the " + name + " ...");
        for (int i = 0; i < WARM_UPS; i++) {
            bed.run(WARM_UP_RATE, Math.min(WARM_UP_PACKETS, packets));
        }
        // The shortest interval that a rate is still tried for is a third of the one asked for.
        final double highest = 3 * packets / options.interval();
        double knee = RateSearch.highest(rate -> passes(bed, rate), options.firstRate(), highest, options.resolution());
        while (knee > options.firstRate() / 64 && !step(bed, knee).passed()) {
            knee *= STEP_DOWN;
        }
        if (knee == 0) {
            throw new IllegalStateException("the " + name + " lost packets at every rate that was tried, down to "
                    + Math.round(options.firstRate() / 64) + " a second");
        }
        return knee;
    }

    private boolean passes(TestBed bed, double rate) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            if (step(bed, rate).passed()) {
                return true;
            }
        }
        return false;
    }

    private Step step(TestBed bed, double rate) throws IOException {
        final int count = Math.clamp(Math.round(rate * options.interval()), 1, options.packets());
        final Step step = bed.run(rate, count);
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

    private SubjectSetup setup(String kind, int port, KneeSocket upstream, KneeSocket downstream) {
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
                options.packets());
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

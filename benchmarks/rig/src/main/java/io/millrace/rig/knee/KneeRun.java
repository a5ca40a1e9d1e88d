package io.millrace.rig.knee;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.rig.judge.Judgement;
import io.millrace.rig.knee.subject.SubjectSetup;
import io.millrace.rig.measure.LadderMeter;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One run: prepares the packets, finds the relay's highest rate without loss, measures and judges below it, and does the same
 * with the bare forwarder, which is not judged.
 */
public final class KneeRun {
    /** Shares of the relay's knee at which latency is measured, in percent. */
    static final List<Integer> LOADS = List.of(50, 80, 95);

    /** Name of the load at which few packets are inside: an attack has its best chances there. */
    static final String LIGHT = "light";

    /** As {@link #LOADS}, above the knee: how loss goes on. */
    private static final List<Integer> BEYOND = List.of(120, 150, 200);

    /** Share of the knee that is recorded, in percent. */
    private static final int RECORDED = 50;

    private static final int PERCENT = 100;
    private static final int RELAY_TRIALS = 12;
    private static final int FLOOR_TRIALS = 5;
    private static final int QUICK_TRIALS = 4;
    private static final int FLOOR_FRAMES = 10; // for each packet of the relay's
    private static final int FLOOR_FRAMES_MAX = 3_000_000;
    private static final int SAMPLE = 4_096;
    private static final double PREPARE_SECONDS = 15;
    private static final double PREPARED_PER_SECOND = 15_000;
    private static final double LIGHT_SECONDS = 5;
    private static final int PACKETS_LEAST = 20_000;
    private static final int PACKETS_MOST = 1_000_000;
    private static final long IDLE_MS = 1_500;
    private static final double LIGHT_INSIDE = 4;
    private static final double LIGHT_SHARE = 0.25;
    private static final int LIGHT_PACKETS = 20_000;

    private final KneeOptions options;
    private final Progress progress;

    /**
     * Prepares a run; a run is made once.
     *
     * @param options settings of the run.
     * @param progress receives each step.
     */
    public KneeRun(KneeOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Measures, and writes the report, histograms and charts into {@link KneeOptions#out}.
     *
     * @return the report.
     * @throws IOException if a file cannot be written, or a socket or process is not to be had.
     */
    public KneeReport run() throws Exception {
        final KneeMeasurements measured = measure();
        final KneeReport report = KneeReport.of(measured, Machine.cpu());
        KneeFiles.write(measured, report, options.out());
        return report;
    }

    /** All measurements: the source of the report and the charts. */
    private KneeMeasurements measure() throws Exception {
        final long began = System.nanoTime();
        final BatchCrypto crypto = CryptoProviders.byName(options.provider());
        try (KneeKeys keys = new KneeKeys(options);
                TrackedArena arena = TrackedArena.shared();
                HiccupMeter hiccups = new HiccupMeter()) {
            final StepLog log = new StepLog(new LadderMeter(arena), progress);
            final long mark = hiccups.mark();
            progress.plan(0, plannedSeconds());
            progress.step("watching the idle machine", IDLE_MS / 1e3);
            Thread.sleep(IDLE_MS);
            final Histogram idle = hiccups.since(mark);
            final LoadPool.Plan plan = keys.plan(crypto);
            final int packets = options.packets() == 0 ? affordable(plan) : options.packets();
            progress.step(String.format(Locale.ROOT, "preparing %,d packets", packets), preparingSeconds());
            try (LoadPool pool = LoadPool.prepare(plan, packets)) {
                final TestBedShared parts = new TestBedShared(
                        crypto,
                        hiccups,
                        options.delay().maxNs(),
                        options.cores(),
                        Runtime.getRuntime().availableProcessors());
                final long loaded = hiccups.mark();
                final StolenTime stolen = StolenTime.start();
                final RelayFound relay = measureRelay(keys, parts, pool, log);
                final FloorFound floor = measureFloor(keys, parts, packets, relay, log);
                return new KneeMeasurements(
                        options,
                        crypto.name(),
                        relay.knee(),
                        relay.halfPoint(),
                        floor.halfPoint(),
                        packets,
                        log.steps(),
                        relay.loads(),
                        floor.loads(),
                        idle,
                        hiccups.since(loaded),
                        log.ladderNs(),
                        stolen.share(),
                        (System.nanoTime() - began) / 1e9);
            }
        }
    }

    private double plannedSeconds() {
        final int relayTrials = options.quick() ? QUICK_TRIALS : RELAY_TRIALS;
        final int floorTrials = options.quick() ? QUICK_TRIALS : FLOOR_TRIALS;
        return IDLE_MS / 1e3
                + preparingSeconds()
                + KneeSearch.halfPointSeconds(options, relayTrials, options.quick() ? 1 : BEYOND.size())
                + KneeSearch.kneeSeconds(
                        options, LOADS.size() - 1 + (options.recording().isPresent() ? 1 : 0))
                + LIGHT_SECONDS
                + KneeSearch.halfPointSeconds(options, floorTrials, LOADS.size());
    }

    private double preparingSeconds() {
        return options.packets() == 0 ? PREPARE_SECONDS : options.packets() / PREPARED_PER_SECOND;
    }

    /**
     * As many packets as this machine prepares in a while: enough for an interval on a fast machine, and soon there on a slow
     * one.
     */
    private static int affordable(LoadPool.Plan plan) {
        LoadPool.prepare(plan, SAMPLE).close(); // for the compiler
        final long began = System.nanoTime();
        LoadPool.prepare(plan, SAMPLE).close();
        final double rate = SAMPLE * 1e9 / (System.nanoTime() - began);
        return Math.clamp(Math.round(rate * PREPARE_SECONDS), PACKETS_LEAST, PACKETS_MOST);
    }

    private record RelayFound(KneeSearch.Knee knee, double halfPoint, Map<String, LoadFigures> loads) {}

    private record FloorFound(double halfPoint, Map<String, LoadFigures> loads) {}

    private RelayFound measureRelay(KneeKeys keys, TestBedShared parts, LoadPool pool, StepLog log) throws Exception {
        final KneeCase circumstances = options.circumstances();
        final int replayTags = circumstances.replayTags() == 0 ? pool.count() : circumstances.replayTags();
        final TestBed.Parts kind = new TestBed.Parts(
                SubjectSetup.RELAY,
                options.tcp(),
                !circumstances.handshaked(),
                circumstances,
                pool::delayNs,
                keys::isDisclosure,
                (port, ports) -> keys.setup(SubjectSetup.RELAY, replayTags, port, ports),
                keys::neighbour);
        try (TestBed bed = new TestBed(kind, parts, pool, schedule(pool.count()))) {
            final KneeSearch search = new KneeSearch(bed, options, log);
            final double half = search.halfPoint(options.quick() ? QUICK_TRIALS : RELAY_TRIALS);
            final KneeSearch.Knee knee = search.knee(half);
            final LoadFigures highest = figures(knee.again(), bed, parts, pool, LOADS.size());
            for (int percent : options.quick() ? BEYOND.subList(0, 1) : BEYOND) {
                search.brief(knee.rate() * percent / 100);
            }
            final Map<String, LoadFigures> loads = new LinkedHashMap<>();
            final Step light = search.light(lightRate(knee.rate()), LIGHT_PACKETS);
            loads.put(LIGHT, figures(light, bed, parts, pool, 0));
            for (int percent : LOADS.subList(0, LOADS.size() - 1)) {
                final Step step = search.whole(knee.rate() * percent / 100);
                loads.put(Integer.toString(percent), figures(step, bed, parts, pool, loads.size()));
            }
            loads.put(Integer.toString(LOADS.getLast()), highest);
            if (options.recording().isPresent()) {
                // An interval more: recording takes time of the packet path, and figures are without.
                bed.recordNext(options.recording().get());
                search.whole(knee.rate() * RECORDED / PERCENT);
            }
            return new RelayFound(knee, half, loads);
        }
    }

    private LoadFigures figures(Step step, TestBed bed, TestBedShared parts, LoadPool pool, int part) {
        return LoadFigures.ofRelay(
                step, bed, parts, pool, options, new Judgement.Place(part, LOADS.size() + 1, options.seed()));
    }

    /** The rate at which few packets are inside an ideal mix. */
    private double lightRate(double knee) {
        final double meanNs = options.delay().maxNs() - integral(options.delay().maxNs());
        return Math.min(LIGHT_SHARE * knee, LIGHT_INSIDE * 1e9 / Math.max(1, meanNs));
    }

    /** Of the law's distribution function up to {@code maxNs}: the gap to it is the mean. */
    private double integral(long maxNs) {
        final int steps = 1_000;
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            sum += options.delay().cumulative((long) (maxNs * (i + 0.5) / steps));
        }
        return sum / steps * maxNs;
    }

    /** The forwarder at the relay's loads, so that the two can be laid over each other. */
    private FloorFound measureFloor(KneeKeys keys, TestBedShared parts, int packets, RelayFound relay, StepLog log)
            throws Exception {
        final KneeCase circumstances = options.circumstances();
        final Traffic frames = new NumberedPackets(
                (int) Math.min(FLOOR_FRAMES_MAX, (long) FLOOR_FRAMES * packets),
                circumstances.neighbours() == 2 ? 1 : circumstances.neighbours());
        final TestBed.Parts kind = new TestBed.Parts(
                SubjectSetup.FORWARDER,
                options.tcp(),
                true,
                circumstances,
                number -> 0,
                disclosure -> true,
                (port, ports) -> keys.setup(SubjectSetup.FORWARDER, 0, port, ports),
                keys::forwardedNeighbour);
        try (TestBed bed = new TestBed(kind, parts, frames, schedule(frames.count()))) {
            final KneeSearch search = new KneeSearch(bed, options, log);
            final double half = search.halfPoint(options.quick() ? QUICK_TRIALS : FLOOR_TRIALS);
            final Map<String, LoadFigures> loads = new LinkedHashMap<>();
            for (int percent : LOADS) {
                final Step step = search.brief(relay.knee().rate() * percent / 100);
                loads.put(Integer.toString(percent), LoadFigures.ofForwarder(step, bed, parts));
            }
            return new FloorFound(half, loads);
        }
    }

    private Schedule schedule(int packets) {
        return options.circumstances().poisson() ? Schedule.poisson(packets, options.seed()) : Schedule.even(packets);
    }
}

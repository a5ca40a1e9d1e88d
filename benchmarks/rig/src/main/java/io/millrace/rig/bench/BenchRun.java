package io.millrace.rig.bench;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.node.NodeEngine;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.RelayEngine;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.BenchSubject;
import io.millrace.rig.bed.DepartureRun;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.PreparedPackets;
import io.millrace.rig.bed.ReceiptLoad;
import io.millrace.rig.crypto.CheatingCrypto;
import io.millrace.rig.crypto.TimedCrypto;
import io.millrace.rig.judge.Judgement;
import io.millrace.rig.judge.Passages;
import io.millrace.rig.measure.LadderMeter;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.rig.progress.Progress;
import io.millrace.rig.receipts.ReceiptBench;
import io.millrace.rig.receipts.ReceiptFigures;
import io.millrace.rig.recording.FlightRecording;
import io.millrace.vrf.DelayDraws;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * One benchmark run: prepares the packets, builds the engine between its two neighbours, warms up, lets everything leave,
 * counts for the time asked for, and stops.
 */
public final class BenchRun {
    private static final long LADDER_EACH_MS = 100;
    private static final int LADDERS_AT_ONCE = 8;
    private static final int INJECT_EACH = 5;
    private static final long JUDGEMENT_SEED = 1;
    private static final int DRAWS = 100_000;
    private static final int DRAWS_SLOW = 1_000;
    private static final int WARM_PASSES = 4; // in the third, the first key epoch is retired
    private static final long WARM_MORE = 10;
    private static final int LADDERS_FIRST = 200;
    private static final double JUDGING_SECONDS = 3;
    private static final double PACKETS_PREPARED_PER_SECOND = 10_000;

    private final BenchOptions options;
    private final MeasuredPath path;
    private final Progress progress;

    /**
     * Prepares a run.
     *
     * @param options settings of the run.
     * @param progress receives each step.
     */
    public BenchRun(BenchOptions options, Progress progress) {
        this.options = options;
        this.path = options.path();
        this.progress = progress;
    }

    public BenchReport run() throws IOException, InterruptedException {
        final BatchCrypto provider = CryptoProviders.byName(path.provider());
        try (TrackedArena arena = TrackedArena.shared();
                BenchFixture bed =
                        new BenchFixture(provider, path.engine().profile(), options.packets(), options.neighbours())) {
            final BatchCrypto relayCrypto = options.mutant().isEmpty()
                    ? provider
                    : new CheatingCrypto(provider, options.mutant().get(), path.delay(), arena);
            final TimedCrypto timed = new TimedCrypto(relayCrypto, options.slowPeelNs() / 2); // two a packet
            if (path.receipts().isPresent()) {
                ReceiptLoad.compile(path.receipts().get());
            }
            final long began = System.nanoTime();
            final boolean receipts = path.receipts().isPresent();
            progress.plan(
                    receipts ? 5 : 4,
                    preparingSeconds()
                            + options.warmupSeconds()
                            + options.seconds()
                            + JUDGING_SECONDS
                            + (receipts ? ReceiptBench.seconds(path.receipts().get()) : 0));
            progress.step("preparing packets", preparingSeconds());
            final PreparedPackets packets =
                    path.policy() == DelayPolicy.SENDER ? bed.delayed(path.delay()) : bed.undelayed();
            final double prepareSeconds = (System.nanoTime() - began) / 1e9;
            try (BenchSubject subject = new BenchSubject(
                            bed,
                            new BenchSubject.Parts(
                                    path, timed, provider, packets, true, options.injected()::onWheelThread));
                    FlightRecording recording = options.recording().isPresent()
                            ? new FlightRecording(options.recording().get())
                            : null;
                    DelaySampler drawing = NodeEngine.sampler(path.engine(), bed.vrfKey());
                    DelayEpoch epoch = NodeEngine.delayEpoch(path.engine(), bed.vrfKey(), bed.relayIdBytes(), 1)) {
                final DelayDraws draws = drawing.draws(provider, path.config().batchLimit());
                return measure(
                        subject,
                        timed,
                        () -> drawNs(draws, epoch),
                        () -> judgement(bed, relayCrypto, provider, packets),
                        new LadderMeter(arena),
                        recording,
                        prepareSeconds);
            }
        }
    }

    /** Planned. */
    private double preparingSeconds() {
        return options.packets() / PACKETS_PREPARED_PER_SECOND;
    }

    /** Looks at a run of packets once the measurement is over. */
    @FunctionalInterface
    private interface Judge {
        JudgedDepartures judge() throws InterruptedException;
    }

    private JudgedDepartures judgement(
            BenchFixture bed, BatchCrypto relayCrypto, BatchCrypto provider, PreparedPackets packets)
            throws InterruptedException {
        progress.step("judging departures", JUDGING_SECONDS);
        return JudgedDepartures.of(
                time -> {
                    final long seed = JUDGEMENT_SEED + time - 1;
                    final Passages passages = new DepartureRun(bed, path, relayCrypto, provider, packets).run(seed);
                    if (passages.count() == 0) {
                        throw new IllegalStateException("no packet left the engine");
                    }
                    return Judgement.of(
                            passages, path.delay(), path.config().tick().toNanos(), new Judgement.Place(0, 1, seed));
                },
                progress::note);
    }

    private BenchReport measure(
            BenchSubject subject,
            TimedCrypto timed,
            DoubleSupplier drawCost,
            Judge judge,
            LadderMeter ladders,
            FlightRecording recording,
            double prepareSeconds)
            throws InterruptedException, IOException {
        final RelayEngine engine = subject.engine();
        ladders.sample(LADDERS_FIRST);
        ladders.endQuiet();
        engine.start();
        progress.step("warming up", options.warmupSeconds());
        subject.resume();
        pass(options.warmupSeconds(), subject, ladders, false);
        // The first rolls load classes. Where a pass takes too long there are none while measuring either.
        final long carried = engine.counters().forwarded() + engine.counters().delivered();
        if (carried * WARM_MORE >= (long) WARM_PASSES * options.packets()) {
            for (long left = WARM_MORE * options.warmupSeconds(); left > 0 && subject.passes() < WARM_PASSES; left--) {
                pass(1, subject, ladders, false);
            }
        }
        subject.drain();

        final List<Thread> working = engine.threads();
        engine.resetHistograms();
        ladders.reset();
        final long passesBefore = subject.passes();
        final EngineCounters before = engine.counters();
        final Map<String, Long> cryptoBefore = timed.spentNs();
        final long betweenBefore = timed.betweenNs();
        final List<Thread> all = new ArrayList<>(working);
        all.addAll(ThreadMeter.named("millrace-receipts", "millrace-commit-"));
        final Map<String, Long> cpuBefore = ThreadMeter.cpuNsByRole(all);
        final long allocatedBefore = ThreadMeter.allocatedBytes(working);
        final long start = System.nanoTime();
        progress.step("measuring packets", options.seconds());
        if (recording != null) {
            recording.begin();
        }
        subject.resume();
        pass(options.seconds(), subject, ladders, true);
        subject.pause();
        if (options.injected() != Injection.NONE) {
            subject.drain(); // packets that it made late are to leave while the recording still measures
        }
        if (recording != null) {
            recording.end();
        }
        final long elapsed = System.nanoTime() - start;
        final Map<String, Long> cpu = ThreadMeter.cpuNsByRole(all);
        cpu.replaceAll((role, ns) -> ns - cpuBefore.get(role));
        final long allocated = ThreadMeter.allocatedBytes(working) - allocatedBefore;
        final EngineCounters after = engine.counters();
        final Map<String, Long> crypto = new TreeMap<>();
        timed.spentNs().forEach((name, ns) -> crypto.put(name, ns - cryptoBefore.get(name)));
        final long between = timed.betweenNs() - betweenBefore;
        final boolean drained = engine.stop(BenchSubject.DRAIN);
        final double drawNs = drawCost.getAsDouble();
        final JudgedDepartures judgement = judge.judge();
        final BenchFigures figures = new BenchFigures(
                before,
                after,
                engine.counters(),
                elapsed,
                cpu,
                working.size(),
                allocated,
                crypto,
                between,
                drawNs,
                ladders.medianNs(),
                ladders.count(),
                prepareSeconds,
                subject.passes() - passesBefore + 1,
                subject.verified(),
                subject.wrong(),
                drained);
        return BenchReport.of(
                options, timed, figures, engine, judgement, receiptFigures(subject.receipts(), figures.ladderNs()));
    }

    private ReceiptFigures receiptFigures(ReceiptLoad receipts, long ladderNs) throws IOException {
        if (receipts == null) {
            return null;
        }
        progress.step("measuring receipts", ReceiptBench.seconds(path.receipts().orElseThrow()));
        return new ReceiptBench(path.receipts().orElseThrow(), ladderNs)
                .run(receipts.service().counters());
    }

    private void pass(int seconds, BenchSubject subject, LadderMeter ladders, boolean injecting)
            throws InterruptedException {
        final long start = System.nanoTime();
        final Injection injected = options.injected();
        int rounds = 0;
        while (!isOver(seconds, System.nanoTime() - start, injecting && injected.isAwaited())) {
            Thread.sleep(LADDER_EACH_MS);
            ladders.sample(LADDERS_AT_ONCE);
            subject.requireRunning();
            if (injecting && !injected.isUnderWay() && ++rounds % INJECT_EACH == 0) {
                injected.strike();
            }
        }
    }

    /** However slow the machine is, a run in which packets are to be made late sees one stall at least. */
    private static boolean isOver(int seconds, long elapsedNs, boolean awaited) {
        final long planned = TimeUnit.SECONDS.toNanos(seconds);
        return elapsedNs >= (awaited ? planned + BenchSubject.DRAIN.toNanos() : planned);
    }

    /** What drawing a delay costs, measured apart, in batches as the engine draws them. */
    private double drawNs(DelayDraws draws, DelayEpoch epoch) {
        final int batch = path.config().batchLimit();
        final int batches = Math.max(1, (path.policy() == DelayPolicy.PACKET_VRF ? DRAWS_SLOW : DRAWS) / batch);
        long sum = 0;
        long start = 0;
        for (int i = -batches; i < batches; i++) {
            if (i == 0) {
                start = System.nanoTime();
            }
            for (int j = 0; j < batch; j++) {
                draws.add((i * (long) batch + j) * 0x9E3779B97F4A7C15L, i, 0, epoch);
            }
            draws.draw();
            sum += draws.delayNs(batch - 1);
            draws.clear();
        }
        final long elapsed = System.nanoTime() - start;
        if (sum < 0) {
            throw new AssertionError("delays are not negative");
        }
        return (double) elapsed / batches / batch;
    }
}

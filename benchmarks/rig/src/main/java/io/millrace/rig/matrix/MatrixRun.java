package io.millrace.rig.matrix;

import io.millrace.memory.TrackedArena;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.receipts.ReceiptCounters;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.BenchSubject;
import io.millrace.rig.bed.ReceiptLoad;
import io.millrace.rig.measure.LadderMeter;
import io.millrace.rig.measure.Quartiles;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Measures the cost of each switch of the path: processor time per packet of all threads of the relay, at saturation.
 *
 * <p>A sweep measures every cell for one round, in a new engine each, in an order drawn anew, and the setting to
 * compare right before and right after it. A sample is the difference of a cell to the mean of those two: changes of the
 * machine, of its clock or of the caches, affect both. The first sweep warms up and does not count.
 *
 * <p>Used once, by one thread.
 */
public final class MatrixRun {
    private static final double ROUND_SECONDS = 0.5;
    private static final int SWEEPS_MIN = 2;
    private static final long WARM_IN_MS = 150;
    private static final double ENGINE_SECONDS = 0.25; // until an engine is warm, and to end it
    private static final double PREPARING_SECONDS = 2;
    private static final long PACKETS_MIN = 256;
    private static final long ROUND_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int LADDERS = 64;

    private final MatrixCells cells;
    private final BenchFixture bed;
    private final int sweeps;
    private final long roundNs;
    private final Progress progress;
    private final Random order = new Random();
    private final Map<MatrixCell, List<Round>> rounds = new HashMap<>();
    private final Map<MatrixCell, List<Difference>> differences = new LinkedHashMap<>();
    private long packets;
    private long verified;
    private long wrong;
    private boolean conserved = true;

    /**
     * Prepares a run.
     *
     * @param cells settings to measure.
     * @param bed keys and packets of all engines; stays the caller's.
     * @param seconds measured per cell, in all sweeps together.
     * @param progress receives a step for each setting of each sweep.
     */
    public MatrixRun(MatrixCells cells, BenchFixture bed, double seconds, Progress progress) {
        this.cells = cells;
        this.bed = bed;
        this.progress = progress;
        sweeps = Math.max(SWEEPS_MIN, (int) Math.round(seconds / ROUND_SECONDS));
        roundNs = (long) (seconds * TimeUnit.SECONDS.toNanos(1) / sweeps);
    }

    public MatrixReport run() throws IOException, InterruptedException {
        cells.rows().forEach(row -> differences.put(row, new ArrayList<>()));
        try (TrackedArena arena = TrackedArena.shared()) {
            final int steps = (sweeps + 1) * cells.rows().size();
            progress.plan(steps + 1, PREPARING_SECONDS + steps * rowSeconds());
            progress.step("preparing packets", PREPARING_SECONDS);
            for (SigningMode mode : cells.signingModes()) {
                ReceiptLoad.compile(mode);
            }
            final LadderMeter ladders = new LadderMeter(arena);
            ladders.sample(LADDERS);
            for (int sweep = 0; sweep <= sweeps; sweep++) {
                sweep(sweep == 0 ? "warming up" : "sweep " + sweep + " of " + sweeps);
                ladders.sample(LADDERS);
                if (sweep == 0) {
                    rounds.clear();
                    differences.values().forEach(List::clear);
                    packets = 0;
                }
            }
            return report(ladders.medianNs());
        }
    }

    /** Planned: a row is measured with the setting after it, each in a new engine. */
    private double rowSeconds() {
        return 2 * (roundNs / 1e9 + ENGINE_SECONDS);
    }

    private void sweep(String name) throws IOException, InterruptedException {
        final Map<MatrixCell, List<MatrixCell>> groups = new LinkedHashMap<>();
        groups.put(cells.base(), new ArrayList<>());
        cells.rows()
                .forEach(row -> groups.computeIfAbsent(row.against(), missing -> new ArrayList<>())
                        .add(row));
        for (Map.Entry<MatrixCell, List<MatrixCell>> group : groups.entrySet()) {
            Collections.shuffle(group.getValue(), order);
            Round before = measured(group.getKey());
            for (MatrixCell row : group.getValue()) {
                progress.step(name + ", " + row.name(), rowSeconds());
                final Round own = measured(row);
                final Round after = measured(group.getKey());
                differences.get(row).add(Difference.of(own, before, after));
                before = after;
            }
        }
    }

    private Round measured(MatrixCell cell) throws IOException, InterruptedException {
        final Round measured;
        final BenchSubject.Parts parts = new BenchSubject.Parts(
                cell.path(),
                cell.crypto(),
                cell.neighbourCrypto(),
                cell.delayed() ? bed.delayed(cell.path().delay()) : bed.undelayed(),
                true,
                () -> {});
        try (BenchSubject subject = new BenchSubject(bed, parts)) {
            if (cell.counted()) {
                final CountersCopy counters = new CountersCopy(subject.engine());
                try {
                    measured = warmRound(subject);
                } finally {
                    counters.close();
                }
            } else {
                measured = warmRound(subject);
            }
        }
        rounds.computeIfAbsent(cell, missing -> new ArrayList<>()).add(measured);
        return measured;
    }

    private Round warmRound(BenchSubject subject) throws InterruptedException {
        subject.engine().start();
        subject.resume();
        Thread.sleep(WARM_IN_MS);
        final Round measured = round(subject);
        subject.drain();
        verified += subject.verified();
        wrong += subject.wrong();
        return measured;
    }

    private Round round(BenchSubject subject) throws InterruptedException {
        final Reading before = Reading.of(subject);
        final long start = System.nanoTime();
        Reading after = before;
        while (System.nanoTime() - start < roundNs || !after.isEnoughSince(before)) {
            Thread.sleep(Math.max(1, TimeUnit.NANOSECONDS.toMillis(roundNs - (System.nanoTime() - start))));
            subject.requireRunning();
            after = Reading.of(subject);
            if (System.nanoTime() - start > ROUND_LIMIT_NS) {
                throw new IllegalStateException("hardly a packet gets through: " + after);
            }
        }
        conserved &= after.counters().conserved() && after.counters().droppedTotal() == 0;
        packets += after.ended() - before.ended();
        return new Round(after.nsPerPacketSince(before), after.packetsPerSecondSince(before));
    }

    /** Result of a round: processor time per packet, and packets per second of the clock on the wall. */
    private record Round(double nsPerPacket, double packetsPerSecond) {}

    /** A round with those right before and after it. */
    private record Difference(double nsPerPacket, double packetsPerSecondRatio) {
        static Difference of(Round own, Round before, Round after) {
            return new Difference(
                    own.nsPerPacket - (before.nsPerPacket + after.nsPerPacket) / 2,
                    2 * own.packetsPerSecond / (before.packetsPerSecond + after.packetsPerSecond));
        }
    }

    /** Counts of a relay so far; {@code receipts} is null if it makes none. */
    private record Reading(
            long atNs, EngineCounters counters, long cpuNs, ReceiptCounters receipts, long receiptCpuNs) {
        static Reading of(BenchSubject subject) {
            final ReceiptLoad load = subject.receipts();
            return new Reading(
                    System.nanoTime(),
                    subject.engine().counters(),
                    ThreadMeter.cpuNs(subject.engine().threads())
                            + ThreadMeter.cpuNs(subject.journalThreads())
                            + ThreadMeter.cpuNs(ThreadMeter.named(CountersCopy.THREAD)),
                    load == null ? null : load.service().counters(),
                    load == null ? 0 : ThreadMeter.cpuNs(load.threads()));
        }

        long ended() {
            return counters.forwarded() + counters.delivered();
        }

        boolean isEnoughSince(Reading before) {
            return ended() - before.ended() >= PACKETS_MIN
                    && (receipts == null || receipts.appended() > before.receipts.appended());
        }

        double packetsPerSecondSince(Reading before) {
            return (ended() - before.ended()) * 1e9 / (atNs - before.atNs);
        }

        /** Receipts are made later than their packets, or not at all if too many wait: each counts as if it were made. */
        double nsPerPacketSince(Reading before) {
            final double count = ended() - before.ended();
            final double engine = (cpuNs - before.cpuNs) / count;
            if (receipts == null) {
                return engine;
            }
            final double each =
                    (double) (receiptCpuNs - before.receiptCpuNs) / (receipts.appended() - before.receipts.appended());
            return engine + each * (receipts.offered() - before.receipts.offered()) / count;
        }
    }

    private MatrixReport report(long ladderNs) {
        final List<MatrixReport.Row> rows = new ArrayList<>();
        differences.forEach((row, samples) -> rows.add(MatrixReport.Row.of(
                row,
                quartiles(samples, Difference::nsPerPacket),
                quartiles(samples, Difference::packetsPerSecondRatio),
                quartiles(rounds.get(row), Round::nsPerPacket).median(),
                ladderNs)));
        final List<Round> base = rounds.get(cells.base());
        return MatrixReport.of(
                cells.base(),
                quartiles(base, Round::nsPerPacket),
                quartiles(base, Round::packetsPerSecond),
                rows,
                ladderNs,
                new MatrixReport.Extent(sweeps, roundNs / 1e9, packets, verified, wrong, conserved));
    }

    private static <T> Quartiles quartiles(List<T> samples, ToDoubleFunction<T> figure) {
        return Quartiles.of(samples.stream().map(figure::applyAsDouble).toList());
    }
}

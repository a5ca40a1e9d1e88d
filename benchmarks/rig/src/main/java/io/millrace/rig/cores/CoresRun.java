package io.millrace.rig.cores;

import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.natives.ProcessorAffinity;
import io.millrace.node.config.EngineKeys;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.measure.Quartiles;
import io.millrace.rig.progress.Progress;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures packets per second on 1, 2, 4 and so on of the machine's processors, and on all of them, in two ways: engines
 * that share nothing, one on each processor; and one engine with as many peeling threads as it has processors.
 *
 * <p>A sweep measures every count once, in new engines. Ratios are those of one sweep, since the speed of a shared machine
 * changes. The first sweep warms up and does not count.
 *
 * <p>Used once, by one thread.
 */
public final class CoresRun {
    private static final int SWEEPS_MIN = 3;
    private static final double ROUND_SECONDS = 0.5;
    private static final double ENGINE_SECONDS = 0.6; // until an engine is warm, and to end it
    private static final double PREPARING_SECONDS = 2;
    private static final long WARM_IN_MS = 250;
    private static final int MOST_WORKERS = 64;

    private final MeasuredPath path;
    private final BenchFixture bed;
    private final BatchCrypto crypto;
    private final List<Integer> processors;
    private final boolean bound;
    private final int sweeps;
    private final long roundNs;
    private final Progress progress;
    private long packets;
    private long verified;
    private long wrong;
    private boolean conserved = true;

    /** Packets per second of one round, and processor time per packet: of all threads, and of those of an engine that peels. */
    private record Round(double packetsPerSecond, double nsPerPacket, ThreadCosts costs) {}

    /**
     * Prepares a run.
     *
     * @param path how an engine works; its threads are those of the engines that share nothing.
     * @param bed keys and packets of all engines; stays the caller's.
     * @param crypto of relays and neighbours; stays the caller's.
     * @param most processors to use, 1 or more; more than this process may use count as all of them.
     * @param seconds measured per count and way, in all sweeps together.
     * @param progress receives each step.
     */
    public CoresRun(
            MeasuredPath path, BenchFixture bed, BatchCrypto crypto, int most, double seconds, Progress progress) {
        this.path = path;
        this.bed = bed;
        this.crypto = crypto;
        this.progress = progress;
        final List<Integer> allowed =
                ProcessorAffinity.ofCurrentThread().stream().boxed().toList();
        bound = !allowed.isEmpty();
        final List<Integer> usable = bound
                ? allowed
                : IntStream.range(0, Runtime.getRuntime().availableProcessors())
                        .boxed()
                        .toList();
        processors = List.copyOf(usable.subList(0, Math.min(most, usable.size())));
        sweeps = Math.max(SWEEPS_MIN, (int) Math.round(seconds / ROUND_SECONDS));
        roundNs = (long) (seconds * TimeUnit.SECONDS.toNanos(1) / sweeps);
    }

    /**
     * Measures.
     *
     * @throws IllegalStateException if an engine fails or keeps a packet.
     */
    public CoresReport run() throws IOException, InterruptedException {
        final List<Integer> counts = counts(processors.size());
        final double roundSeconds = roundNs / 1e9 + ENGINE_SECONDS;
        progress.plan(
                (sweeps + 1) * counts.size() + 1, PREPARING_SECONDS + (sweeps + 1) * 2 * counts.size() * roundSeconds);
        progress.step("preparing packets", PREPARING_SECONDS);
        final BoundEngines.Load load = new BoundEngines.Load(
                bed, crypto, path.policy() == DelayPolicy.SENDER ? bed.delayed(path.delay()) : bed.undelayed());
        final List<List<Round>> apart = lists(counts.size());
        final List<List<Round>> together = lists(counts.size());
        for (int sweep = 0; sweep <= sweeps; sweep++) {
            final String name = sweep == 0 ? "warming up" : "sweep " + sweep + " of " + sweeps;
            for (int i = 0; i < counts.size(); i++) {
                final int count = counts.get(i);
                progress.step(name + ", processors " + count, 2 * roundSeconds);
                final Round engines = round(load, path, Collections.nCopies(count, 1));
                final Round workers = round(load, parallel(count), List.of(count));
                if (sweep > 0) {
                    apart.get(i).add(engines);
                    together.get(i).add(workers);
                }
            }
        }
        final ThreadCosts costs =
                ThreadCosts.median(together.getLast().stream().map(Round::costs).toList());
        return CoresReport.of(
                new CoresReport.Circumstances(path, crypto, bound, sweeps, roundNs / 1e9),
                rows(counts, apart),
                rows(counts, together),
                costs,
                new CoresReport.Outcome(packets, verified, wrong, conserved));
    }

    /** 1, 2, 4 and so on below {@code all}, and {@code all}. */
    static List<Integer> counts(int all) {
        final TreeSet<Integer> counts = new TreeSet<>(List.of(all));
        for (int count = 1; count < all; count *= 2) {
            counts.add(count);
        }
        return List.copyOf(counts);
    }

    private MeasuredPath parallel(int workers) {
        return path.with(
                EngineKeys.THREADING, new EngineKeys.Threads(ThreadingMode.PARALLEL, Math.min(workers, MOST_WORKERS)));
    }

    /** Engines at work together; {@code each} has the number of processors of each of them. */
    private Round round(BoundEngines.Load load, MeasuredPath engine, List<Integer> each)
            throws IOException, InterruptedException {
        final List<List<Integer>> places = new ArrayList<>();
        int next = 0;
        for (int count : each) {
            places.add(bound ? processors.subList(next, next + count) : List.of());
            next += count;
        }
        try (BoundEngines engines = new BoundEngines(load, engine, places)) {
            engines.resume();
            Thread.sleep(WARM_IN_MS);
            final long packetsBefore = engines.ended();
            final ThreadCosts.Reading before = ThreadCosts.Reading.of(engines);
            final long cpuBefore = engines.cpuNs("");
            final long start = System.nanoTime();
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(roundNs));
            final long ended = engines.ended() - packetsBefore;
            final ThreadCosts.Reading after = ThreadCosts.Reading.of(engines);
            final double cpu = engines.cpuNs("") - cpuBefore;
            final long elapsed = System.nanoTime() - start;
            engines.drain();
            packets += ended;
            verified += engines.verified();
            wrong += engines.wrong();
            conserved &= engines.conserved();
            if (ended == 0) {
                throw new IllegalStateException("no packet got through in " + elapsed / 1_000_000 + " ms");
            }
            return new Round(ended * 1e9 / elapsed, cpu / ended, after.since(before, ended));
        }
    }

    private static List<CoresReport.Row> rows(List<Integer> counts, List<List<Round>> rounds) {
        final List<CoresReport.Row> rows = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            final List<Round> own = rounds.get(i);
            final List<Round> one = rounds.getFirst();
            rows.add(CoresReport.Row.of(
                    counts.get(i),
                    Quartiles.of(own.stream().map(Round::packetsPerSecond).toList()),
                    Quartiles.of(IntStream.range(0, own.size())
                            .mapToObj(sweep -> own.get(sweep).packetsPerSecond()
                                    / one.get(sweep).packetsPerSecond())
                            .toList()),
                    Quartiles.of(own.stream().map(Round::nsPerPacket).toList())));
        }
        return rows;
    }

    private static List<List<Round>> lists(int count) {
        return IntStream.range(0, count)
                .<List<Round>>mapToObj(i -> new ArrayList<>())
                .toList();
    }
}

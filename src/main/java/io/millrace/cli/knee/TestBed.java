package io.millrace.cli.knee;

import io.millrace.htx.Link;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One subject between the generator's two sockets, ready to be loaded again and again.
 *
 * <p>Owned by one thread.
 */
final class TestBed implements AutoCloseable {
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SETTLE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int SETTLES = 12;

    private final String kind;
    private final int subjectPort;
    private final boolean tcp;
    private final KneeSocket upstream;
    private final KneeSocket downstream;
    private final SubjectProcess process;
    private final Generator generator;
    private final HiccupMeter hiccups;
    private final long longestDelayNs;
    private Load load;
    private SubjectReport report;
    private int mark;
    private long epoch = 1;

    /**
     * Starts the subject.
     *
     * @param traffic what it is loaded with; stays the caller's.
     * @param sending link to it; taken over.
     * @param receiving link from it; taken over.
     * @param upstream stays the caller's, as does {@code downstream}; both know the subject as peer 0.
     */
    TestBed(
            SubjectSetup setup,
            KneeParts parts,
            Traffic traffic,
            KneeSocket upstream,
            KneeSocket downstream,
            Link sending,
            Link receiving)
            throws IOException {
        kind = setup.kind();
        subjectPort = setup.port();
        tcp = setup.tcp();
        this.upstream = upstream;
        this.downstream = downstream;
        hiccups = parts.hiccups();
        longestDelayNs = parts.longestDelayNs();
        generator = new Generator(parts.crypto(), traffic, upstream, downstream.carrier(), sending, receiving);
        try {
            process = new SubjectProcess(setup);
        } catch (IOException e) {
            generator.close();
            throw e;
        }
        try {
            upstream.connect(SubjectSetup.UPSTREAM);
            downstream.connect(SubjectSetup.DOWNSTREAM);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Offers {@code rate} packets a second, {@code count} in all.
     *
     * @param scout whether these are fewer than a whole interval's.
     */
    Step run(double rate, int count, boolean scout) throws IOException {
        generator.drain(QUIET_NS);
        process.epoch();
        generator.epoch(++epoch);
        final Map<String, Long> before = socketDrops();
        mark = hiccups.mark();
        final StolenTime stolen = StolenTime.start();
        generator.send(rate, count);
        Map<String, Long> kernel = Map.of();
        long unaccounted = 0;
        for (int i = 0; i == 0 || (unaccounted > 0 && i < SETTLES); i++) { // what nobody dropped may be late
            final int missing = generator.settle(SETTLE_NS + longestDelayNs);
            report = process.report();
            kernel = socketDropsSince(before);
            unaccounted = Math.max(0, missing - sum(report.dropped()) - sum(kernel));
        }
        load = generator.load();
        return new Step(
                kind,
                scout,
                rate,
                load.sent(),
                load.lost(),
                report.dropped(),
                kernel,
                unaccounted,
                load.lag().getValueAtPercentile(99),
                load.behind(),
                load.refused(),
                hiccups.since(mark).getMaxValue(),
                stolen.ns(),
                report.conserved());
    }

    /** What is measured: {@link SubjectSetup#RELAY} or {@link SubjectSetup#FORWARDER}. */
    String kind() {
        return kind;
    }

    /** What the generator saw of the last interval. */
    Load load() {
        return load;
    }

    /** What the subject said of it. */
    SubjectReport report() {
        return report;
    }

    /** Where the hiccup meter stood when it began. */
    int mark() {
        return mark;
    }

    @Override
    public void close() throws IOException {
        generator.close();
        process.close();
    }

    private Map<String, Long> socketDropsSince(Map<String, Long> before) {
        final Map<String, Long> since = new LinkedHashMap<>();
        socketDrops().forEach((socket, drops) -> {
            if (drops > before.getOrDefault(socket, 0L)) {
                since.put(socket, drops - before.getOrDefault(socket, 0L));
            }
        });
        return since;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<String, Long> socketDrops() {
        final Map<String, Long> drops = new LinkedHashMap<>();
        if (tcp) {
            return drops; // TCP loses nothing: it holds back
        }
        put(drops, "subject", SocketDrops.at(subjectPort));
        put(drops, "generator", SocketDrops.at(downstream.port()));
        put(drops, "generator-upstream", SocketDrops.at(upstream.port()));
        return drops;
    }

    private static void put(Map<String, Long> drops, String socket, OptionalLong count) {
        if (count.isPresent()) {
            drops.put(socket, count.getAsLong());
        }
    }
}

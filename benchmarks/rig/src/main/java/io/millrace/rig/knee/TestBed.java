package io.millrace.rig.knee;

import io.millrace.link.LinkKeySlots;
import io.millrace.link.QuiescentState;
import io.millrace.rig.knee.subject.KneeSocket;
import io.millrace.rig.knee.subject.SubjectProcess;
import io.millrace.rig.knee.subject.SubjectReport;
import io.millrace.rig.knee.subject.SubjectSetup;
import io.millrace.rig.measure.CoreSplit;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;

/**
 * One subject among its neighbours, ready to be loaded again and again. Every interval has new sockets and, at the subject, a
 * new engine.
 *
 * <p>Owned by one thread.
 */
final class TestBed implements AutoCloseable {
    private static final long SETTLE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int SETTLES = 12;

    /** The kernel counts one drop for datagrams that travel as one message: so many at most. */
    private static final int PACKETS_PER_DROP = 64;

    private final Parts bed;
    private final Traffic traffic;
    private final TestBedShared parts;
    private final SubjectProcess process;
    private final Generator generator;
    private final List<Integer> ports;
    private final int subjectPort;
    private Load load;
    private SubjectReport report;
    private KneeLedger ledger;
    private Path recording; // null: not to be recorded
    private long mark;

    /**
     * What makes a bed that of a relay or of the forwarder.
     *
     * @param kind {@link SubjectSetup#RELAY} or {@link SubjectSetup#FORWARDER}.
     * @param tcp whether over TCP.
     * @param greeted whether the ends of a TCP connection greet each other.
     * @param circumstances how many neighbours and key epochs there are.
     * @param delayNs disclosed delay of packet {@code number}.
     * @param disclosure whether a disclosure, in hex, is the one from which {@code delayNs} follows.
     * @param setups makes the subject's settings.
     * @param neighbours makes a neighbour at a socket.
     */
    record Parts(
            String kind,
            boolean tcp,
            boolean greeted,
            KneeCase circumstances,
            IntToLongFunction delayNs,
            Predicate<String> disclosure,
            Setups setups,
            EnginePeers neighbours) {}

    /** Makes a subject's settings. */
    @FunctionalInterface
    interface Setups {
        SubjectSetup of(int port, List<Integer> neighbourPorts);
    }

    /** Makes a neighbour. */
    @FunctionalInterface
    interface EnginePeers {
        /**
         * Neighbour {@code index}, which takes {@code socket} over.
         *
         * @param keySlots of all neighbours, closed after them: one batch seals for several, and its keys lie in one arena.
         */
        Neighbour of(int index, KneeSocket socket, LinkKeySlots keySlots);
    }

    /**
     * Starts the subject's process.
     *
     * @param traffic load of the subject; stays the caller's.
     * @param schedule of the packets.
     */
    TestBed(Parts bed, TestBedShared parts, Traffic traffic, Schedule schedule) throws IOException {
        this.bed = bed;
        this.parts = parts;
        this.traffic = traffic;
        final List<Integer> free = FreePorts.find(bed.circumstances().neighbours() + 1);
        subjectPort = free.getFirst();
        ports = free.subList(1, free.size());
        process = new SubjectProcess(bed.setups().of(subjectPort, ports));
        generator = new Generator(parts.crypto(), traffic, schedule);
    }

    /**
     * Offers packets.
     *
     * @param rate packets a second.
     * @param first number of the first packet.
     * @param count packets.
     * @param scout whether these are fewer than a whole interval's.
     */
    Step run(double rate, int first, int count, boolean scout) throws IOException {
        final List<Neighbour> hood = new ArrayList<>();
        final LinkKeySlots keySlots = new LinkKeySlots(ports.size(), QuiescentState.AT_ONCE);
        try {
            for (int i = 0; i < ports.size(); i++) {
                hood.add(bed.neighbours()
                        .of(
                                i,
                                KneeSocket.open(bed.tcp(), bed.greeted(), ports.get(i), List.of(subjectPort)),
                                keySlots));
            }
            process.begin(Math.max(1, traffic.epoch(first)));
            for (int i = 0; i < hood.size(); i++) {
                hood.get(i).socket().connect(i);
            }
            generator.connect(hood, () -> process.report().linksDown() == 0);
            return loaded(rate, first, count, scout);
        } finally {
            hood.forEach(Neighbour::close);
            keySlots.close();
        }
    }

    private Step loaded(double rate, int first, int count, boolean scout) throws IOException {
        final Map<String, Long> before = socketDrops();
        mark = parts.hiccups().mark();
        final StolenTime stolen = StolenTime.start();
        final boolean recorded = recording != null;
        if (recorded) {
            process.record(recording);
            recording = null;
        }
        final SubjectReport unloaded = process.report();
        final long start = System.nanoTime() + LEAD_NS;
        final KeyRolls rolls = KeyRolls.start(process, generator.rolls(traffic, rate, first, count), start);
        final BitSet anywhere = CoreSplit.bind(parts.cores().generator());
        try {
            generator.send(rate, first, count, start);
        } finally {
            CoreSplit.bind(anywhere.stream().boxed().toList());
        }
        final int rolled = rolls.await();
        final SubjectReport loaded = process.report();
        final long elapsedNs = System.nanoTime() - start;
        if (recorded) {
            process.recorded();
        }
        Map<String, Long> kernel = Map.of();
        long unaccounted = 0;
        for (int i = 0; i == 0 || (unaccounted > 0 && i < SETTLES); i++) { // a packet without a trace may be late
            final int missing = generator.settle(SETTLE_NS + parts.longestDelayNs());
            report = process.report();
            kernel = socketDropsSince(before);
            unaccounted = Math.max(0, missing - sum(report.dropped()) - PACKETS_PER_DROP * sum(kernel));
        }
        if (!report.disclosures().stream().allMatch(bed.disclosure())) {
            throw new IllegalStateException(
                    "the " + bed.kind() + " disclosed a value other than the VRF output of its epoch");
        }
        load = generator.load();
        ledger = KneeLedger.of(unloaded, loaded, load, elapsedNs, parts.coreCount());
        final Trend trend = Trend.of(load, bed.delayNs());
        return new Step(
                bed.kind(),
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
                trend.medianNs(),
                trend.growthNs(),
                trend.grows(),
                rolled,
                report.disclosures().size(),
                report.cpuNs(),
                parts.hiccups().since(mark).getMaxValue(),
                stolen.ns(),
                report.conserved());
    }

    /**
     * Has the next interval recorded in the subject's process.
     *
     * @param file gets the flight recording.
     */
    void recordNext(Path file) {
        recording = file;
    }

    /** Subject of the measurement: {@link SubjectSetup#RELAY} or {@link SubjectSetup#FORWARDER}. */
    String kind() {
        return bed.kind();
    }

    /** Packets that an interval can send. */
    int packets() {
        return traffic.count();
    }

    /** The last interval, as the generator saw it. */
    Load load() {
        return load;
    }

    /** The last interval, as the subject reports it. */
    SubjectReport report() {
        return report;
    }

    /** The last interval's accounts. */
    KneeLedger ledger() {
        return ledger;
    }

    /** Where the hiccup meter was when it began. */
    long mark() {
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
        if (bed.tcp()) {
            return drops; // TCP loses nothing: it holds back
        }
        add(drops, "subject", SocketDrops.at(subjectPort));
        ports.forEach(port -> add(drops, "generator", SocketDrops.at(port)));
        return drops;
    }

    private static void add(Map<String, Long> drops, String socket, OptionalLong count) {
        if (count.isPresent()) {
            drops.merge(socket, count.getAsLong(), Long::sum);
        }
    }
}

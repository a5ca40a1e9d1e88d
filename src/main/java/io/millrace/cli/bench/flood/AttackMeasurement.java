package io.millrace.cli.bench.flood;

import io.millrace.endpoint.HtxListener;
import io.millrace.htx.SessionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.SessionPlaces;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * The slices of one {@link AttackRow}. In a slice without the attack, the attackers' process uses as much processor time as
 * the attack did, so that a pair differs in the server's work alone.
 */
final class AttackMeasurement {
    private static final Duration SAMPLE = Duration.ofMillis(20);

    /** Longest lead, for a reason that does not come. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Bytes of a session beside the queues of its streams, at most: sealed frames, the frame that comes. */
    private static final long SESSION_BYTES = 512 << 10;

    /** The ends that newcomers and honest clients have in this process. */
    private static final int OTHER_ENDS = AttackSuite.HONEST + 2;

    private final Attack attack;
    private final AttackSource source;
    private final FloodServer server;
    private final HonestClients honest;
    private final String publicKey;
    private final AttackProcess process;
    private final JumpingClock clock;
    private final Slices without = new Slices();
    private final Slices with = new Slices();
    private final PairedRatios ratios = new PairedRatios();
    private final Map<String, Long> drops = new TreeMap<>();
    private long connections;
    private long failed;
    private double attackerCpuSeconds;
    private double attackerSeconds;
    private long peakBytes;
    private int peakSessions;
    private int peakConnections;

    /** Sums over slices of a kind. */
    private static final class Slices {
        private long bytes;
        private long ns;
        private long cpuNs;

        /** The last slice's. */
        private double lastRate;

        void add(long moreBytes, long moreNs, long moreCpuNs) {
            bytes += moreBytes;
            ns += moreNs;
            cpuNs += moreCpuNs;
            lastRate = moreBytes * 1e9 / moreNs;
        }

        double rate() {
            return ns == 0 ? 0 : bytes * 1e9 / ns;
        }

        double processors() {
            return ns == 0 ? 0 : (double) cpuNs / ns;
        }
    }

    /** @param clock the server's, which jumps in the slices of {@link Attack#CLOCK}. */
    AttackMeasurement(
            Attack attack,
            AttackSource source,
            FloodServer server,
            HonestClients honest,
            MemorySegment publicKey,
            AttackProcess process,
            JumpingClock clock) {
        this.attack = attack;
        this.source = source;
        this.server = server;
        this.honest = honest;
        this.publicKey = HexFormat.of().formatHex(publicKey.toArray(ValueLayout.JAVA_BYTE));
        this.process = process;
        this.clock = clock;
    }

    /**
     * Attacks for the time of the lead, and longer until the server has dropped something for each of the reasons.
     *
     * @param reasons of {@link AttackRow#drops}, may be empty.
     */
    void lead(AttackTimes times, Set<String> reasons, Newcomers newcomers) throws IOException, InterruptedException {
        final Map<String, Long> before = counted();
        attack(
                new Slices(),
                newcomers,
                ns -> ns >= times.lead().toNanos()
                        && (ns >= LONGEST.toNanos() || more(before).keySet().containsAll(reasons)));
        settle(times);
    }

    /** Measures a pair. */
    void pair(boolean attackFirst, AttackTimes times, Newcomers during, Newcomers before)
            throws IOException, InterruptedException {
        final LongPredicate enough = ns -> ns >= times.slice().toNanos();
        if (attackFirst) {
            attack(with, during, enough);
            settle(times);
        }
        process.burn(attackerProcessors());
        measure(without, before, enough);
        process.stop();
        if (!attackFirst) {
            attack(with, during, enough);
            settle(times);
        }
        ratios.add(with.lastRate, without.lastRate);
    }

    private double attackerProcessors() {
        return attackerSeconds == 0 ? 0 : attackerCpuSeconds / attackerSeconds;
    }

    private void attack(Slices slices, Newcomers newcomers, LongPredicate enough)
            throws IOException, InterruptedException {
        final Map<String, Long> before = counted();
        if (attack == Attack.CLOCK) {
            clock.jump(true);
            measure(slices, newcomers, enough);
            clock.jump(false);
        } else {
            process.begin(new AttackCommand.Setup(
                    attack, source, server.listener().address().getPort(), publicKey));
            measure(slices, newcomers, enough);
            final AttackCommand.Result result = process.stop();
            connections += result.connections();
            failed += result.failed();
            attackerCpuSeconds += result.cpuSeconds();
            attackerSeconds += result.seconds();
        }
        more(before).forEach((reason, count) -> drops.merge(reason, count, Long::sum));
    }

    /** Waits until the attackers' sessions are gone. */
    private void settle(AttackTimes times) throws InterruptedException {
        final long untilNs = System.nanoTime() + times.settling().toNanos();
        do {
            Thread.sleep(SAMPLE);
        } while (server.sessions() > AttackSuite.HONEST && System.nanoTime() - untilNs < 0);
    }

    private Map<String, Long> more(Map<String, Long> before) {
        final Map<String, Long> more = counted();
        before.forEach((reason, count) -> more.merge(reason, -count, Long::sum));
        more.values().removeIf(count -> count == 0);
        return more;
    }

    private void measure(Slices slices, Newcomers newcomers, LongPredicate enough) throws InterruptedException {
        final Thread coming = newcomers.begin();
        honest.dropBacklog();
        final long startBytes = server.taken();
        final long startCpuNs = cpuNs();
        final long startNs = System.nanoTime();
        while (!enough.test(System.nanoTime() - startNs)) {
            Thread.sleep(SAMPLE);
            peakBytes = Math.max(peakBytes, TrackedArena.liveBytes());
            peakSessions = Math.max(peakSessions, server.sessions());
            peakConnections = Math.max(peakConnections, server.listener().open());
        }
        slices.add(server.taken() - startBytes, System.nanoTime() - startNs, cpuNs() - startCpuNs);
        newcomers.stop();
        coming.join();
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Refused connections and ended sessions so far, by reason. */
    private Map<String, Long> counted() {
        final HtxListener listener = server.listener();
        final Map<String, Long> counts = new TreeMap<>(server.violations());
        for (HandshakeVerdict verdict : HandshakeVerdict.values()) {
            if (verdict != HandshakeVerdict.ANSWERED && verdict != HandshakeVerdict.ESTABLISHED) {
                counts.put(HtxFlood.name(verdict), listener.counters().get(verdict));
            }
        }
        counts.put("turned-away", listener.turnedAway());
        counts.put("displaced", listener.displaced());
        counts.put("displaced-sessions", listener.displacedSessions());
        return counts;
    }

    AttackRow row(Newcomers during, Newcomers before, boolean complete) {
        final SessionConfig config = SessionConfig.HTX1;
        final long bound = 2L * AttackSuite.HONEST * config.maxReceived()
                + (peakSessions + OTHER_ENDS) * (SESSION_BYTES + config.maxQueued() + config.initialWindow());
        return new AttackRow(
                HtxFlood.name(attack),
                HtxFlood.name(source),
                connections,
                failed,
                attackerProcessors(),
                without.processors(),
                with.processors(),
                without.rate(),
                with.rate(),
                ratios.median(),
                ratios.low(),
                ratios.high(),
                ratios.count(),
                complete,
                during.count(),
                during.inTime(),
                during.never(),
                during.retries(),
                during.p99Us(),
                before.p99Us(),
                peakBytes,
                bound,
                peakSessions,
                peakConnections,
                AttackSuite.PLACES + SessionPlaces.most(AttackSuite.PLACES),
                drops);
    }
}

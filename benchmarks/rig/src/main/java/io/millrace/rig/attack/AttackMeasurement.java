package io.millrace.rig.attack;

import io.millrace.memory.TrackedArena;
import io.millrace.rig.flood.HtxFlood;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
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

    private final Attack attack;
    private final AttackSource source;
    private final AttackTarget target;
    private final AttackProcess process;
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

    AttackMeasurement(Attack attack, AttackSource source, AttackTarget target, AttackProcess process) {
        this.attack = attack;
        this.source = source;
        this.target = target;
        this.process = process;
    }

    /**
     * Attacks for the time of the lead, and longer until the server has dropped something for each of the reasons.
     *
     * @param reasons of {@link AttackRow#drops}, may be empty.
     */
    void lead(AttackTimes times, Set<String> reasons, Newcomers newcomers) throws IOException, InterruptedException {
        final Map<String, Long> before = target.counted();
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
        final Map<String, Long> before = target.counted();
        if (attack == Attack.CLOCK) {
            target.jump(true);
            measure(slices, newcomers, enough);
            target.jump(false);
        } else {
            process.begin(target.setup(attack, source));
            measure(slices, newcomers, enough);
            final AttackChild.Result result = process.stop();
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
        } while (target.sessions() > AttackSuite.HONEST && System.nanoTime() - untilNs < 0);
    }

    private Map<String, Long> more(Map<String, Long> before) {
        final Map<String, Long> more = target.counted();
        before.forEach((reason, count) -> more.merge(reason, -count, Long::sum));
        more.values().removeIf(count -> count == 0);
        return more;
    }

    private void measure(Slices slices, Newcomers newcomers, LongPredicate enough) throws InterruptedException {
        final Thread coming = newcomers.begin();
        target.dropBacklog();
        final long startBytes = target.taken();
        final long startCpuNs = cpuNs();
        final long startNs = System.nanoTime();
        while (!enough.test(System.nanoTime() - startNs)) {
            Thread.sleep(SAMPLE);
            peakBytes = Math.max(peakBytes, TrackedArena.liveBytes());
            peakSessions = Math.max(peakSessions, target.sessions());
            peakConnections = Math.max(peakConnections, target.connections());
        }
        slices.add(target.taken() - startBytes, System.nanoTime() - startNs, cpuNs() - startCpuNs);
        newcomers.stop();
        coming.join();
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    AttackRow row(Newcomers during, Newcomers before, boolean complete) {
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
                target.boundBytes(peakSessions),
                peakSessions,
                peakConnections,
                target.connectionsBound(),
                drops);
    }
}

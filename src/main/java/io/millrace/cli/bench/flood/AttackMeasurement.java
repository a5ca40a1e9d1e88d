package io.millrace.cli.bench.flood;

import io.millrace.endpoint.HtxListener;
import io.millrace.htx.SessionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** The intervals of one {@link AttackRow}. */
final class AttackMeasurement {
    private static final Duration SAMPLE = Duration.ofMillis(20);

    /** Longest interval, for a reason that does not come. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Bytes of a session beside the queues of its streams, at most: sealed frames, the frame that comes. */
    private static final long SESSION_BYTES = 512 << 10;

    /** The ends that newcomers and honest clients have in this process. */
    private static final int OTHER_ENDS = AttackSuite.HONEST + 2;

    private final Attack attack;
    private final AttackSource source;
    private final FloodServer server;
    private final String publicKey;
    private final AttackProcess process;
    private final JumpingClock clock;
    private final Interval without = new Interval();
    private final Interval with = new Interval();
    private final Map<String, Long> drops = new TreeMap<>();
    private long connections;
    private long failed;
    private double attackerCpuSeconds;
    private long peakBytes;
    private int peakSessions;
    private int peakConnections;

    /** Bytes over a time. */
    private static final class Interval {
        private long bytes;
        private long ns;

        double rate() {
            return ns == 0 ? 0 : bytes * 1e9 / ns;
        }
    }

    /** @param clock the server's, which jumps in the intervals of {@link Attack#CLOCK}. */
    AttackMeasurement(
            Attack attack,
            AttackSource source,
            FloodServer server,
            MemorySegment publicKey,
            AttackProcess process,
            JumpingClock clock) {
        this.attack = attack;
        this.source = source;
        this.server = server;
        this.publicKey = HexFormat.of().formatHex(publicKey.toArray(ValueLayout.JAVA_BYTE));
        this.process = process;
        this.clock = clock;
    }

    void without(Duration time, Newcomers newcomers) throws InterruptedException {
        measure(without, newcomers, ns -> ns >= time.toNanos());
    }

    /**
     * Measures with the attack for {@code time}, and longer until the server has dropped something for each of the reasons.
     *
     * @param reasons of {@link AttackRow#drops}, may be empty.
     */
    void with(Duration time, Set<String> reasons, Newcomers newcomers) throws IOException, InterruptedException {
        final Map<String, Long> before = counted();
        final LongPredicate enough = ns -> ns >= time.toNanos()
                && (ns >= LONGEST.toNanos() || more(before).keySet().containsAll(reasons));
        if (attack == Attack.CLOCK) {
            clock.jump(true);
            measure(with, newcomers, enough);
            clock.jump(false);
        } else {
            process.begin(new AttackCommand.Setup(
                    attack, source, server.listener().address().getPort(), publicKey));
            measure(with, newcomers, enough);
            final AttackCommand.Result result = process.stop();
            connections += result.connections();
            failed += result.failed();
            attackerCpuSeconds += result.cpuSeconds();
        }
        more(before).forEach((reason, count) -> drops.merge(reason, count, Long::sum));
    }

    private Map<String, Long> more(Map<String, Long> before) {
        final Map<String, Long> more = counted();
        before.forEach((reason, count) -> more.merge(reason, -count, Long::sum));
        more.values().removeIf(count -> count == 0);
        return more;
    }

    private void measure(Interval interval, Newcomers newcomers, LongPredicate enough) throws InterruptedException {
        final Thread coming = newcomers.begin();
        final long startBytes = server.taken();
        final long startNs = System.nanoTime();
        while (!enough.test(System.nanoTime() - startNs)) {
            Thread.sleep(SAMPLE);
            peakBytes = Math.max(peakBytes, TrackedArena.liveBytes());
            peakSessions = Math.max(peakSessions, server.sessions());
            peakConnections = Math.max(peakConnections, server.listener().open());
        }
        interval.bytes += server.taken() - startBytes;
        interval.ns += System.nanoTime() - startNs;
        newcomers.stop();
        coming.join();
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
                attackerCpuSeconds,
                without.rate(),
                with.rate() / without.rate(),
                complete,
                during.count(),
                during.count() == 0 ? 0 : (double) during.inTime() / during.count(),
                during.never(),
                during.retries(),
                during.p99Us(),
                before.p99Us(),
                peakBytes,
                bound,
                peakSessions,
                peakConnections,
                2 * AttackSuite.PLACES,
                drops);
    }
}

package io.millrace.rig.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** Effects after a stall: packets of made-up queues that serve in order, one after another. */
class BacklogTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long SERVICE = 50 * US;
    private static final int SAMPLE_EACH = 7;
    private static final List<Cause> CAUSES = List.of(Cause.values());
    private static final String WHEEL = "millrace-engine";

    private final MadeUpRecording recording = new MadeUpRecording();
    private final List<Span> stops = new ArrayList<>();

    /** A stop of the queue for a reason of the wheel's thread. */
    private void lag(long from, long to) {
        stops.add(new Span(from, to));
        recording.stalls.add(new Stall(new Span(from, to), to - from, WHEEL, true));
    }

    /** A stop of the queue, since the thread is not let run. */
    private void away(long from, long to) {
        stops.add(new Span(from, to));
        recording.stalls.add(new Stall(new Span(from, to), 0, WHEEL, true));
    }

    private void collection(long from, long to) {
        stops.add(new Span(from, to));
        recording.during(Cause.GC, from, to);
        recording.stalls.add(new Stall(new Span(from, to), 0, WHEEL, true));
    }

    /**
     * Packets that arrive until {@code untilNs}, each so long after the one before, and are served for {@link
     * #SERVICE}: those sampled.
     */
    private List<SampledPacket> served(long untilNs, LongUnaryOperator gapNs) {
        stops.sort(Comparator.comparingLong(Span::from));
        final List<SampledPacket> packets = new ArrayList<>();
        long free = 0;
        long count = 0;
        for (long arrived = 0; arrived < untilNs; arrived += gapNs.applyAsLong(arrived)) {
            long left = Math.max(free, arrived) + SERVICE;
            for (Span stop : stops) {
                if (stop.from() < left && stop.to() > left - SERVICE) {
                    left = stop.to() + SERVICE;
                }
            }
            free = left;
            if (count++ % SAMPLE_EACH == 0) {
                packets.add(TestPackets.queued(left, left - arrived));
            }
        }
        return packets;
    }

    private static long sum(List<SampledPacket> packets, ToLongFunction<SampledPacket> part) {
        return packets.stream().mapToLong(part).sum();
    }

    private static LongSummaryStatistics extent(List<SampledPacket> packets, ToLongFunction<SampledPacket> part) {
        assertThat(packets).isNotEmpty();
        return packets.stream().mapToLong(part).summaryStatistics();
    }

    private static long backlog(Attribution blame) {
        return blame.after().values().stream().mapToLong(Long::longValue).sum();
    }

    private static long lateness(List<SampledPacket> packets) {
        final long median = MadeUpRecording.latencies(packets).getValueAtPercentile(50);
        return sum(packets, packet -> Math.max(0, packet.relayNs() - median));
    }

    private static List<SampledPacket> leaving(List<SampledPacket> packets, long from, long to) {
        return packets.stream()
                .filter(packet -> packet.leftNs() >= from && packet.leftNs() < to)
                .toList();
    }

    @Test
    void chargesADrainingBacklogToTheStallThatItCameFrom() {
        lag(SECOND, SECOND + 20 * MS);
        final List<SampledPacket> packets = served(2 * SECOND, at -> 2 * SERVICE);
        final Explanation explanation = recording.explaining(packets);

        final List<SampledPacket> afterwards = packets.stream()
                .filter(packet -> packet.before().from() > SECOND + 20 * MS)
                .toList();

        // 200 packets came meanwhile, and 200 more until all were gone: from 10 ms late down to nothing.
        assertThat(lateness(afterwards)).isGreaterThan(lateness(packets) / 5);
        assertThat(sum(afterwards, packet -> explanation.of(packet).after().get(Cause.WHEEL_LAG)))
                .isGreaterThan(lateness(afterwards) * 9 / 10);
        assertThat(sum(packets, packet -> explanation.of(packet).of(Cause.WHEEL_LAG)))
                .isGreaterThan(lateness(packets) * 9 / 10);
        assertThat(sum(packets, packet -> explanation.of(packet).of(Cause.UNEXPLAINED)))
                .isLessThan(lateness(packets) / 10);
    }

    @Test
    void chargesAQueueThatIsAlwaysLongToNothing() {
        lag(0, 20 * MS); // before the first packet leaves: the queue is long ever since
        for (long at = 30 * MS; at < 4 * SECOND; at += 10 * MS) {
            away(at, at + 2 * MS);
        }
        // And it becomes longer, for another reason than the short stops that there are all the time.
        final List<SampledPacket> packets = leaving(
                served(4 * SECOND, at -> at > 3_500 * MS && at < 3_540 * MS ? SERVICE / 2 : SERVICE * 5 / 4),
                SECOND,
                5 * SECOND);
        final Explanation explanation = recording.explaining(packets);

        assertThat(packets.getFirst().relayNs()).isGreaterThan(15 * MS);
        assertThat(lateness(packets)).isGreaterThan(100 * MS);
        assertThat(sum(packets, packet -> backlog(explanation.of(packet)))).isZero();
    }

    @Test
    void chargesABurstOfArrivalsToNothing() {
        final List<SampledPacket> packets =
                served(2 * SECOND, at -> at > SECOND && at < SECOND + 20 * MS ? SERVICE / 3 : 2 * SERVICE);
        recording.stalls.add(new Stall(new Span(SECOND + 15 * MS, SECOND + 17 * MS), 0, WHEEL, true));
        final Explanation explanation = recording.explaining(packets);

        assertThat(lateness(packets)).isGreaterThan(100 * MS);
        assertThat(sum(packets, packet -> backlog(explanation.of(packet)))).isZero();
    }

    @Test
    void chargesEachOfTwoStallsWithItsOwnBacklog() {
        collection(SECOND, SECOND + 20 * MS);
        lag(2 * SECOND, 2 * SECOND + 30 * MS);
        final List<SampledPacket> packets = served(3 * SECOND, at -> 2 * SERVICE);
        final Explanation explanation = recording.explaining(packets);

        final List<SampledPacket> first = leaving(packets, SECOND, 2 * SECOND);
        assertThat(sum(first, packet -> explanation.of(packet).of(Cause.GC))).isGreaterThan(lateness(packets) / 5);
        assertThat(sum(first, packet -> explanation.of(packet).after().get(Cause.GC)))
                .isPositive();
        assertThat(sum(first, packet -> explanation.of(packet).of(Cause.WHEEL_LAG)))
                .isZero();
        final List<SampledPacket> second = leaving(packets, 2 * SECOND, 4 * SECOND);
        assertThat(sum(second, packet -> explanation.of(packet).after().get(Cause.WHEEL_LAG)))
                .isPositive();
        assertThat(sum(second, packet -> explanation.of(packet).of(Cause.GC))).isZero();
    }

    @Test
    void chargesNeitherOfTwoStallsInOneBacklogWithMoreThanItsLength() {
        collection(SECOND, SECOND + 20 * MS);
        lag(SECOND + 25 * MS, SECOND + 55 * MS);
        final List<SampledPacket> packets = served(2 * SECOND, at -> 2 * SERVICE);
        final Explanation explanation = recording.explaining(packets);

        assertThat(extent(packets, packet -> explanation.of(packet).of(Cause.GC))
                        .getMax())
                .isLessThanOrEqualTo(20 * MS);
        assertThat(extent(packets, packet -> explanation.of(packet).of(Cause.WHEEL_LAG))
                        .getMax())
                .isLessThanOrEqualTo(30 * MS);
        final List<SampledPacket> drained = leaving(packets, SECOND + 60 * MS, SECOND + 80 * MS);
        assertThat(sum(drained, packet -> explanation.of(packet).of(Cause.GC))).isPositive();
        assertThat(sum(drained, packet -> explanation.of(packet).of(Cause.WHEEL_LAG)))
                .isPositive();
    }

    @Test
    void followsABacklogThatNeverDrainsForASecondAndNoPacketBeyondTheStall() {
        lag(8 * SECOND, 8 * SECOND + 20 * MS);
        final List<SampledPacket> packets = served(10 * SECOND, at -> SERVICE);
        final Explanation explanation = recording.explaining(packets);

        final LongSummaryStatistics followed =
                extent(leaving(packets, 8 * SECOND + 100 * MS, 9 * SECOND), packet -> backlog(explanation.of(packet)));
        assertThat(followed.getMin()).isGreaterThan(19 * MS);
        assertThat(followed.getMax()).isLessThanOrEqualTo(20 * MS);
        final LongSummaryStatistics left = extent(
                leaving(packets, 9 * SECOND + 50 * MS, 10 * SECOND),
                packet -> explanation.of(packet).of(Cause.UNEXPLAINED));
        assertThat(left.getMin()).isGreaterThan(19 * MS);
    }

    @Test
    void chargesNothingAfterARelayThatHadNothingToDo() {
        lag(SECOND, SECOND + 20 * MS);
        final List<SampledPacket> packets = served(2 * SECOND, at -> at > SECOND - MS ? SECOND / 2 : 2 * SERVICE);
        final SampledPacket lone = TestPackets.queued(SECOND + 200 * MS, 30 * MS);
        packets.add(lone);
        packets.sort(Comparator.comparingLong(SampledPacket::leftNs));

        assertThat(recording.explaining(packets).of(lone).of(Cause.UNEXPLAINED)).isGreaterThan(29 * MS);
    }

    @Test
    void sharesOutNeitherMoreNorLessThanTheLateness() {
        final long seed = System.nanoTime();
        System.out.println("BacklogTest seed " + seed);
        final Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            recording.spans.clear();
            recording.stalls.clear();
            stops.clear();
            for (int i = random.nextInt(12); i > 0; i--) {
                final long from = random.nextInt(300) * MS;
                final long to = from + random.nextInt(1, 40) * MS;
                switch (random.nextInt(4)) {
                    case 0 -> lag(from, to);
                    case 1 -> away(from, to);
                    case 2 -> collection(from, to);
                    default -> recording.during(CAUSES.get(random.nextInt(CAUSES.size())), from, to);
                }
            }
            final int load = random.nextInt(60, 130);
            final List<SampledPacket> packets =
                    served(300 * MS, at -> SERVICE * 100 / load * random.nextLong(1, 200) / 100);
            final long median = MadeUpRecording.latencies(packets).getValueAtPercentile(50);
            final Explanation explanation = recording.explaining(packets);
            for (SampledPacket packet : packets) {
                final Attribution blame = explanation.of(packet);
                long all = 0;
                for (Cause cause : Cause.values()) {
                    assertThat(Math.min(blame.during().get(cause), blame.after().get(cause)))
                            .as("seed %d, round %d", seed, round)
                            .isNotNegative();
                    all += blame.of(cause);
                }
                assertThat(all)
                        .as("seed %d, round %d", seed, round)
                        .isCloseTo(Math.max(0, packet.relayNs() - median), within(20L));
            }
        }
    }
}

package io.millrace.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** One late packet against recordings made up by hand; times in nanoseconds. */
class ExplanationTest {
    private static final long MEDIAN = 1_000;
    private static final long USUAL_ROUND = 100;

    private final Map<Cause, List<Span>> spans = new EnumMap<>(Cause.class);
    private final List<Stall> stalls = new ArrayList<>();
    private final Map<String, Spans<Span>> waits = new TreeMap<>();
    private final TreeMap<Long, Double> foreignLoad = new TreeMap<>();

    /** Arrived at 100,000, went on the wheel at 101,000, was due at 151,000 and left at 171,000: 20,000 late. */
    private static SampledPacket late() {
        return new SampledPacket(
                171_000,
                50_000,
                21_000,
                Map.of("queue", 400L, "open", 100L, "peel", 400L, "gate", 100L, "seal", 19_000L, "egress", 1_000L));
    }

    private Map<Cause, Long> explained(SampledPacket packet) {
        final Map<Cause, Spans<Span>> ordered = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            ordered.put(cause, Spans.of(spans.getOrDefault(cause, List.of())));
        }
        final Histogram peel = new Histogram(3);
        peel.recordValue(USUAL_ROUND);
        return new Explanation(
                        new Background(
                                ordered,
                                new Spans<>(stalls, Stall::span),
                                waits,
                                peel,
                                new Histogram(3),
                                foreignLoad,
                                Map.of()),
                        MEDIAN)
                .of(packet);
    }

    private void during(Cause cause, long from, long to) {
        spans.computeIfAbsent(cause, missing -> new ArrayList<>()).add(new Span(from, to));
    }

    private static Cause most(Map<Cause, Long> shares) {
        return shares.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    @Test
    void leavesUnexplainedWhatNothingAccountsFor() {
        assertThat(explained(late())).containsEntry(Cause.UNEXPLAINED, 20_000L);
    }

    @Test
    void givesACollectionOnlyTheTimeThatItTookFromThePacket() {
        during(Cause.GC, 130_000, 160_000); // 21,000 of it while the packet had to wait anyway

        final Map<Cause, Long> shares = explained(late());

        assertThat(shares).containsEntry(Cause.GC, 9_000L).containsEntry(Cause.UNEXPLAINED, 11_000L);
    }

    @Test
    void givesNoTimeTwice() {
        during(Cause.GC, 151_000, 165_000);
        during(Cause.SAFEPOINT, 151_000, 166_000);
        stalls.add(new Stall(new Span(150_000, 167_000), 1_000, "millrace-engine", true));
        during(Cause.SCHEDULING, 150_000, 171_000);

        final Map<Cause, Long> shares = explained(late());

        assertThat(shares).containsEntry(Cause.GC, 14_000L).containsEntry(Cause.SAFEPOINT, 1_000L);
        assertThat(shares.values().stream().mapToLong(Long::longValue).sum()).isBetween(19_990L, 20_010L);
    }

    @Test
    void tellsABusyWheelThreadFromOneThatDidNotRun() {
        stalls.add(new Stall(new Span(151_000, 170_000), 18_900, "millrace-engine", true));
        assertThat(most(explained(late()))).isEqualTo(Cause.WHEEL_LAG);

        stalls.clear();
        stalls.add(new Stall(new Span(151_000, 170_000), 100, "millrace-engine", true));
        assertThat(most(explained(late()))).isEqualTo(Cause.SCHEDULING);
    }

    @Test
    void countsAWaitOfTheWheelThreadsOwnAsLag() {
        stalls.add(new Stall(new Span(151_000, 170_000), 100, "millrace-engine", true));
        waits.put("millrace-engine", Spans.of(List.of(new Span(151_500, 170_000))));

        assertThat(most(explained(late()))).isEqualTo(Cause.WHEEL_LAG);
    }

    @Test
    void blamesTheCompilerForAThreadThatDidNotRunUnlessOthersKeptTheMachineBusy() {
        stalls.add(new Stall(new Span(151_000, 170_000), 100, "millrace-engine", true));
        during(Cause.COMPILATION, 140_000, 180_000);
        assertThat(most(explained(late()))).isEqualTo(Cause.COMPILATION);

        foreignLoad.put(200_000L, 0.9);
        assertThat(most(explained(late()))).isEqualTo(Cause.SCHEDULING);
    }

    @Test
    void doesNotBlameABusyThreadThatHasNoWheel() {
        stalls.add(new Stall(new Span(151_000, 170_000), 18_900, "millrace-io", false));

        assertThat(most(explained(late()))).isEqualTo(Cause.UNEXPLAINED);
    }

    @Test
    void sharesOutTheWholeLatenessWhateverHappened() {
        final long seed = System.nanoTime();
        System.out.println("ExplanationTest seed " + seed);
        final Random random = new Random(seed);
        final List<Cause> causes = List.of(Cause.values());
        for (int round = 0; round < 2_000; round++) {
            spans.clear();
            stalls.clear();
            for (int i = random.nextInt(12); i > 0; i--) {
                final long from = 90_000L + random.nextInt(90_000);
                final long to = from + random.nextInt(30_000);
                final int kind = random.nextInt(causes.size() + 2);
                if (kind < causes.size()) {
                    during(causes.get(kind), from, to);
                } else {
                    stalls.add(new Stall(
                            new Span(from, to), random.nextInt(30_000), "t" + random.nextInt(2), random.nextBoolean()));
                }
            }
            final Map<Cause, Long> shares = explained(late());
            assertThat(shares.values()).as("seed %d, round %d", seed, round).allMatch(ns -> ns >= 0);
            assertThat(shares.values().stream().mapToLong(Long::longValue).sum())
                    .as("seed %d, round %d", seed, round)
                    .isBetween(19_990L, 20_010L);
        }
    }
}

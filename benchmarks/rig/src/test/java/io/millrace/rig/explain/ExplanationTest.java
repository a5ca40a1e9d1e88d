package io.millrace.rig.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One late packet against recordings made up by hand; times in nanoseconds. */
class ExplanationTest {
    private static final long MEDIAN = 1_000;

    private final MadeUpRecording recording = new MadeUpRecording();

    /** Arrived at 100,000, went on the wheel at 101,000, was due at 151,000 and left at 171,000: 20,000 late. */
    private static SampledPacket late() {
        return new SampledPacket(
                171_000,
                50_000,
                21_000,
                Map.of("queue", 400L, "open", 100L, "peel", 400L, "route", 100L, "seal", 19_000L, "egress", 1_000L));
    }

    /** The rest of the recording took the median time, long before. */
    private Map<Cause, Long> explained(SampledPacket packet) {
        final List<SampledPacket> packets = new ArrayList<>();
        for (long left = 1_000; left < 100_000; left += MEDIAN) {
            packets.add(TestPackets.queued(left, MEDIAN));
        }
        packets.add(packet);
        return recording.explaining(packets).of(packet).during();
    }

    private void during(Cause cause, long from, long to) {
        recording.during(cause, from, to);
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
        recording.stalls.add(new Stall(new Span(150_000, 167_000), 1_000, "millrace-engine", true));
        during(Cause.SCHEDULING, 150_000, 171_000);

        final Map<Cause, Long> shares = explained(late());

        assertThat(shares).containsEntry(Cause.GC, 14_000L).containsEntry(Cause.SAFEPOINT, 1_000L);
        assertThat(shares.values().stream().mapToLong(Long::longValue).sum()).isBetween(19_990L, 20_010L);
    }

    @Test
    void tellsABusyWheelThreadFromOneThatDidNotRun() {
        recording.stalls.add(new Stall(new Span(151_000, 170_000), 18_900, "millrace-engine", true));
        assertThat(most(explained(late()))).isEqualTo(Cause.WHEEL_LAG);

        recording.stalls.clear();
        recording.stalls.add(new Stall(new Span(151_000, 170_000), 100, "millrace-engine", true));
        assertThat(most(explained(late()))).isEqualTo(Cause.SCHEDULING);
    }

    @Test
    void countsAWaitOfTheWheelThreadsOwnAsLag() {
        recording.stalls.add(new Stall(new Span(151_000, 170_000), 100, "millrace-engine", true));
        recording.waits.put("millrace-engine", Spans.of(List.of(new Span(151_500, 170_000))));

        assertThat(most(explained(late()))).isEqualTo(Cause.WHEEL_LAG);
    }

    @Test
    void blamesTheCompilerForAThreadThatDidNotRunUnlessOthersKeptTheMachineBusy() {
        recording.stalls.add(new Stall(new Span(151_000, 170_000), 100, "millrace-engine", true));
        during(Cause.COMPILATION, 140_000, 180_000);
        assertThat(most(explained(late()))).isEqualTo(Cause.COMPILATION);

        recording.foreignLoad.put(200_000L, 0.9);
        assertThat(most(explained(late()))).isEqualTo(Cause.SCHEDULING);
    }

    @Test
    void doesNotBlameABusyThreadThatHasNoWheel() {
        recording.stalls.add(new Stall(new Span(151_000, 170_000), 18_900, "millrace-io", false));

        assertThat(most(explained(late()))).isEqualTo(Cause.UNEXPLAINED);
    }

    @Test
    void isNotMisledByTheOtherDutyOfTheWheelsThread() {
        recording.stalls.add(new Stall(new Span(140_000, 170_100), 10_100, "millrace-relay", false));
        recording.stalls.add(new Stall(new Span(150_000, 170_000), 100, "millrace-relay", true));
        recording.waits.put("millrace-relay", Spans.of(List.of(new Span(150_100, 170_000))));

        assertThat(explained(late()).get(Cause.WHEEL_LAG)).isGreaterThan(18_000);
    }

    @Test
    void isNotMisledByAThreadThatHadNothingToDoWhileTheWheelStoodStill() {
        recording.stalls.add(new Stall(new Span(150_000, 170_000), 1_000, "millrace-engine", true));
        recording.waits.put("millrace-engine", Spans.of(List.of(new Span(150_100, 169_000))));
        for (long at = 150_000; at < 170_000; at += 1_000) {
            recording.stalls.add(new Stall(new Span(at, at + 1_000), 0, "millrace-io", false));
        }

        assertThat(explained(late()).get(Cause.WHEEL_LAG)).isGreaterThan(18_000);
    }

    @Test
    void countsAllOfAWaitAndOfBusyTimeWhatIsBeyondAUsualRound() {
        recording.stalls.add(new Stall(new Span(151_000, 161_000), 0, "millrace-engine", true));
        recording.waits.put("millrace-engine", Spans.of(List.of(new Span(151_000, 161_000))));
        assertThat(explained(late())).containsEntry(Cause.WHEEL_LAG, 10_000L);

        recording.waits.clear();
        recording.stalls.clear();
        recording.stalls.add(new Stall(new Span(151_000, 161_000), 10_000, "millrace-engine", true));
        assertThat(explained(late())).containsEntry(Cause.WHEEL_LAG, 10_000L - MadeUpRecording.USUAL_ROUND);
    }

    @Test
    void sharesOutTheWholeLatenessWhateverHappened() {
        final long seed = System.nanoTime();
        System.out.println("ExplanationTest seed " + seed);
        final Random random = new Random(seed);
        final List<Cause> causes = List.of(Cause.values());
        for (int round = 0; round < 2_000; round++) {
            recording.spans.clear();
            recording.stalls.clear();
            for (int i = random.nextInt(12); i > 0; i--) {
                final long from = 90_000L + random.nextInt(90_000);
                final long to = from + random.nextInt(30_000);
                final int kind = random.nextInt(causes.size() + 2);
                if (kind < causes.size()) {
                    during(causes.get(kind), from, to);
                } else {
                    recording.stalls.add(new Stall(
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

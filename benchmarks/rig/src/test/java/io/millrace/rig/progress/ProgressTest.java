package io.millrace.rig.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Estimates by a clock that the test moves. */
class ProgressTest {
    private final List<Step> steps = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 5; // a clock that overflows on the way

    private final Progress progress = new Progress(() -> nowNs, new ProgressListener() {
        @Override
        public void step(Step step) {
            steps.add(step);
        }

        @Override
        public void note(String line) {
            notes.add(line);
        }
    });

    @Test
    void aMeasurementOnTimeHasTheRestOfItsPlanLeft() {
        progress.plan(4, 100);
        for (int i = 0; i < 4; i++) {
            progress.step("step " + i, 25);
            pass(25);
        }

        assertThat(steps).extracting(Step::left).containsExactly(s(100), s(75), s(50), s(25));
        assertThat(steps).extracting(Step::elapsed).containsExactly(s(0), s(25), s(50), s(75));
        assertThat(steps).extracting(Step::number).containsExactly(1, 2, 3, 4);
        assertThat(steps).extracting(Step::count).containsOnly(4);
        assertThat(steps).extracting(Step::planned).containsOnly(s(25));
        assertThat(steps.getFirst().name()).isEqualTo("step 0");
    }

    @Test
    void aMachineOfHalfTheSpeedDoublesWhatIsLeft() {
        progress.plan(2, 2_000);
        progress.step("first", 1_000);
        pass(2_000);
        progress.step("second", 1_000);

        assertThat(steps.getLast().left()).isBetween(s(1_990), s(2_000));
    }

    @Test
    void aSlowFirstStepDoesNotPromiseHours() {
        progress.plan(101, 101);
        progress.step("a short one that hangs", 1);
        pass(31);
        progress.step("the next", 1);

        assertThat(steps.getLast().left())
                .as("six times the plan, not 31 times")
                .isEqualTo(s(600));
    }

    @Test
    void stepsBeyondThePlanStillHaveTheirLengthLeft() {
        progress.plan(0, 10);
        for (int i = 0; i < 3; i++) {
            progress.step("try", 10);
            pass(10);
        }

        assertThat(steps).extracting(Step::left).containsExactly(s(10), s(10), s(10));
    }

    @Test
    void notesPassThrough() {
        progress.plan(1, 1);
        progress.note("judging again");

        assertThat(notes).containsExactly("judging again");
        assertThat(steps).isEmpty();
    }

    private void pass(long seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
    }

    private static Duration s(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}

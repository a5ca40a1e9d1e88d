package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.rig.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Progress for people, by a clock that the test moves. */
class StepLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Output output = new Output(new PrintWriter(out), new PrintWriter(err), true);
    private long nowNs;

    @Test
    void aFileGetsOneLineForEachStep() {
        try (StepLine line = new StepLine("bench matrix", output, OptionalInt.empty())) {
            final Progress progress = new Progress(() -> nowNs, line);
            progress.plan(24, 240);
            for (int i = 0; i < 24; i++) {
                progress.step(i == 6 ? "threading split" : "another", 10);
                pass(10);
            }
        }

        assertThat(err.toString().lines())
                .hasSize(24)
                .startsWith("bench matrix: 1 of 24, another, about 4 min left")
                .contains("bench matrix: 7 of 24, threading split, about 3 min left")
                .endsWith("bench matrix: 24 of 24, another, about 10 s left");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileGetsNoLineForEachOfManyShortSteps() {
        final StepLine line = new StepLine("bench matrix", output, OptionalInt.empty());
        final Progress progress = new Progress(() -> nowNs, line);
        progress.plan(101, 110);
        for (int i = 0; i < 100; i++) {
            progress.step("short " + i, 1);
            pass(1);
        }
        progress.step("long", 10);

        assertThat(err.toString().lines())
                .hasSize(21)
                .anyMatch(each -> each.contains("short 0,"))
                .noneMatch(each -> each.contains("short 1,"))
                .anyMatch(each -> each.contains("short 5,"))
                .endsWith("bench matrix: 101 of 101, long, about 10 s left");
    }

    @Test
    void aTerminalHasOneLineThatIsRewrittenAndErased() {
        try (StepLine line = new StepLine("knee", output, OptionalInt.of(40))) {
            final Progress progress = new Progress(() -> nowNs, line);
            progress.plan(0, 20);
            progress.step("relay at 12,000 packets/s, and more words", 10);
            pass(10);
            progress.step("relay", 10);
            assertThat(Screen.of(err)).containsExactly("knee: relay, about 10 s left");
        }

        assertThat(err.toString()).startsWith("\rknee: relay at 12,000 packets/s, and mo\r");
        assertThat(err.toString()).doesNotContain("\n");
        assertThat(Screen.of(err)).containsExactly("");
    }

    @Test
    void aNoteOnATerminalStaysAndTheStepComesBelowIt() {
        final StepLine line = new StepLine("knee", output, OptionalInt.of(80));
        final Progress progress = new Progress(() -> nowNs, line);
        progress.plan(0, 10);
        progress.step("relay", 5);
        progress.note("3 lost");
        progress.step("forwarder", 5);

        assertThat(Screen.of(err)).containsExactly("3 lost", "knee: forwarder, about 5 s left");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5 s",
        "1, 5 s",
        "6, 10 s",
        "90, 90 s",
        "91, 2 min",
        "180, 3 min",
        "3540, 59 min",
        "3541, 1 h",
        "3601, 1 h 5 min",
        "86400, 24 h"
    })
    void timesAreRoundedUp(long seconds, String words) {
        assertThat(StepLine.words(Duration.ofSeconds(seconds))).isEqualTo(words);
    }

    private void pass(long seconds) {
        nowNs += TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Lines as a terminal shows them, without blanks at their ends. */
    private static final class Screen {
        static List<String> of(StringWriter written) {
            final List<String> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            int column = 0;
            for (char each : written.toString().toCharArray()) {
                if (each == '\r') {
                    column = 0;
                } else if (each == '\n') {
                    lines.add(line.toString().stripTrailing());
                    line = new StringBuilder();
                    column = 0;
                } else {
                    line.setLength(Math.max(line.length(), column + 1));
                    line.setCharAt(column++, each);
                }
            }
            lines.add(line.toString().stripTrailing());
            return lines;
        }
    }
}

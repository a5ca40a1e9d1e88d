package io.millrace.cli.stat;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.counters.CountersSnapshot;
import io.millrace.node.counters.CountersSnapshot.Flow;
import io.millrace.node.counters.CountersSnapshot.LastSecond;
import io.millrace.node.counters.CountersSnapshot.Level;
import io.millrace.node.counters.CountersSnapshot.Link;
import io.millrace.node.counters.CountersSnapshot.StageTimes;
import io.millrace.node.counters.RelayLife;
import io.millrace.node.counters.RelayState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatViewTest {
    private static final long START_MS = 1_700_000_000_000L;

    @Test
    void showsRatesBarsPercentilesAndDropsByReason() {
        final String text = text(look(RelayLife.RUNNING, 150, "r1", 1_000), 100);

        assertThat(text)
                .startsWith("relay r1  running  pid 42, millrace 1.2.3, up 1 h 1 min\n")
                .contains("counters of 2023-11-14T23:14:20Z, 0.2 s ago")
                .contains("received                        12,345           1,000\n")
                .contains("dropped                            345               3\n")
                .contains("  bad-mac                          345               3\n")
                .contains("in flight                        2,000\n")
                .contains("slots                 [####################....................]  50 %  2,048 of 4,096\n")
                .contains("r2                    [........................................]   0 %  0 of 1,024\n")
                .contains("queue               10,000 |       1.0       2.0       3.0 |       4.0       5.0  99,999.9"
                        + " 1,234,500\n")
                .contains("r2                    yes   X25519+ML-KEM              3         2         1         0\n")
                .contains("key epoch 7, mix entropy 5.5 bits")
                .doesNotContain("NOT CONSERVED")
                .doesNotContain("\u001b");
    }

    @Test
    void saysWhatBecameOfTheRelay() {
        assertThat(text(look(RelayLife.GONE, 35_000, "r1", 1_000), 100))
                .startsWith("relay r1  PROCESS GONE  ")
                .contains("the process ended without stopping in order; last heartbeat at 2023-11-14T23:14:20Z,"
                        + " 35.0 s ago; last counters")
                .contains("last second");
        assertThat(text(look(RelayLife.STALLED, 135_000, "r1", 1_000), 100)).contains("2 min 15 s ago: stopped or");
        assertThat(text(look(RelayLife.STOPPED, 0, "r1", 1_000), 100)).contains("ended in order at 2023");
        assertThat(text(look(RelayLife.FAILED, 0, "r1", 1_000), 100)).contains("the engine failed at 2023");
    }

    @Test
    void saysThatCountersDoNotAddUp() {
        assertThat(text(look(RelayLife.RUNNING, 0, "r1", 999), 100)).contains("NOT CONSERVED");
        assertThat(look(RelayLife.RUNNING, 0, "r1", 999).isWell()).isFalse();
        assertThat(look(RelayLife.RUNNING, 0, "r1", 1_000).isWell()).isTrue();
    }

    @Test
    void namesOfTheFileMoveNoCursor() {
        final String text = text(look(RelayLife.RUNNING, 0, "\u001b[2Jr1\n\u202e", 1_000), 100);

        assertThat(text).startsWith("relay \\u001b[2Jr1\\u000a\\u202e  running");
    }

    @Test
    void numbersOfAnyKindAreShown() {
        for (long value : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
            final CountersSnapshot odd = new CountersSnapshot(
                    "r",
                    "1",
                    value,
                    value,
                    1,
                    1,
                    RelayState.RUNNING,
                    value,
                    Map.of("received", new Flow(value, value), "x", new Flow(value, value)),
                    Map.of("slots", new Level(value, value), "ring", new Level(value, 1), "wheel", new Level(5, value)),
                    Map.of(),
                    Map.of("p", new Link(true, true, true, value, value, value, value)),
                    Map.of("s", new StageTimes(value, value, value, value, value, new LastSecond(value, 1, 1, value))),
                    Map.of("key-epoch", value));
            for (int columns : new int[] {0, 1, 80, 500}) {
                assertThat(StatView.lines(new Look(odd, RelayLife.RUNNING, 5), Ink.COLOUR, columns))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void barsGetTheRoomThatATerminalHas() {
        assertThat(text(look(RelayLife.RUNNING, 0, "r1", 1_000), 72)).contains("[######......]  50 %");
        assertThat(text(look(RelayLife.RUNNING, 0, "r1", 1_000), 20)).contains("[####....]  50 %");
    }

    private static String text(Look look, int columns) {
        return String.join("\n", StatView.lines(look, Ink.PLAIN, columns)) + "\n";
    }

    @Test
    void aLittleIsVisibleAndNotCalledNone() {
        final Look little = look(RelayLife.RUNNING, 0, "r1", 1_000, new Level(2, 4_096));
        assertThat(text(little, 72)).contains("slots                 [#...........]  <1 %  2 of 4,096\n");
        assertThat(text(look(RelayLife.RUNNING, 0, "r1", 1_000, new Level(21, 4_096)), 72))
                .contains("[#...........]   1 %  21 of 4,096\n");
        assertThat(text(look(RelayLife.RUNNING, 0, "r1", 1_000, new Level(0, 4_096)), 72))
                .contains("[............]   0 %  0 of 4,096\n");
    }

    private static Look look(RelayLife life, long ageMs, String name, long delivered) {
        return look(life, ageMs, name, delivered, new Level(2_048, 4_096));
    }

    private static Look look(RelayLife life, long ageMs, String name, long delivered, Level slots) {
        final long heartbeatMs = START_MS + 3_660_000;
        final CountersSnapshot counters = new CountersSnapshot(
                name,
                "1.2.3",
                42,
                0,
                START_MS,
                heartbeatMs,
                RelayState.RUNNING,
                9,
                new TreeMap<>(Map.of(
                        "received", new Flow(12_345, 1_000),
                        "originated", new Flow(0, 0),
                        "forwarded", new Flow(9_000, 990),
                        "delivered", new Flow(delivered, 0),
                        "bad-mac", new Flow(345, 3),
                        "replay", new Flow(0, 0),
                        "in-flight", new Flow(2_000, 0))),
                Map.of("slots", slots),
                Map.of("r2", new Level(0, 1_024)),
                Map.of("r2", new Link(true, true, true, 3, 2, 1, 0)),
                Map.of(
                        "queue",
                        new StageTimes(
                                10_000,
                                4_000,
                                5_000,
                                99_999_900,
                                1_234_500_000,
                                new LastSecond(5, 1_000, 2_000, 3_000))),
                new TreeMap<>(Map.of("key-epoch", 7L, "receipts-appended", -1L, "entropy-millibits", 5_500L)));
        return new Look(counters, life, heartbeatMs + ageMs);
    }

    @Test
    void lengthsHaveTheirTwoLargestUnits() {
        assertThat(List.of(
                        StatView.length(-5),
                        StatView.length(59_900),
                        StatView.length(61_000),
                        StatView.length(7_260_000),
                        StatView.length(90_000_000)))
                .containsExactly("0.0 s", "59.9 s", "1 min 1 s", "2 h 1 min", "1 d 1 h");
    }
}

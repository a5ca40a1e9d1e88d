package io.millrace.node.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayLifeTest {
    private static final long PROCESS_START_MS = 1_000_000;
    private static final long HEARTBEAT_MS = 5_000_000;
    private static final RelayLife.Processes THERE = pid -> Optional.of(PROCESS_START_MS);
    private static final RelayLife.Processes NONE = pid -> Optional.empty();
    private static final RelayLife.Processes ANOTHER = pid -> Optional.of(PROCESS_START_MS + 60_000);

    @Test
    void aFreshHeartbeatOfAProcessThatIsThereRuns() {
        assertThat(judge(RelayState.RUNNING, 100, THERE)).contains(RelayLife.RUNNING);
        assertThat(judge(RelayState.STARTING, 100, THERE)).contains(RelayLife.RUNNING);
        assertThat(judge(RelayState.RUNNING, -60_000, THERE))
                .as("the clock was set back")
                .contains(RelayLife.RUNNING);
        assertThat(judge(RelayState.RUNNING, 100, pid -> Optional.of(0L)))
                .as("start of the process unknown")
                .contains(RelayLife.RUNNING);
        assertThat(judge(RelayState.RUNNING, 100, pid -> Optional.of(PROCESS_START_MS + 1_000)))
                .as("the clock was set a little")
                .contains(RelayLife.RUNNING);
    }

    @Test
    void anOldHeartbeatHasStopped() {
        assertThat(judge(RelayState.RUNNING, RelayLife.STALE_MS, THERE)).contains(RelayLife.STALLED);
        assertThat(judge(RelayState.RUNNING, RelayLife.STALE_MS - 1, THERE)).contains(RelayLife.RUNNING);
        assertThat(judge(RelayState.RUNNING, RelayLife.STALE_MS, NONE)).contains(RelayLife.GONE);
        assertThat(judge(RelayState.RUNNING, RelayLife.STALE_MS, ANOTHER))
                .as("the pid belongs to another process now")
                .contains(RelayLife.GONE);
    }

    @Test
    void aProcessThatCannotBeSeenRunsIfItsHeartbeatGoesOn() {
        assertThat(judge(RelayState.RUNNING, 100, NONE)).isEmpty();
        final CountersSnapshot first = snapshot(RelayState.RUNNING, 7);
        assertThat(RelayLife.of(first, snapshot(RelayState.RUNNING, 8))).isEqualTo(RelayLife.RUNNING);
        assertThat(RelayLife.of(first, snapshot(RelayState.RUNNING, 7))).isEqualTo(RelayLife.GONE);
        assertThat(RelayLife.of(first, snapshot(RelayState.STOPPED, 8))).isEqualTo(RelayLife.STOPPED);
        assertThat(RelayLife.of(first, snapshot(RelayState.FAILED, 8))).isEqualTo(RelayLife.FAILED);
    }

    @Test
    void whatTheRelaySaidAtItsEndCounts() {
        assertThat(judge(RelayState.STOPPED, 1_000_000, NONE)).contains(RelayLife.STOPPED);
        assertThat(judge(RelayState.FAILED, 100, THERE)).contains(RelayLife.FAILED);
        assertThat(RelayLife.STOPPED.isWell() && RelayLife.RUNNING.isWell()).isTrue();
        assertThat(RelayLife.GONE.isWell() || RelayLife.STALLED.isWell() || RelayLife.FAILED.isWell())
                .isFalse();
    }

    private static Optional<RelayLife> judge(RelayState state, long ageMs, RelayLife.Processes processes) {
        return RelayLife.of(snapshot(state, 7), HEARTBEAT_MS + ageMs, processes);
    }

    private static CountersSnapshot snapshot(RelayState state, long sequence) {
        return new CountersSnapshot(
                "r1",
                "1",
                1,
                PROCESS_START_MS,
                1_000,
                HEARTBEAT_MS,
                state,
                sequence,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }
}

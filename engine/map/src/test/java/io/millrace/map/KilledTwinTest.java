package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.Replica;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A document with its state in maps whose process is killed with SIGKILL has every operation that was told, and its state is
 * that of the replayed log.
 */
class KilledTwinTest {
    private static final int ROUNDS = Integer.getInteger("millrace.map.kills", 2);
    private static final int MOST_LINES = 300;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theStateAfterAKillIsThatOfTheReplayedLog() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("KilledTwinTest seed " + seed + ", rounds " + ROUNDS);
        final Random random = new Random(seed);
        int believed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final long told = signUntilKilled(1 + random.nextInt(MOST_LINES));
            try (StoredReplica stored = StoredReplica.open(folder);
                    Replica replayed = stored.replayed()) {
                believed += stored.state.rebuilt().isEmpty() ? 1 : 0;
                assertThat(stored.replica.size()).as("round %d", round).isGreaterThanOrEqualTo((int) told);
                assertThat(stored.state.coverage().orElseThrow().records()).isEqualTo(replayed.size());
                assertThat(stored.replica.twin()).as("round %d", round).isEqualTo(replayed.twin());
                assertThat(stored.state.verify()).isTrue();
                assertThat(stored.replica.heads()).as("round %d", round).isEqualTo(replayed.heads());
                TwinWriter.edit(stored, stored.replica.size());
            }
            signWithoutTheGraph(round);
        }
        System.out.println("KilledTwinTest: " + ROUNDS + " rounds, state believed after " + believed
                + ", built anew after " + (ROUNDS - believed));
    }

    /** Two operations more, after the end of the graph that the last opening left: no number is used twice. */
    private void signWithoutTheGraph(int round) throws Exception {
        try (StoredReplica stored = StoredReplica.open(folder)) {
            assertThat(stored.state.frontier()).as("round %d", round).isPresent();
            TwinWriter.edit(stored, stored.replica.size());
            TwinWriter.edit(stored, stored.replica.size());
            assertThat(stored.replica.proofs()).as("round %d", round).isEmpty();
            try (Replica replayed = stored.replayed()) {
                assertThat(stored.replica.twin()).as("round %d", round).isEqualTo(replayed.twin());
                assertThat(stored.replica.heads()).as("round %d", round).isEqualTo(replayed.heads());
            }
        }
    }

    /** Gives the last number of operations that the process told. */
    private long signUntilKilled(int lines) throws Exception {
        final Process writer = ChildJvm.of(TwinWriter.class, List.of(), List.of(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = writer.inputReader()) {
            long told = 0;
            for (int line = 0; line < lines; line++) {
                final String text = out.readLine();
                assertThat(text).as("the writer still runs").isNotNull();
                told = Long.parseLong(text);
            }
            writer.toHandle().destroyForcibly();
            return told;
        } finally {
            writer.destroyForcibly();
            writer.waitFor();
        }
    }
}

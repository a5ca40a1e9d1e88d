package io.millrace.rig.bench;

import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.judge.Mutant;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of a run.
 *
 * @param path how the relay works.
 * @param packets packets to prepare, all distinct.
 * @param warmupSeconds run before anything is counted.
 * @param seconds run that is counted.
 * @param slowPeelNs a deliberate slowdown of the peel stage in nanoseconds per packet; 0 but for tests of the gate.
 * @param recording file for a flight recording of the run; empty if there is to be none.
 * @param neighbours of the relay, 2 or more: 2 in the best case.
 * @param mutant a way in which the relay cheats with its delays; empty but for tests of the checks.
 * @param injected what makes packets late on purpose; nothing but for tests of {@code explain}.
 */
public record BenchOptions(
        MeasuredPath path,
        int packets,
        int warmupSeconds,
        int seconds,
        long slowPeelNs,
        Optional<Path> recording,
        int neighbours,
        Optional<Mutant> mutant,
        Injection injected) {
    /** Neighbours of a relay in the best case: one that sends and one that receives. */
    public static final int BEST_CASE = 2;

    /** Neighbours of an ordinary relay; all send and receive. */
    public static final int ORDINARY = 16;

    /** Name of the circumstances, for reports. */
    String circumstances() {
        return neighbours == BEST_CASE ? "best" : "ordinary";
    }
}

package io.millrace.cli.bench;

import io.millrace.cli.bench.bed.MeasuredPath;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param path how the relay works.
 * @param packets packets to prepare, all distinct.
 * @param warmupSeconds run before anything is counted.
 * @param seconds run that is counted.
 * @param slowPeelNs a deliberate slowdown of the peel stage in nanoseconds per packet; 0 but for tests of the gate.
 * @param recording file for a flight recording of the run; empty if there is to be none.
 * @param injected what makes packets late on purpose; nothing but for tests of {@code explain}.
 */
record BenchOptions(
        MeasuredPath path,
        int packets,
        int warmupSeconds,
        int seconds,
        long slowPeelNs,
        Optional<Path> recording,
        Injection injected) {}

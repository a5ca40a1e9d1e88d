package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Under which name the figures of a run of {@code bench} compare with those of other runs. */
final class BenchName {
    /** Figures of a run, and whether more is better. */
    static final Map<String, Boolean> FIGURES = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "hopLadders",
            false,
            "packetsPerSecondPerCore",
            true,
            "aeadRatio",
            true,
            "receiptsPerSecondPerCore",
            true)));

    private BenchName() {}

    /**
     * The name, which differs where a run measured another case or counted other threads. Runs that do not say their case
     * are of the best case, and counted the I/O thread only where it is the engine's.
     *
     * @param name of the run's file, without {@code bench-} and {@code .json}.
     */
    static String of(String name, JsonNode bench) {
        final boolean allThreads =
                bench.has("circumstances") || bench.path("threading").asText().equals("shared");
        return name.replaceFirst("-best$", "") + ", " + circumstances(bench) + " case"
                + (allThreads ? "" : ", without the I/O thread");
    }

    /** The case that was measured by {@code bench} or {@code knee}. */
    static String circumstances(JsonNode run) {
        return run.path("circumstances").asText("best");
    }
}

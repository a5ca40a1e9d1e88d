package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.rig.report.Figure.Point;
import java.util.List;
import java.util.Map;

/**
 * Content of one folder of {@code jmh-results}; missing parts are empty.
 *
 * @param environment lines of {@code environment.txt}.
 * @param commands lines of {@code commands.txt}.
 * @param benches objects of the whole engine that {@code bench --json} printed, by file name without {@code bench-} and
 *     {@code .json}.
 * @param otherBenches objects of {@code bench} with another subject than the engine, by file name likewise.
 * @param levels objects that {@code bench --json} printed for {@code record}'s comparison of the kernels' levels, by file name
 *     without {@code level-} and {@code .json}: level and profile, such as {@code avx2-mr1}.
 * @param matrix {@code matrix.json}, or a missing node; with it comes {@code matrix.png}.
 * @param knee {@code knee/knee.json}, or a missing node.
 * @param otherKnees {@code knee-NAME/knee.json} by name: further runs.
 * @param curves latencies in microseconds by {@code 1 / (1 - p)}, from {@code knee/*.hgrm}, by file name.
 * @param scores of every {@code jmh*.json}.
 * @param notRead names of further JSON files in the folder.
 */
record KeptRun(
        String name,
        Map<String, String> environment,
        List<String> commands,
        Map<String, JsonNode> benches,
        Map<String, JsonNode> otherBenches,
        Map<String, JsonNode> levels,
        JsonNode matrix,
        JsonNode knee,
        Map<String, JsonNode> otherKnees,
        Map<String, List<Point>> curves,
        List<JmhScore> scores,
        List<String> notRead) {
    /** The matrix as the command drew it, in the folder of the run. */
    static final String MATRIX_CHART = "matrix.png";

    private static final int COMMIT_LENGTH = 7;

    /**
     * The processor and the widest vectors that it has for the kernels, such as {@code AMD EPYC, AVX-512 IFMA}; empty if the run
     * does not say. Virtual machines often hide the model, so the vectors distinguish processors.
     */
    String machine() {
        final List<String> features =
                List.of(environment.getOrDefault("processor features", "").split(" ", -1));
        final String vectors = features.contains("avx512ifma")
                ? ", AVX-512 IFMA"
                : features.contains("avx512f") ? ", AVX-512" : features.contains("avx2") ? ", AVX2" : "";
        return environment.containsKey("processor") ? environment.get("processor") + vectors : "";
    }

    /** Date and commit, where the name has that form; else the name. */
    String label() {
        return name.matches("\\d{4}-\\d\\d-\\d\\d-[0-9a-f]{7,}-.*")
                ? name.substring(0, "2026-01-01-".length() + COMMIT_LENGTH).replaceFirst("-(?=[^-]*$)", " ")
                : name;
    }
}

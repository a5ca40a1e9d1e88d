package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the cases of one file and keeps the results. */
final class CaseLog {
    private final List<FileReport.Failure> failures = new ArrayList<>();
    private final Map<String, Integer> skips = new LinkedHashMap<>();
    private int passed;
    private int skipped;

    /**
     * Runs one case: it failed if {@code check} throws {@link VectorMismatch}, or {@link IllegalArgumentException}
     * because a facade refuses an argument that the case did not mean to be refused.
     */
    void check(String id, JsonNode fields, Consumer<CaseFields> check) {
        try (Arena arena = Arena.ofConfined()) {
            check.accept(new CaseFields(fields, arena));
            passed++;
        } catch (VectorMismatch e) {
            fail(id, e.getMessage());
        } catch (IllegalArgumentException e) {
            fail(id, "refused: " + e.getMessage());
        }
    }

    /** Records a failure that belongs to no single case, or that a shape found by itself. */
    void fail(String id, String why) {
        failures.add(new FileReport.Failure(id, why));
    }

    /** Leaves one case out. */
    void skip(String reason) {
        skipped++;
        skips.merge(reason, 1, Integer::sum);
    }

    int passed() {
        return passed;
    }

    int skipped() {
        return skipped;
    }

    /** Why cases were left out, each with how many. */
    Map<String, Integer> skips() {
        return skips;
    }

    List<FileReport.Failure> failures() {
        return failures;
    }

    int total() {
        return passed + skipped + failures.size();
    }
}

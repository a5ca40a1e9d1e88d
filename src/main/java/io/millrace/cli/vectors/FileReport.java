package io.millrace.cli.vectors;

import java.util.List;
import java.util.Map;

/**
 * Result of one file; also its form in JSON.
 *
 * @param file path below the folder that was asked for.
 * @param shape the shape's name; {@code unknown} for a file that was skipped as a whole.
 * @param status {@code passed}, {@code failed}, {@code skipped} or {@code damaged}.
 * @param passed cases that came out as the file says.
 * @param failed cases that did not.
 * @param skipped cases left out.
 * @param reasons why cases, or the file, were left out, each with how many cases (0 for the file).
 * @param failures the failed cases by name.
 */
public record FileReport(
        String file,
        String shape,
        String status,
        int passed,
        int failed,
        int skipped,
        Map<String, Integer> reasons,
        List<Failure> failures) {
    static final String UNKNOWN = "unknown";

    /** A failed case: its name in the file, and what differed. */
    public record Failure(String id, String why) {}

    static FileReport ofFile(String file, String shape, CaseLog log) {
        final String status;
        if (!log.failures().isEmpty()) {
            status = "failed";
        } else {
            status = log.passed() > 0 ? "passed" : "skipped";
        }
        return new FileReport(
                file,
                shape,
                status,
                log.passed(),
                log.failures().size(),
                log.skipped(),
                Map.copyOf(log.skips()),
                List.copyOf(log.failures()));
    }

    /** A file of a shape that is not known here, or of another format than JSON. */
    static FileReport unknownFile(String file, String reason) {
        return new FileReport(file, UNKNOWN, "skipped", 0, 0, 0, Map.of(reason, 0), List.of());
    }

    /** A file that is JSON by its name, and cut or damaged, so that its shape cannot be told. */
    static FileReport damagedFile(String file, String reason) {
        return new FileReport(file, UNKNOWN, "damaged", 0, 0, 0, Map.of(reason, 0), List.of());
    }

    boolean isUnknown() {
        return shape.equals(UNKNOWN) && !isDamaged();
    }

    boolean isDamaged() {
        return status.equals("damaged");
    }
}

package io.millrace.rig.report;

import io.millrace.files.WholeFile;
import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the report of a folder of kept runs. The same runs give the same bytes. */
public final class ReportPages {
    private ReportPages() {}

    /**
     * Result of a report.
     *
     * @param runs kept runs in the report.
     * @param charts PNG files in the report, those that a run has already included.
     * @param remarks files and figures that are not in the report, a line each.
     */
    public record Written(int runs, int charts, List<String> remarks) {}

    /**
     * Reads {@code index.jsonl} and the folders that it names; writes {@code README.md}, {@code index.html} and
     * {@code charts/*.png}.
     *
     * @param results the folder of kept runs.
     * @param readme a file that gets the newest run's figures between its two lines of comment.
     * @return counts and remarks.
     * @throws InputException if a file of a run is damaged, or {@code readme} has no place for figures.
     * @throws IOException if a file cannot be read or written.
     */
    public static Written write(Path results, Optional<Path> readme) throws IOException {
        final List<KeptRun> runs = KeptRuns.read(results);
        final Report report = Report.of(runs);
        ChartFiles.write(report, results.resolve("charts"));
        WholeFile.replace(results.resolve("README.md"), MarkdownReport.of(report));
        WholeFile.replace(results.resolve("index.html"), HtmlReport.of(report));
        if (readme.isPresent()) {
            ReadmeFigures.write(readme.get(), runs);
        }
        final List<String> remarks = new ArrayList<>();
        for (KeptRun run : runs) {
            remarks.addAll(JmhPart.remarks(run));
            run.notRead().forEach(file -> remarks.add("run " + run.name() + ": not read: " + file));
        }
        return new Written(report.sections().size(), ChartFiles.chosen(report).size(), remarks);
    }
}

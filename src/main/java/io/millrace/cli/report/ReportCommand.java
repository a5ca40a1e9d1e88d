package io.millrace.cli.report;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.files.WholeFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}: what {@code perf-scripts/report} runs. */
@Command(
        name = "report",
        hidden = true,
        description = {
            "Writes the report of a folder of kept runs.",
            "Reads index.jsonl and the folders that it names; writes README.md, index.html and charts/*.png.",
            "The same runs give the same bytes."
        })
public final class ReportCommand extends ProgramCommand {
    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "jmh-results",
            description = "The folder of kept runs (default: ${DEFAULT-VALUE}).")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path results;

    @Option(
            names = "--readme",
            paramLabel = "FILE",
            description = "Writes the newest run's figures into this file too, between its two lines of comment.")
    @PathOption(PathKind.WRITTEN_FILE)
    private Path readme;

    @Override
    protected int run(Output output) throws Exception {
        final List<KeptRun> runs = KeptRuns.read(results);
        final Report report = Report.of(runs);
        ChartFiles.write(report, results.resolve("charts"));
        WholeFile.replace(results.resolve("README.md"), MarkdownReport.of(report));
        WholeFile.replace(results.resolve("index.html"), HtmlReport.of(report));
        if (readme != null) {
            ReadmeFigures.write(readme, runs);
        }
        for (KeptRun run : runs) {
            JmhPart.remarks(run).forEach(output::note);
            run.notRead().forEach(file -> output.note("run " + run.name() + ": not read: " + file));
        }
        final int charts = ChartFiles.chosen(report).size();
        output.line("Runs: " + report.sections().size() + ", charts: " + charts + ", in " + results.normalize());
        output.object(Map.of("runs", report.sections().size(), "charts", charts));
        return ExitCode.OK;
    }
}

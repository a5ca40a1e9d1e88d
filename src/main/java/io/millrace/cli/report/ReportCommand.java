package io.millrace.cli.report;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.rig.report.ReportPages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
    protected int run(Output output) throws IOException {
        final ReportPages.Written written = ReportPages.write(results, Optional.ofNullable(readme));
        written.remarks().forEach(output::note);
        output.line("Runs: " + written.runs() + ", charts: " + written.charts() + ", in " + results.normalize());
        output.object(Map.of("runs", written.runs(), "charts", written.charts()));
        return ExitCode.OK;
    }
}

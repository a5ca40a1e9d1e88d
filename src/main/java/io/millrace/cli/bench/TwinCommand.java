package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.StepLine;
import io.millrace.rig.twin.TwinBench;
import io.millrace.rig.twin.TwinFigures;
import picocli.CommandLine.Command;

/** {@code bench twin}: signed documents. */
@Command(
        name = "twin",
        description = {
            "Measures signed documents (twins).",
            "Cost of an operation at growing sizes of a document, and signatures verified per second."
        })
final class TwinCommand extends ProgramCommand {
    @Override
    protected int run(Output output) {
        final TwinFigures figures;
        try (StepLine steps = new StepLine("bench twin", output)) {
            figures = new TwinBench(steps.progress()).measure();
        }
        return TwinPrinter.print(figures, output);
    }
}

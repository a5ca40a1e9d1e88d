package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.StepLine;
import io.millrace.cli.console.UsageError;
import io.millrace.rig.twin.TwinBench;
import io.millrace.rig.twin.TwinFigures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench twin}: signed documents. */
@Command(
        name = "twin",
        description = {
            "Measures signed documents (twins).",
            "Cost of an operation at growing sizes of a document, and signatures verified per second; then documents on"
                    + " the disk: opening, reading and writing with the state in maps, and with a replay of the log.",
            "Documents are made in the folder for temporary files: about 300 bytes a property."
        })
final class TwinCommand extends ProgramCommand {
    private static final int LEAST = 1_000;
    private static final int MOST = 10_000_000;

    @Section(Section.LOAD)
    @Option(
            names = "--largest",
            paramLabel = "N",
            description = "Properties of the largest document on the disk, 1000 to 10000000 (default:"
                    + " ${DEFAULT-VALUE}). 10000000 needs a heap of 8 GB for the replay.")
    private int largest = 100_000;

    @Override
    protected int run(Output output) {
        if (largest < LEAST || largest > MOST) {
            throw new UsageError("--largest must be 1000 to 10000000: largest=" + largest);
        }
        final TwinFigures figures;
        try (StepLine steps = new StepLine("bench twin", output)) {
            figures = new TwinBench(steps.progress(), largest).measure();
        }
        return TwinPrinter.print(figures, output);
    }
}

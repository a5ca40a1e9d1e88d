package io.millrace.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: groups the measurements in one process. Alone, or with options alone, it runs {@code packets}. */
@Command(
        name = "bench",
        synopsisSubcommandLabel = "[MEASUREMENT]",
        preprocessor = BenchWords.class,
        subcommands = {
            PacketsCommand.class,
            MatrixCommand.class,
            CoresCommand.class,
            HtxCommand.class,
            FloodCommand.class,
            ReceiptsCommand.class,
            TwinCommand.class
        },
        description = {
            "Measures the parts of a relay in one process.",
            "Without a measurement it runs packets: bench --seconds 3 is bench packets --seconds 3.",
            "Each measurement has its own options: millrace bench MEASUREMENT --help."
        })
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Is not reached: the words are completed before they are parsed. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no measurement given");
    }
}

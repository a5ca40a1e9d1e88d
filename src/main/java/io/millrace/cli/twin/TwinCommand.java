package io.millrace.cli.twin;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import picocli.CommandLine.Command;

/** {@code twin}: parent of the commands for signed documents. */
@Command(
        name = "twin",
        description = {
            "Edits, copies and verifies signed documents of several actors.",
            "A document has properties, sets, counters and registers, and needs no coordinator.",
            "A document lives in a store (a directory) or in a file of operations (named *.cbor)."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ApplyCommand.class,
            ShowCommand.class,
            SyncCommand.class,
            VerifyCommand.class,
            CompactCommand.class
        })
public final class TwinCommand extends ProgramCommand {
    @Override
    protected int run(Output output) {
        throw new UsageError("no command given (see millrace twin --help)");
    }
}

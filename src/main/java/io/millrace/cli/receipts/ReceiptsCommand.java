package io.millrace.cli.receipts;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code receipts}: groups the commands of the log. */
@Command(
        name = "receipts",
        description = "Appends to, lists, proves and verifies a log of receipts.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AppendCommand.class,
            ListCommand.class,
            FindCommand.class,
            ProveCommand.class,
            VerifyCommand.class,
            CheckpointCommand.class
        })
public final class ReceiptsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "no command given: append, list, find, prove, verify or checkpoint");
    }
}

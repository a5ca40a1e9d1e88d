package io.millrace.cli.htx;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code htx}: its commands. */
@Command(
        name = "htx",
        description = "Joins two hosts by an encrypted session.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {HtxServeCommand.class, HtxConnectCommand.class})
public final class HtxCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private HtxCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given: serve or connect");
    }
}

package io.millrace.cli.delays;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code delays}: groups the commands for disclosures. */
@Command(
        name = "delays",
        description = "Fetches and verifies the delays that relays disclose.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {FetchCommand.class, VerifyCommand.class})
public final class DelaysCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given: fetch or verify");
    }
}

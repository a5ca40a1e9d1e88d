package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench packets}: real packets through the whole engine in one process. */
@Command(
        name = "packets",
        description = {
            "Measures the cost of a packet through the whole engine.",
            "Open, peel, replay check, delay, seal; among 16 neighbours, with a replay journal.",
            "Prints packets per second and core (all threads of the relay), percentiles per stage, drops by reason and"
                    + " allocation per packet.",
            "Afterwards it judges departures at a light load: exit code 1 if packets leave other than the disclosed"
                    + " law says.",
            "Costs are also given in ladders: the time of one libsodium X25519 in the same run."
        })
final class PacketsCommand extends ProgramCommand {
    @Mixin
    private final PacketsOptions options = new PacketsOptions();

    @Override
    protected int run(Output output) throws InterruptedException, IOException {
        return options.run(Optional.empty(), output);
    }
}

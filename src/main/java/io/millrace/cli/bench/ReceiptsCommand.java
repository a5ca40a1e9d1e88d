package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Section;
import io.millrace.receipt.SigningMode;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench receipts}: packets that leave receipts, and receipts by themselves. */
@Command(
        name = "receipts",
        description = {
            "Measures the cost of receipts.",
            "Every packet of bench packets leaves a receipt here; then receipts are measured without packets, in"
                    + " batches of several sizes."
        })
final class ReceiptsCommand extends ProgramCommand {
    @Mixin
    private final PacketsOptions options = new PacketsOptions();

    @Section(Section.RELAY)
    @Option(
            names = "--sign",
            paramLabel = "MODE",
            description = "batch: one signature a batch; single: one a receipt (default: ${DEFAULT-VALUE}).")
    private SigningMode sign = SigningMode.BATCH;

    @Override
    protected int run(Output output) throws InterruptedException, IOException {
        return options.run(Optional.of(sign), output);
    }
}

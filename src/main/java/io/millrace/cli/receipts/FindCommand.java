package io.millrace.cli.receipts;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.node.LogFolder;
import io.millrace.receipt.ReceiptId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code receipts find}: the receipt of one operation. */
@Command(
        name = "find",
        description = {
            "Finds the receipt of an operation in a log.",
            "Keeps an index in the folder index of the log, and brings it up to date first. Also for a running relay's log."
        })
final class FindCommand extends ProgramCommand {
    @Option(names = "--log", required = true, paramLabel = "DIR", description = "Folder of the log.")
    @PathOption(PathKind.FOLDER)
    private Path log;

    @Parameters(paramLabel = "ID", description = "Operation id: 32 hexadecimal digits.")
    private String id;

    @Override
    protected int run(Output output) throws IOException {
        final ReceiptId operation;
        try {
            operation = ReceiptId.ofHex(id);
        } catch (IllegalArgumentException e) {
            throw new UsageError("the operation id must have 32 hexadecimal digits: ID=" + id, e);
        }
        try (LogIndex index = LogIndex.open(new LogFolder(log))) {
            final Optional<ReceiptView> found = index.find(operation);
            print(output, index.size(), found);
            return found.isPresent() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void print(Output output, long size, Optional<ReceiptView> found) {
        output.table(ReceiptView.table(found.stream().toList()));
        output.line(found.isPresent() ? "" : "no receipt of that operation among " + size);
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("size", size);
        json.put("receipt", found.orElse(null));
        output.object(json);
    }
}

package io.millrace.cli.receipts;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.node.LogFolder;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.ReceiptLogView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code receipts list}: the receipts of a log. */
@Command(
        name = "list",
        description = {
            "Lists receipts, also of a running relay. The hashes are checked and no signature:",
            "that is what verify is for."
        })
final class ListCommand extends ProgramCommand {
    private static final int MAX_LIMIT = 1_000_000;

    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The log.")
    @PathOption(PathKind.FOLDER)
    private Path log;

    @Option(names = "--from", paramLabel = "N", defaultValue = "0", description = "First index (default: 0).")
    private long from;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many (default: 100).")
    private int limit;

    @Override
    protected int run(Output output) throws IOException {
        if (from < 0 || limit < 1 || limit > MAX_LIMIT) {
            throw new UsageError("--from must be 0 or more and --limit 1 to " + MAX_LIMIT);
        }
        try (ReceiptLogView view = new LogFolder(log).view()) {
            final LogReader reader = new LogReader(view);
            final LogReader.State state = reader.state();
            final List<ReceiptView> receipts = new ArrayList<>();
            reader.forEach(from, entry -> {
                receipts.add(ReceiptView.of(
                        entry.index(), entry.encoding(), entry.signature().isPresent()));
                return receipts.size() < limit;
            });
            print(output, state, receipts);
            return state.fault().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static void print(Output output, LogReader.State state, List<ReceiptView> receipts) {
        output.table(ReceiptView.table(receipts));
        output.line(Figures.counted(state.size(), "receipt")
                + (state.first() == 0 ? "" : ", those before " + state.first() + " deleted")
                + state.fault().map(fault -> ", damaged: " + fault).orElse(""));
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("first", state.first());
        json.put("size", state.size());
        json.put("root", state.root().toString());
        json.put("abandoned", state.abandoned());
        json.put("fault", state.fault().orElse(null));
        json.put("receipts", receipts);
        output.object(json);
    }
}

package io.millrace.cli.receipts;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.files.WholeFile;
import io.millrace.node.LogFolder;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code receipts checkpoint}: the newest signed checkpoint, to keep or to have cosigned. */
@Command(
        name = "checkpoint",
        description =
                "Prints the newest signed checkpoint, also of a running relay. Keep it: against it, verify finds a"
                        + " log that was cut short or rewritten.")
final class CheckpointCommand extends ProgramCommand {
    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The log.")
    @PathOption(PathKind.FOLDER)
    private Path log;

    @Option(names = "--out", paramLabel = "FILE", description = "Write it to FILE as well.")
    @PathOption(PathKind.WRITTEN_FILE)
    private Path out;

    @Override
    protected int run(Output output) throws IOException {
        final LogFolder folder = new LogFolder(log);
        try (ReceiptLogView view = folder.durableView()) {
            final VerifierKey key = folder.key();
            final LogReader.Stored stored = LogFolder.signed(new LogReader(view).state());
            final SignedNote note = stored.note(key);
            if (out != null) {
                WholeFile.replace(out, note.toString());
            }
            output.lines(note.toString().stripTrailing());
            final Map<String, Object> json = new LinkedHashMap<>();
            json.put("origin", key.name());
            json.put("size", stored.size());
            json.put("root", stored.root().toString());
            json.put("key", key.toString());
            json.put("checkpoint", note.toString());
            output.object(json);
            return ExitCode.OK;
        }
    }
}

package io.millrace.cli.receipts;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.files.WholeFile;
import io.millrace.node.LogFolder;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.tlog.GrowthProof;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.TlogProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code receipts prove}: files that show, without the log, that it has a receipt or that it only grew. */
@Command(
        name = "prove",
        description = {
            "Writes the proof of a receipt, or of the growth of a log.",
            "For a receipt: PREFIX.receipt and PREFIX.tlog-proof, and PREFIX.sig if the receipt is signed by itself.",
            "With --since SIZE: PREFIX.consistency, that today's log continues that of SIZE receipts.",
            "A relay may write to the log meanwhile."
        })
final class ProveCommand extends ProgramCommand {
    private static final byte[] NO_EXTRA = {};

    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The log.")
    @PathOption(PathKind.FOLDER)
    private Path log;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    /** Which proof is wanted. */
    private static final class Subject {
        @Option(names = "--index", required = true, paramLabel = "N", description = "Prove that receipt.")
        private Long index;

        @Option(names = "--since", required = true, paramLabel = "SIZE", description = "Prove growth since then.")
        private Long since;
    }

    @PathOption(PathKind.WRITTEN_PREFIX)
    @Option(names = "--out", required = true, paramLabel = "PREFIX", description = "Where the files go.")
    private String out;

    @Override
    protected int run(Output output) throws IOException {
        final LogFolder folder = new LogFolder(log);
        try (ReceiptLogView view = folder.durableView()) {
            final LogReader reader = new LogReader(view);
            final LogReader.State state = reader.state();
            final LogReader.Stored stored = LogFolder.signed(state);
            final SignedNote checkpoint = stored.note(folder.key());
            final List<String> files = new ArrayList<>();
            if (subject.index != null) {
                inclusion(reader, stored, checkpoint, files, state.first());
            } else {
                growth(reader, stored, checkpoint, files);
            }
            files.forEach(output::line);
            final Map<String, Object> json = new LinkedHashMap<>();
            json.put("files", files);
            json.put("size", stored.size());
            output.object(json);
            return ExitCode.OK;
        }
    }

    private void inclusion(
            LogReader reader, LogReader.Stored stored, SignedNote checkpoint, List<String> files, long first)
            throws IOException {
        final long index = subject.index;
        if (index >= 0 && index < first) {
            throw new UsageError("the receipt was deleted: index=" + index + ", the first that is kept: " + first);
        }
        if (index < 0 || index >= stored.size()) {
            throw new UsageError("no signed receipt has that index: index=" + index + ", signed=" + stored.size());
        }
        final LogReader.Entry entry = reader.entry(index).orElseThrow();
        write(files, ".receipt", entry.encoding());
        final TlogProof proof = new TlogProof(
                NO_EXTRA, index, reader.proofs().inclusion(index, stored.size()).path(), checkpoint);
        write(files, ".tlog-proof", utf8(proof.toString()));
        if (entry.signature().isPresent()) {
            write(files, ".sig", entry.signature().get());
        }
    }

    private void growth(LogReader reader, LogReader.Stored stored, SignedNote checkpoint, List<String> files)
            throws IOException {
        final long since = subject.since;
        if (since < 0 || since > stored.size()) {
            throw new UsageError("the log is not larger: since=" + since + ", signed=" + stored.size());
        }
        final GrowthProof proof;
        try {
            proof = new GrowthProof(
                    since, reader.proofs().consistency(since, stored.size()).path(), checkpoint);
        } catch (UncheckedIOException e) {
            throw new UsageError(
                    "the receipts since then are deleted, and no segment ended there: since=" + since + ": "
                            + e.getCause().getMessage(),
                    e);
        }
        write(files, ".consistency", utf8(proof.toString()));
    }

    private void write(List<String> files, String ending, byte[] content) throws IOException {
        final Path file = Path.of(out + ending);
        WholeFile.replace(file, content);
        files.add(file.toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}

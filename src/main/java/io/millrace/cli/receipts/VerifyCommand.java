package io.millrace.cli.receipts;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.InputFile;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.node.LogFolder;
import io.millrace.receipt.LogAudit;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.receipt.ReceiptSignature;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.CheckpointPolicy;
import io.millrace.tlog.GrowthProof;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.TlogProof;
import io.millrace.tlog.VerifierKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code receipts verify}: checks files against public keys, with no log at hand, or a whole log. */
@Command(
        name = "verify",
        description = {
            "Checks receipts and logs by files and public keys alone.",
            "Checks one of these, by the options given:",
            "  --receipt F --proof F          that the log has that receipt,",
            "  --receipt F --signature F      the receipt's own signature,",
            "  --checkpoint F                 a checkpoint's signatures,",
            "  --checkpoint F --consistency F that a later checkpoint continues it,",
            "  --log DIR [--checkpoint F]...  a whole log: every receipt, root and",
            "                                 signature, and that it continues each",
            "                                 checkpoint.",
            "Exit code 1 if anything does not hold."
        })
final class VerifyCommand extends ProgramCommand {
    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY",
            description = "The log's public key: a file, or name+id+base64.")
    private String keyText;

    @UsedWith(oneOf = {"--proof", "--checkpoint"})
    @Option(
            names = "--witness",
            paramLabel = "KEY",
            description = "A witness's public key; may be repeated, each key once.")
    private List<String> witnessTexts = List.of();

    @UsedWith(oneOf = {"--proof", "--checkpoint"})
    @Option(
            names = "--quorum",
            paramLabel = "N",
            description = "Witnesses that must have cosigned (default: all given).")
    private Integer quorum;

    @UsedWith(oneOf = {"--proof", "--checkpoint"})
    @Option(
            names = "--origin",
            paramLabel = "NAME",
            description = "First line of the checkpoint (default: the name of the key).")
    private String origin;

    @UsedWith(
            oneOf = {"--proof", "--signature"},
            not = {"--checkpoint", "--consistency", "--log"})
    @Option(names = "--receipt", paramLabel = "FILE", description = "A receipt.")
    @PathOption(PathKind.FILE)
    private Path receipt;

    @UsedWith(oneOf = "--receipt")
    @Option(names = "--proof", paramLabel = "FILE", description = "Its proof (C2SP tlog-proof).")
    @PathOption(PathKind.FILE)
    private Path proof;

    @UsedWith(oneOf = "--receipt")
    @Option(names = "--signature", paramLabel = "FILE", description = "Its own signature with its place, 104 bytes.")
    @PathOption(PathKind.FILE)
    private Path signature;

    @Option(names = "--checkpoint", paramLabel = "FILE", description = "A checkpoint that was kept.")
    @PathOption(PathKind.FILE)
    private List<Path> checkpoints = List.of();

    @UsedWith(oneOf = "--checkpoint", not = "--log")
    @Option(names = "--consistency", paramLabel = "FILE", description = "A proof of growth since the checkpoint.")
    @PathOption(PathKind.FILE)
    private Path consistency;

    @Option(names = "--log", paramLabel = "DIR", description = "A whole log.")
    @PathOption(PathKind.FOLDER)
    private Path log;

    private final Map<String, Object> json = new LinkedHashMap<>();
    private final List<VerifierKey> witnesses = new ArrayList<>();
    private VerifierKey key;
    private CheckpointPolicy policy;

    @Override
    protected int run(Output output) throws IOException {
        key = LogFolder.readKey(keyText);
        for (String text : witnessTexts) {
            witnesses.add(LogFolder.readKey(text));
        }
        policy = policy();
        String fault = null;
        try {
            check(output);
        } catch (RefusedException e) {
            fault = e.getMessage();
        } catch (MalformedException e) {
            fault = "malformed: " + e.getMessage();
        }
        json.put("verified", fault == null);
        json.put("fault", fault);
        output.line(fault == null ? "verified" : "REFUSED: " + fault);
        output.object(json);
        return fault == null ? ExitCode.OK : ExitCode.FAILED;
    }

    private void check(Output output) throws IOException, MalformedException, RefusedException {
        if (receipt != null) {
            receipt(output);
        } else if (log != null) {
            log(output);
        } else if (consistency != null) {
            growth(output);
        } else if (!checkpoints.isEmpty()) {
            for (Checkpoint checkpoint : kept()) {
                output.line("checkpoint of " + Figures.counted(checkpoint.size(), "receipt") + ", root "
                        + checkpoint.root());
                json.put("size", checkpoint.size());
            }
        } else {
            throw new UsageError("give --receipt with --proof or --signature, or --checkpoint with or without"
                    + " --consistency, or --log with or without --checkpoint");
        }
    }

    private void growth(Output output) throws IOException, MalformedException, RefusedException {
        if (checkpoints.size() != 1) {
            throw new UsageError("--consistency needs one --checkpoint: given=" + checkpoints.size());
        }
        final Checkpoint earlier = kept().getFirst();
        final Checkpoint later =
                GrowthProof.parse(LogFolder.readText(consistency)).verify(earlier, policy);
        output.line("the log of " + Figures.counted(later.size(), "receipt") + " continues that of "
                + Figures.whole(earlier.size()));
        json.put("size", later.size());
    }

    private void receipt(Output output) throws IOException, MalformedException, RefusedException {
        final byte[] encoding = InputFile.bytes(receipt);
        final Receipt decoded = ReceiptEncoding.decode(encoding);
        if (decoded.keyId() != key.keyId()) {
            throw new RefusedException("the receipt names another key than " + key);
        }
        long index = -1;
        if (proof != null) {
            final TlogProof parsed = TlogProof.parse(LogFolder.readText(proof));
            final Checkpoint checkpoint = parsed.verify(encoding, policy);
            index = parsed.index();
            output.line("receipt " + index + " of the log of " + checkpoint.size());
            json.put("index", index);
            json.put("size", checkpoint.size());
        }
        if (signature != null) {
            final byte[] placed = InputFile.bytes(signature);
            if (!ReceiptSignature.verify(placed, encoding, key)) {
                throw new RefusedException("the signature is not of " + key);
            }
            if (proof != null && ReceiptSignature.index(placed) != index) {
                throw new RefusedException("proof and signature name different places: index=" + index + ", signed="
                        + ReceiptSignature.index(placed));
            }
            index = ReceiptSignature.index(placed);
            json.put("index", index);
            output.line("receipt " + index + " of the log, by its own signature");
        }
        json.put("receipt", ReceiptView.of(index, encoding, signature != null));
    }

    private void log(Output output) throws IOException, MalformedException, RefusedException {
        try (ReceiptLogView view = new LogFolder(log).view()) {
            final LogAudit.Report report = new LogAudit(view, key).run(kept());
            output.line(Figures.counted(report.size(), "receipt") + ", "
                    + Figures.counted(report.signatures(), "signature"));
            if (report.first() > 0) {
                output.line("checked from receipt " + report.first()
                        + " on: those before were deleted; their hashes are" + " under the root");
            }
            json.put("first", report.first());
            json.put("size", report.size());
            json.put("root", report.root().toString());
            json.put("signatures", report.signatures());
            json.put("abandoned", report.abandoned());
            if (!report.passed()) {
                throw new RefusedException(report.fault().orElseThrow());
            }
        }
    }

    private List<Checkpoint> kept() throws IOException, MalformedException, RefusedException {
        final List<Checkpoint> kept = new ArrayList<>();
        for (Path file : checkpoints) {
            kept.add(Checkpoint.verified(SignedNote.parse(LogFolder.readText(file)), policy));
        }
        return kept;
    }

    private CheckpointPolicy policy() {
        try {
            return new CheckpointPolicy(
                    origin == null ? key.name() : origin, key, witnesses, quorum == null ? witnesses.size() : quorum);
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage(), e);
        }
    }
}

package io.millrace.cli.twin;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.InputFile;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.LogAudit;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.PooledCheck;
import io.millrace.crdt.type.TwinDigest;
import io.millrace.crypto.SecureRandomness;
import io.millrace.files.WholeFile;
import io.millrace.node.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twin verify}: checks a document, or a proof of equivocation, from the bytes alone. */
@Command(
        name = "verify",
        description = {
            "Checks every signature, hash, link and clock of a document. Fails if one does not hold, or if"
                    + " an actor has signed two operations with one number and is not revoked; --proofs writes the"
                    + " proofs, which revoked-by in --actors takes.",
            "Given a proof, checks that: nothing else is needed, since an actor is named by the key."
        })
final class VerifyCommand extends ProgramCommand {
    private static final int SHOWN = 20;

    @Parameters(paramLabel = "FILE", description = "A store, a *.cbor file or a *.proof file.")
    @PathOption(PathKind.PLACE)
    private Path file;

    @Option(names = "--actors", paramLabel = "FILE", description = "Who may sign; needed unless FILE is a proof.")
    @PathOption(PathKind.FILE)
    private Path actors;

    @Option(
            names = "--max-skew",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Refuse operations further in the future, up to ten years (default: ${DEFAULT-VALUE}).")
    private int maxSkewSeconds;

    @Option(names = "--proofs", paramLabel = "DIR", description = "Write proofs of equivocations to this folder.")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path proofs;

    @Override
    protected int run(Output output) throws IOException {
        if (file.toString().endsWith(".proof")) {
            if (actors != null || proofs != null) {
                throw new UsageError((actors == null ? "--proofs" : "--actors")
                        + " is not read for a proof, which needs nothing else: leave it out");
            }
            return verifyProof(output);
        }
        if (actors == null) {
            throw new UsageError("--actors is needed to verify a document");
        }
        final ActorRegistry registry = ConfigFile.actors(actors);
        try (TwinRecords records = TwinRecords.open(file);
                PooledCheck check = new PooledCheck(Runtime.getRuntime().availableProcessors())) {
            if (records.log().size() == 0) {
                throw new UsageError(file + ": holds no operation");
            }
            final LogAudit audit = LogAudit.of(
                    records.log(),
                    records.twin(),
                    registry,
                    ActorOptions.clock(maxSkewSeconds),
                    check,
                    new SecureRandomness());
            writeProofs(audit);
            print(output, audit, registry);
            Strangers.find(records.log(), registry).entrySet().stream()
                    .limit(SHOWN)
                    .forEach(each -> output.line("  " + Strangers.advice(each.getKey(), each.getValue())));
            return audit.isSound() && audit.openProofs().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private int verifyProof(Output output) throws IOException {
        if (Files.size(file) > EquivocationProof.MAX_LENGTH) {
            throw new UsageError(file + ": not a proof of equivocation");
        }
        try (OperationCodec codec = new OperationCodec();
                OperationVerifier verifier = new OperationVerifier()) {
            final Optional<EquivocationProof> proof = EquivocationProof.decode(InputFile.bytes(file), codec);
            if (proof.isEmpty()) {
                throw new UsageError(file + ": not a proof of equivocation");
            }
            final boolean valid = proof.get().isValid(verifier);
            output.line(
                    valid
                            ? "proved: " + proof.get().actor() + " signed two operations with number "
                                    + proof.get().sequence()
                            : "NOT a proof: the two operations do not show an equivocation");
            final Map<String, Object> json = DocumentJson.json(proof.get());
            json.put("valid", valid);
            output.object(json);
            return valid ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void writeProofs(LogAudit audit) throws IOException {
        if (proofs == null) {
            return;
        }
        Files.createDirectories(proofs);
        try (OperationCodec codec = new OperationCodec()) {
            for (final EquivocationProof proof : audit.proofs()) {
                WholeFile.replace(proofs.resolve(nameOf(proof)), proof.encode(codec));
            }
        }
    }

    private static String nameOf(EquivocationProof proof) {
        return proof.actor().toString().substring(0, 16) + "-" + proof.sequence() + ".proof";
    }

    private static boolean isOpen(EquivocationProof proof, LogAudit audit) {
        return audit.openProofs().stream()
                .anyMatch(open -> open.actor().equals(proof.actor()) && open.sequence() == proof.sequence());
    }

    private static void print(Output output, LogAudit audit, ActorRegistry registry) {
        final Map<String, Long> outcomes = new TreeMap<>();
        audit.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
        final Map<Integer, String> refused = new TreeMap<>();
        audit.refused().forEach((record, outcome) -> refused.put(record, outcome.name()));
        final String digest = TwinDigest.of(audit.twin());
        output.line(
                audit.isSound()
                        ? "every record holds: " + Figures.counted(audit.records(), "record") + ", digest " + digest
                        : "NOT sound: " + Figures.counted(audit.records(), "record") + ", of them");
        refused.entrySet().stream()
                .limit(SHOWN)
                .forEach(each -> output.line("  record " + each.getKey() + ": " + each.getValue()));
        final long ahead = audit.outcomes().getOrDefault(OperationOutcome.FUTURE_CLOCK, 0L);
        if (ahead > 0) {
            output.line(Figures.counted(ahead, "operation") + " in the future: " + ActorOptions.AHEAD);
        }
        audit.proofs().stream()
                .limit(SHOWN)
                .forEach(proof -> output.line("EQUIVOCATION of "
                        + registry.name(proof.actor()).orElse("an unknown actor") + " (" + proof.actor()
                        + ") with number " + proof.sequence()
                        + (isOpen(proof, audit) ? "" : ", settled by its revocation")));
        if (!audit.openProofs().isEmpty()) {
            final String file = nameOf(audit.openProofs().getFirst());
            output.line(
                    "To void both branches, add to this actor in --actors (--proofs DIR writes the file): revoked-by ="
                            + " \""
                            + file + "\"");
        }
        final long revoked = audit.outcomes().getOrDefault(OperationOutcome.REVOKED, 0L)
                + audit.outcomes().getOrDefault(OperationOutcome.ACCEPTED_REVOKED, 0L);
        if (revoked > 0) {
            output.line(Figures.counted(revoked, "operation")
                    + " of revoked actors after, or not known to precede, their revocation");
        }
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("twin", audit.twin().id().toString());
        json.put("sound", audit.isSound());
        json.put("records", audit.records());
        json.put("outcomes", outcomes);
        json.put("refused", refused);
        json.put("compacted", audit.withoutPayload());
        json.put(
                "equivocations", audit.proofs().stream().map(DocumentJson::json).toList());
        json.put("openEquivocations", audit.openProofs().size());
        json.put("heads", DocumentJson.names(audit.heads()));
        json.put("digest", digest);
        output.object(json);
    }
}

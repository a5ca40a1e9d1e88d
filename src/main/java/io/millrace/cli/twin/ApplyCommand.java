package io.millrace.cli.twin;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.AuthorMark;
import io.millrace.crdt.Draft;
import io.millrace.crdt.Replica;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.TwinDigest;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.node.keys.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twin apply}: signs operations and applies them. */
@Command(
        name = "apply",
        description = {
            "Signs operations with your key and applies them. Says so when they are on the disk.",
            "The folder KEY.twins records the last operation of the key in each document: keep it with the key. A copy"
                    + " of the document that lacks operations of the key is refused.",
            "OPERATION is one or more of: set KEY VALUE, delete KEY, add SET ELEMENT, remove SET ELEMENT,"
                    + " increment COUNTER N, decrement COUNTER N, assign REGISTER VALUE."
        })
final class ApplyCommand extends ProgramCommand {
    private static final int MAX_BATCH = 4096;

    @Mixin
    private ActorOptions actors;

    @Parameters(index = "0", paramLabel = "STORE", description = "A store, made if there is none, or a *.cbor file.")
    @PathOption(PathKind.STORE)
    private Path store;

    @Parameters(index = "1..*", paramLabel = "OPERATION", description = "What to do, in words.")
    private List<String> line = List.of();

    @Option(names = "--key", paramLabel = "FILE", required = true, description = "Your key file, made by keygen.")
    @PathOption(PathKind.FILE)
    private Path key;

    @Option(names = "--twin", paramLabel = "ID", description = "Name of a new document (default: drawn at random).")
    private String twin;

    @Option(
            names = "--operations",
            paramLabel = "FILE",
            description =
                    "Also the operations in FILE: one JSON array of words a line, such as [\"set\",\"key\",\"a value\"].")
    @PathOption(PathKind.FILE)
    private Path file;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "256",
            description = "Sign at most N operations together (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--accept-missing",
            description = "Sign although payloads of your operations are missing and this machine has no record of"
                    + " them: counters may lose your earlier changes.")
    private boolean acceptMissing;

    @Override
    protected int run(Output output) throws IOException {
        if (batch < 1 || batch > MAX_BATCH) {
            throw new UsageError("--batch must be 1 to " + MAX_BATCH + ": batch=" + batch);
        }
        final List<OperationSyntax> operations = new ArrayList<>(OperationSyntax.split(line));
        if (file != null) {
            operations.addAll(OperationSyntax.read(file));
        }
        if (operations.isEmpty()) {
            throw new UsageError("no operation given: set, delete, add, remove, increment, decrement or assign");
        }
        final ActorRegistry registry = actors.registry();
        try (KeyFile keys = KeyFile.read(key);
                Ed25519KeyPair pair = keys.twinKey()) {
            final ActorId actor = ActorId.read(pair.publicKey(), 0);
            final String name = registry.name(actor)
                    .orElseThrow(() -> new UsageError("--actors does not list the key: public-key=" + actor));
            if (!registry.maySign(actor)) {
                throw new UsageError("the key is revoked in --actors: actor=" + name);
            }
            try (AuthorMarks marks = AuthorMarks.open(AuthorMarks.folderOf(key));
                    DocumentTarget place = DocumentTarget.open(store, document(), registry, actors.clock())) {
                remember(place.replica(), marks, actor);
                final List<String> signed = sign(place, marks, pair, actor, operations);
                report(output, place.replica(), name, operations.size(), signed);
            }
        }
        return ExitCode.OK;
    }

    private TwinId document() throws IOException {
        final Optional<TwinId> there = DocumentTarget.peek(store);
        if (twin == null) {
            return there.orElseGet(DocumentTarget::newTwin);
        }
        final TwinId wanted;
        try {
            wanted = TwinId.ofHex(twin);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--twin takes 32 hexadecimal digits: twin=" + twin, e);
        }
        if (there.isPresent() && !there.get().equals(wanted)) {
            throw new UsageError(store + ": holds another document: twin=" + there.get());
        }
        return wanted;
    }

    private void remember(Replica replica, AuthorMarks marks, ActorId actor) throws IOException {
        final Optional<AuthorMark> mark = marks.read(replica.state().id(), actor);
        if (mark.isPresent()) {
            replica.remember(mark.get());
        } else if (acceptMissing) {
            replica.mark(actor).ifPresent(replica::remember);
        }
    }

    /**
     * Signs, and brings to the disk, the first operation and then all. The mark is on the disk after the first one: from
     * then on no older copy of the document passes for the latest, even if this process is killed.
     */
    private List<String> sign(
            DocumentTarget place,
            AuthorMarks marks,
            Ed25519KeyPair pair,
            ActorId actor,
            List<OperationSyntax> operations)
            throws IOException {
        final Replica replica = place.replica();
        final List<String> signed = new ArrayList<>();
        for (int from = 0; from < operations.size(); from += batch) {
            final Draft draft = replica.draft(actor);
            for (final OperationSyntax words : operations.subList(from, Math.min(operations.size(), from + batch))) {
                add(words, draft);
            }
            if (draft.size() > 0) {
                signed.add(issue(replica, pair, draft));
                if (signed.size() == 1) {
                    keep(place, marks, actor);
                }
            }
        }
        if (signed.size() > 1) {
            keep(place, marks, actor);
        }
        return signed;
    }

    private static void keep(DocumentTarget place, AuthorMarks marks, ActorId actor) throws IOException {
        place.save();
        marks.write(place.replica().mark(actor).orElseThrow());
    }

    private static void add(OperationSyntax words, Draft draft) {
        try {
            words.addTo(draft);
        } catch (IllegalArgumentException e) {
            throw new UsageError(String.join(" ", words.words()) + ": " + e.getMessage(), e);
        }
    }

    private static String issue(Replica replica, Ed25519KeyPair pair, Draft draft) throws IOException {
        try {
            return replica.issue(pair, draft).id().toString();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new UsageError(e.getMessage(), e);
        }
    }

    private void report(Output output, Replica replica, String actor, int operations, List<String> signed) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("twin", replica.state().id().toString());
        json.put("actor", actor);
        json.put("operations", operations);
        json.put("signed", signed);
        json.put("heads", DocumentJson.names(replica.heads()));
        json.put("digest", TwinDigest.of(replica.twin()));
        output.line("twin " + replica.state().id() + ": " + Figures.counted(operations, "change") + " of " + actor
                + " in " + Figures.counted(signed.size(), "signed operation") + ", on the disk");
        output.object(json);
    }
}

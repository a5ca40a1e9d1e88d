package io.millrace.cli.twin;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.PooledCheck;
import io.millrace.crdt.sync.AntiEntropy;
import io.millrace.crdt.sync.SyncReport;
import io.millrace.crdt.sync.SyncServer;
import io.millrace.crdt.type.TwinDigest;
import io.millrace.crdt.type.TwinId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code twin sync}: brings two copies of a document to the same operations. */
@Command(
        name = "sync",
        description = {
            "Brings two copies of a document to the same operations.",
            "Compares their heads and sends the missing operations.",
            "Every operation is verified by the side that takes it. Fails if the two do not agree in the end."
        })
final class SyncCommand extends ProgramCommand {
    @Mixin
    private ActorOptions actors;

    @Parameters(index = "0", paramLabel = "A", description = "A store or a *.cbor file; made if there is none.")
    @PathOption(PathKind.STORE)
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    @PathOption(PathKind.STORE)
    private Path second;

    @Override
    protected int run(Output output) throws IOException {
        if (first.toAbsolutePath().normalize().equals(second.toAbsolutePath().normalize())) {
            throw new UsageError("A and B are the same: " + first);
        }
        final ActorRegistry registry = actors.registry();
        final TwinId twin = document();
        try (DocumentTarget a = DocumentTarget.open(first, twin, registry, actors.clock());
                DocumentTarget b = DocumentTarget.open(second, twin, registry, actors.clock());
                PooledCheck check = new PooledCheck(Runtime.getRuntime().availableProcessors())) {
            final SyncReport toA = AntiEntropy.pull(a.replica(), new SyncServer(b.replica()), check);
            final SyncReport toB = AntiEntropy.pull(b.replica(), new SyncServer(a.replica()), check);
            a.save();
            b.save();
            return report(output, a, b, toA, toB);
        }
    }

    private TwinId document() throws IOException {
        final Optional<TwinId> a = DocumentTarget.peek(first);
        final Optional<TwinId> b = DocumentTarget.peek(second);
        if (a.isPresent() && b.isPresent() && !a.equals(b)) {
            throw new UsageError("A and B are different documents: a=" + a.get() + ", b=" + b.get());
        }
        return a.or(() -> b).orElseThrow(() -> new UsageError("neither A nor B holds an operation"));
    }

    private int report(Output output, DocumentTarget a, DocumentTarget b, SyncReport toA, SyncReport toB)
            throws IOException {
        final boolean equal = a.replica().heads().equals(b.replica().heads());
        final String digest = TwinDigest.of(a.replica().twin());
        final boolean agree = equal && digest.equals(TwinDigest.of(b.replica().twin()));
        output.table(new Table("to", "new", "refused", "requests", "bytes", "complete")
                .row("A", toA.accepted(), toA.refused(), toA.requests(), length(toA), toA.complete() ? "yes" : "no")
                .row("B", toB.accepted(), toB.refused(), toB.requests(), length(toB), toB.complete() ? "yes" : "no"));
        output.line("");
        final int equivocations = a.replica().openProofs().size();
        output.line(
                agree
                        ? "equal: " + Figures.counted(a.replica().size(), "operation") + ", digest " + digest
                        : "NOT equal: A has " + Figures.counted(a.replica().size(), "operation") + ", B has "
                                + Figures.whole(b.replica().size()));
        final long ahead = toA.outcomes().getOrDefault(OperationOutcome.FUTURE_CLOCK, 0L)
                + toB.outcomes().getOrDefault(OperationOutcome.FUTURE_CLOCK, 0L);
        if (ahead > 0) {
            output.line(Figures.counted(ahead, "operation") + " in the future: " + ActorOptions.AHEAD);
        }
        if (equivocations > 0) {
            output.line(Figures.counted(equivocations, "equivocation")
                    + " (millrace twin verify --proofs DIR writes the proofs)");
        }
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("twin", a.replica().twin().id().toString());
        json.put("equal", agree);
        json.put("signed", a.replica().size());
        json.put("revoked", a.replica().revokedCount());
        json.put("equivocations", equivocations);
        json.put("digest", digest);
        json.put("toA", json(toA));
        json.put("toB", json(toB));
        output.object(json);
        return agree ? ExitCode.OK : ExitCode.FAILED;
    }

    private static long length(SyncReport report) {
        return report.sentLength() + report.receivedLength();
    }

    private static Map<String, Object> json(SyncReport report) {
        final Map<String, Long> outcomes = new TreeMap<>();
        report.outcomes().forEach((OperationOutcome outcome, Long count) -> outcomes.put(outcome.name(), count));
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("new", report.accepted());
        json.put("refused", report.refused());
        json.put("outcomes", outcomes);
        json.put("requests", report.requests());
        json.put("sentBytes", report.sentLength());
        json.put("receivedBytes", report.receivedLength());
        json.put("complete", report.complete());
        return json;
    }
}

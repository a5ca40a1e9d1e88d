package io.millrace.cli.twin;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.Replica;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinDigest;
import io.millrace.crdt.type.Value;
import io.millrace.node.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twin show}: prints a document. */
@Command(
        name = "show",
        description = {
            "Prints a document. Takes no lock, so writers of the store go on.",
            "Believes the store; twin verify checks it."
        })
final class ShowCommand extends ProgramCommand {
    @Parameters(paramLabel = "STORE", description = "A store or a *.cbor file.")
    @PathOption(PathKind.PLACE)
    private Path store;

    @Option(
            names = "--actors",
            paramLabel = "FILE",
            description = "Take revocations in FILE into account; without it every operation has its effect.")
    @PathOption(PathKind.FILE)
    private Path actors;

    @Override
    protected int run(Output output) throws IOException {
        try (TwinRecords records = TwinRecords.open(store)) {
            if (records.log().size() == 0) {
                throw new UsageError(store + ": holds no operation");
            }
            final ActorRegistry registry = actors == null ? ActorRegistry.of(Map.of()) : ConfigFile.actors(actors);
            try (Replica replica = DocumentTarget.replica(
                    store, records.twin(), registry, new HybridClock(System::currentTimeMillis, 0), records.log())) {
                print(output, replica);
            }
        }
        return ExitCode.OK;
    }

    private static void print(Output output, Replica replica) throws IOException {
        final Twin twin = replica.twin();
        final String digest = TwinDigest.of(twin);
        final int equivocations = replica.openProofs().size();
        output.line("twin " + twin.id() + ", " + Figures.counted(replica.size(), "operation") + ", "
                + replica.withoutPayloadCount() + " of them compacted, "
                + replica.revokedCount() + " of them void, "
                + Figures.counted(replica.heads().size(), "head") + ", "
                + Figures.counted(equivocations, "equivocation"));
        output.line("digest " + digest);
        output.line("");
        output.table(table(twin));

        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("twin", twin.id().toString());
        json.put("signed", replica.size());
        json.put("compacted", replica.withoutPayloadCount());
        json.put("revoked", replica.revokedCount());
        json.put("equivocations", equivocations);
        json.put("heads", DocumentJson.names(replica.heads()));
        json.put("digest", digest);
        json.putAll(DocumentJson.content(twin));
        output.object(json);
    }

    private static Table table(Twin twin) {
        final Table table = new Table("kind", "name", "value");
        final Map<String, Value> properties = new TreeMap<>();
        twin.properties().forEach(properties::put);
        properties.forEach((key, value) -> table.row("property", key, DocumentJson.text(value)));
        twin.sets().forEach((name, set) -> table.row("set", name, String.join(", ", set.elements())));
        twin.counters()
                .forEach((name, counter) ->
                        table.row("counter", name, counter.value().toString()));
        twin.registers()
                .forEach((name, register) -> table.row(
                        "register",
                        name,
                        register.values().stream().map(DocumentJson::text).collect(Collectors.joining(" | "))));
        return table;
    }
}

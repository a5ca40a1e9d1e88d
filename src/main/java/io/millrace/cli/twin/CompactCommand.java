package io.millrace.cli.twin;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.Compaction;
import io.millrace.crdt.Replica;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationLog;
import io.millrace.node.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twin compact}: writes a document anew without overtaken operations. */
@Command(
        name = "compact",
        description = {
            "Writes a document to a new place without obsolete payloads.",
            "Obsolete are overwritten properties, overtaken counts and removed elements.",
            "Headers and signatures stay, so it is as verifiable as before, and converges with every other copy."
        })
final class CompactCommand extends ProgramCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = "A store or a *.cbor file.")
    @PathOption(PathKind.PLACE)
    private Path store;

    @Parameters(index = "1", paramLabel = "TARGET", description = "A store or a *.cbor file that is not there yet.")
    @PathOption(PathKind.STORE)
    private Path target;

    @Option(
            names = "--actors",
            paramLabel = "FILE",
            required = true,
            description = "The actors, with their revocations: void operations overtake nothing.")
    @PathOption(PathKind.FILE)
    private Path actors;

    @Override
    protected int run(Output output) throws IOException {
        if (Files.exists(target)) {
            throw new UsageError("exists already: " + target);
        }
        try (TwinRecords records = TwinRecords.open(store)) {
            if (records.log().size() == 0) {
                throw new UsageError(store + ": holds no operation");
            }
            final ActorRegistry registry = ConfigFile.actors(actors);
            try (Replica replica = DocumentTarget.replica(
                    store, records.twin(), registry, new HybridClock(System::currentTimeMillis, 0), records.log())) {
                Strangers.refuse(store, replica.lastOperations(), registry);
                report(output, write(replica));
            }
        }
        return ExitCode.OK;
    }

    private Compaction write(Replica replica) throws IOException {
        if (!OperationFile.isNamedSo(target)) {
            try (OperationLog log = TwinStore.open(target)) {
                return Compaction.into(log, replica);
            }
        }
        final MemoryLog log = new MemoryLog();
        final Compaction compaction = Compaction.into(log, replica);
        OperationFile.write(target, log);
        return compaction;
    }

    private static void report(Output output, Compaction compaction) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("signed", compaction.operations());
        json.put("compacted", compaction.dropped());
        json.put("bytesBefore", compaction.lengthBefore());
        json.put("bytesAfter", compaction.lengthAfter());
        output.line(Figures.counted(compaction.operations(), "operation") + ", " + compaction.dropped()
                + " of them without payload now, "
                + Figures.counted(compaction.lengthBefore(), "byte") + " before, "
                + Figures.whole(compaction.lengthAfter()) + " after");
        output.object(json);
    }
}

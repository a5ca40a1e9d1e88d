package io.millrace.cli.receipts;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.LogFolder;
import io.millrace.node.ReceiptKeys;
import io.millrace.node.keys.KeyFile;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.MemoryReceiptIndex;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptIndex;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code receipts append}: one receipt per request file, in one batch. */
@Command(
        name = "append",
        description = {
            "Appends a receipt for each REQUEST file, over its SHA-256, and signs.",
            "The log must not be a running relay's: only one process writes it."
        })
final class AppendCommand extends ProgramCommand {
    private static final int BUFFER_LENGTH = 1 << 16;

    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The log; made if missing.")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path log;

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "Key file of keygen.")
    @PathOption(PathKind.FILE)
    private Path key;

    @Option(
            names = "--origin",
            paramLabel = "NAME",
            description = "The log's name (default: millrace/ and the relay id of the key).")
    private String origin;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "batch",
            description = "batch: one signature; single: one per receipt (default: ${DEFAULT-VALUE}).")
    private SigningMode mode;

    @Option(
            names = "--operation",
            paramLabel = "N",
            defaultValue = "256",
            description = "Operation, 256 to 65535 (default: ${DEFAULT-VALUE}).")
    private int operation;

    @Option(
            names = "--twin",
            paramLabel = "HEX",
            description = "Object of the operation: 32 digits (default: the relay id).")
    private String twin;

    @Option(names = "--actor", paramLabel = "HEX", description = "Who did it: 32 digits (default: the relay id).")
    private String actor;

    @Option(names = "--result", paramLabel = "N", defaultValue = "0", description = "0 to 65535.")
    private int result;

    @Option(
            names = "--id",
            paramLabel = "HEX",
            description = "Operation id for one REQUEST, refused if the log has it: 32 digits (default: random).")
    private String id;

    @Parameters(arity = "1..*", paramLabel = "REQUEST", description = "Request.")
    @PathOption(PathKind.FILE)
    private List<Path> requests;

    @Override
    protected int run(Output output) throws IOException {
        if (operation < Operation.FIRST_OF_APPLICATIONS || operation > Receipt.MAX_CODE) {
            throw new UsageError("--operation must be " + Operation.FIRST_OF_APPLICATIONS + " to " + Receipt.MAX_CODE
                    + ": operation=" + operation);
        }
        if (id != null && requests.size() > 1) {
            throw new UsageError("--id names the operation of one REQUEST: requests=" + requests.size());
        }
        if (requests.size() > ReceiptBatch.MAX_CAPACITY) {
            throw new UsageError("at most " + ReceiptBatch.MAX_CAPACITY + " requests at once: " + requests.size());
        }
        try (KeyFile keys = KeyFile.read(key)) {
            final String relayId = keys.publicIdentity().relayId();
            try (LogKey logKey = ReceiptKeys.derive(keys, origin)) {
                return append(output, logKey, relayId);
            }
        }
    }

    private int append(Output output, LogKey logKey, String relayId) throws IOException {
        final LogFolder folder = new LogFolder(log);
        try {
            return append(output, folder, folder.published(logKey.verifierKey()), logKey, relayId);
        } catch (RefusedException e) {
            throw new UsageError(log + ": " + e.getMessage(), e);
        }
    }

    private int append(Output output, LogFolder folder, Optional<Checkpoint> published, LogKey logKey, String relayId)
            throws IOException, RefusedException {
        try (StoredReceipts store = folder.open(logKey, ReceiptRetention.all(LogFolder.DEFAULT_MAX_LENGTH));
                ReceiptIndex index = id == null ? new MemoryReceiptIndex() : LogIndex.openMap(folder);
                ReceiptLog receipts = id == null
                        ? ReceiptLog.open(store, logKey, mode, published)
                        : ReceiptLog.open(store, logKey, mode, published, index);
                Arena arena = Arena.ofConfined()) {
            requireNew(index);
            final long first = receipts.size();
            final ReceiptBatch batch = new ReceiptBatch(arena, requests.size());
            for (Path request : requests) {
                batch.add(receipt(relayId, request, logKey));
            }
            if (!receipts.append(batch)) {
                throw new UsageError("the log is full or its disk is: " + log);
            }
            final SignedNote checkpoint = receipts.checkpoint();
            store.commit();
            folder.publish(checkpoint);
            print(output, first, receipts.size(), checkpoint, logKey);
            return ExitCode.OK;
        }
    }

    private void requireNew(ReceiptIndex index) {
        if (id != null) {
            final ReceiptId operation = operationId();
            final long before = index.find(operation.high(), operation.low());
            if (before != ReceiptIndex.ABSENT) {
                throw new UsageError("the operation has a receipt already: --id=" + id + ", index=" + before);
            }
        }
    }

    private ReceiptId operationId() {
        try {
            return ReceiptId.ofHex(id);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--id must have 32 hexadecimal digits: id=" + id, e);
        }
    }

    private void print(Output output, long first, long size, SignedNote checkpoint, LogKey logKey) {
        output.line("receipts " + first + " to " + (size - 1) + ", signed and on the disk");
        output.line("");
        output.lines(checkpoint.toString().stripTrailing());
        final List<Long> indexes = new ArrayList<>();
        for (long index = first; index < size; index++) {
            indexes.add(index);
        }
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("indexes", indexes);
        json.put("size", size);
        json.put("mode", mode.name().toLowerCase(Locale.ROOT));
        json.put("key", logKey.verifierKey().toString());
        json.put("checkpoint", checkpoint.toString());
        output.object(json);
    }

    private Receipt receipt(String relayId, Path request, LogKey logKey) throws IOException {
        final Instant now = Instant.now();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment random = arena.allocate(ReceiptId.LENGTH);
            new SecureRandomness().fill(random);
            return new Receipt(
                    id == null
                            ? new ReceiptId(random.get(ValueLayout.JAVA_LONG, 0), random.get(ValueLayout.JAVA_LONG, 8))
                            : operationId(),
                    ReceiptId.ofHex(twin == null ? relayId : twin),
                    operation,
                    ReceiptId.ofHex(actor == null ? relayId : actor),
                    TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(),
                    Hash.of(sha256(request)),
                    result,
                    logKey.verifierKey().keyId());
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage(), e);
        }
    }

    /** Reads the file as a stream: a request may be larger than memory. */
    private static byte[] sha256(Path file) throws IOException {
        try {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = Files.newInputStream(file)) {
                final byte[] buffer = new byte[BUFFER_LENGTH];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    digest.update(buffer, 0, count);
                }
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}

package io.millrace.cli.twin;

import io.millrace.cli.console.UsageError;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.SecureRandomness;
import io.millrace.map.MapTwinState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A document that a command writes to: in a store, or in a file of operations that is written anew in the end. */
final class DocumentTarget implements AutoCloseable {
    /** Folder in a store with the document's state in maps. */
    private static final String STATE_FOLDER = "state";

    /** Records from which on a store keeps the state: opening the first map takes seconds, a replay of fewer does not. */
    private static final int STATE_RECORDS = 50_000;

    private final Path path;
    private final boolean isFile;
    private final OperationLog log;
    private final Optional<StoredTwinState> state;
    private final Replica replica;

    private DocumentTarget(
            Path path, boolean isFile, OperationLog log, Optional<StoredTwinState> state, Replica replica) {
        this.path = path;
        this.isFile = isFile;
        this.log = log;
        this.state = state;
        this.replica = replica;
    }

    /** Which document is there, if there is one. */
    static Optional<TwinId> peek(Path path) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        if (OperationFile.isNamedSo(path)) {
            final List<byte[]> operations = OperationFile.read(path);
            return operations.isEmpty() ? Optional.empty() : Optional.of(twinOf(path, operations.get(0)));
        }
        try (OperationLog log = TwinStore.read(path)) {
            return log.size() == 0 ? Optional.empty() : Optional.of(twinOf(path, log.read(0)));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // a folder in which a store can be made
        }
    }

    /** A document's name at random. */
    static TwinId newTwin() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment bytes = arena.allocate(TwinId.LENGTH);
            new SecureRandomness().fill(bytes);
            return TwinId.read(bytes, 0);
        }
    }

    /**
     * Opens an existing place, or makes a store; a file is made in the end. A file's content
     * is verified; a store is this program's own.
     *
     * @throws IOException if another process writes to the store, or it cannot be read.
     */
    static DocumentTarget open(Path path, TwinId twin, ActorRegistry actors, HybridClock clock) throws IOException {
        final boolean isFile = OperationFile.isNamedSo(path);
        final OperationLog log = isFile ? new MemoryLog() : TwinStore.open(path);
        Optional<StoredTwinState> state = Optional.empty();
        Replica replica = null;
        try {
            state = isFile ? Optional.empty() : state(path, twin, log);
            replica = replica(path, twin, actors, clock, log, state);
            Strangers.refuse(path, replica.lastOperations(), actors);
            if (isFile && Files.exists(path)) {
                load(path, replica);
            }
            return new DocumentTarget(path, isFile, log, state, replica);
        } catch (IOException | RuntimeException e) {
            if (replica != null) {
                replica.close();
            }
            state.ifPresent(StoredTwinState::close);
            log.close();
            throw e;
        }
    }

    /**
     * Opens the replica of a log.
     *
     * @param path of the log, for messages.
     * @throws IOException that names the path, if the log cannot be read or does not hold one document.
     */
    static Replica replica(Path path, TwinId twin, ActorRegistry actors, HybridClock clock, OperationLog log)
            throws IOException {
        return replica(path, twin, actors, clock, log, Optional.empty());
    }

    private static Replica replica(
            Path path,
            TwinId twin,
            ActorRegistry actors,
            HybridClock clock,
            OperationLog log,
            Optional<StoredTwinState> state)
            throws IOException {
        try {
            return Replica.open(twin, actors, clock, log, ReplicaLimits.DEFAULT, new SecureRandomness(), state);
        } catch (IOException e) {
            final String why = String.valueOf(e.getMessage());
            throw why.contains(path.toString()) ? e : new IOException(path + ": " + why, e);
        }
    }

    /** The state of a long document; empty for a short one, which is replayed. */
    private static Optional<StoredTwinState> state(Path path, TwinId twin, OperationLog log) throws IOException {
        final Path folder = path.resolve(STATE_FOLDER);
        return log.size() < STATE_RECORDS && !Files.exists(folder)
                ? Optional.empty()
                : Optional.of(MapTwinState.open(folder, twin, new SecureRandomness()));
    }

    Replica replica() {
        return replica;
    }

    /** Brings everything to the disk; earlier operations are durable when it returns. */
    void save() throws IOException {
        if (isFile) {
            OperationFile.write(path, log);
        } else {
            log.force();
        }
    }

    /** The document that an encoded operation belongs to. */
    static TwinId twinOf(Path path, byte[] operation) {
        try (OperationCodec codec = new OperationCodec()) {
            return codec.decode(operation)
                    .orElseThrow(() -> new UsageError(path + ": does not begin with an operation"))
                    .header()
                    .twin();
        }
    }

    private static void load(Path path, Replica replica) throws IOException {
        final List<byte[]> operations = OperationFile.read(path);
        try (OperationVerifier verifier = new OperationVerifier()) {
            final List<OperationOutcome> outcomes = replica.receiveAll(operations, verifier);
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) == OperationOutcome.UNKNOWN_ACTOR) {
                    throw unknownAuthor(path, operations.get(i));
                }
                if (!isFine(outcomes.get(i))) {
                    throw new UsageError(path + ": an operation is refused (millrace twin verify shows all): number="
                            + i + ", outcome=" + outcomes.get(i)
                            + (outcomes.get(i) == OperationOutcome.FUTURE_CLOCK ? ": " + ActorOptions.AHEAD : ""));
                }
            }
        }
    }

    private static UsageError unknownAuthor(Path path, byte[] encoded) {
        try (OperationCodec codec = new OperationCodec()) {
            final SignedOperation operation = codec.decode(encoded).orElseThrow();
            return new UsageError(
                    path + ": " + Strangers.advice(operation.header().actor(), operation.id()));
        }
    }

    private static boolean isFine(OperationOutcome outcome) {
        return outcome.isAccepted()
                || outcome == OperationOutcome.COMPLETED
                || outcome == OperationOutcome.DUPLICATE
                || outcome == OperationOutcome.REVOKED;
    }

    @Override
    public void close() throws IOException {
        replica.close();
        try {
            state.ifPresent(StoredTwinState::close);
        } finally {
            log.close();
        }
    }
}

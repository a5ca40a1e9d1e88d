package io.millrace.map;

import io.millrace.crdt.Draft;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Ed25519KeyPair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A replica with its log and its state in maps, in a folder; one author, always the same. */
final class StoredReplica implements AutoCloseable {
    static final TwinId TWIN = new TwinId(8, 9);

    final MapTwinState state;
    final Replica replica;
    private final OperationLog log;
    private final Ed25519KeyPair key;
    private final ActorId actor;

    private StoredReplica(Path folder, Map<ActorId, Revocation> revocations, UnaryOperator<OperationLog> wrapping)
            throws IOException {
        this.key = key();
        this.actor = ActorId.read(key.publicKey(), 0);
        this.log = wrapping.apply(TwinStore.open(folder.resolve("log")));
        this.state = MapTwinState.open(folder.resolve("state"), TWIN, segment -> segment.fill((byte) 3), 1_000);
        this.replica = replica(log, revocations, Optional.of(state));
    }

    static StoredReplica open(Path folder) throws IOException {
        return open(folder, Map.of());
    }

    static StoredReplica open(Path folder, Map<ActorId, Revocation> revocations) throws IOException {
        return new StoredReplica(folder, revocations, UnaryOperator.identity());
    }

    /** On a log that a test watches. */
    static StoredReplica open(Path folder, UnaryOperator<OperationLog> wrapping) throws IOException {
        return new StoredReplica(folder, Map.of(), wrapping);
    }

    /** A replica of a log, with a state or without. */
    static Replica over(OperationLog log, Optional<StoredTwinState> state) throws IOException {
        return replica(log, Map.of(), state);
    }

    /** The author. */
    static ActorId author() {
        try (Ed25519KeyPair key = key()) {
            return ActorId.read(key.publicKey(), 0);
        }
    }

    /** A replica of the same log with its state on the heap: the log replayed. */
    Replica replayed() throws IOException {
        return over(log, Optional.empty());
    }

    ActorId actor() {
        return actor;
    }

    void edit(Consumer<Draft> changes) throws IOException {
        final Draft draft = replica.draft(actor);
        changes.accept(draft);
        replica.issue(key, draft);
    }

    @Override
    public void close() throws IOException {
        replica.close();
        key.close();
        state.close();
        log.close();
    }

    private static Replica replica(
            OperationLog log, Map<ActorId, Revocation> revocations, Optional<StoredTwinState> state)
            throws IOException {
        try (Ed25519KeyPair key = key()) {
            return Replica.open(
                    TWIN,
                    ActorRegistry.of(Map.of(ActorId.read(key.publicKey(), 0), "author"), revocations),
                    new HybridClock(System::currentTimeMillis, 60_000),
                    log,
                    ReplicaLimits.DEFAULT,
                    segment -> segment.fill((byte) 5),
                    state);
        }
    }

    private static Ed25519KeyPair key() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment seed = arena.allocate(32);
            seed.fill((byte) 1);
            return Ed25519KeyPair.fromSeed(seed);
        }
    }
}

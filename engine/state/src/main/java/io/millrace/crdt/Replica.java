package io.millrace.crdt;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.PayloadCodec;
import io.millrace.crdt.op.SignatureCheck;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinState;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One copy of a document with its operations: takes signed operations from anybody, in any order, and applies exactly those
 * that are valid; signs new ones.
 *
 * <p>The effect of an operation on the document depends only on the operation, and whether it is accepted only on
 * the operation, its predecessors, the registry and, for a while, the clock. So replicas with the same registry that have
 * been told the same operations hold the same document, whatever else they were told. Both operations of an author who
 * equivocates are applied, because no replica can know which one another has seen; the proof is kept instead.
 *
 * <p>Not thread safe. Signatures of many operations can be checked on other threads ({@link #receiveAll}).
 *
 * <p>Source: Kleppmann, "Making CRDTs Byzantine Fault Tolerant", 2022. {@code src/docs/specs/crdt.md} says where this differs.
 *
 * <p>In one file because every call keeps log, graph and document in step.
 */
public final class Replica implements AutoCloseable {
    private final ActorRegistry registry;
    private final HybridClock clock;
    private final ReplicaLimits limits;
    private final OperationCodec codec = new OperationCodec();
    private final PayloadCodec payloads = new PayloadCodec();
    private final AcceptedOperations accepted;
    private final OperationGraph graph;
    private final OperationAuthor author;
    private final PendingOperations pending;
    private final HeldOperations held;
    private final OwnChain own;
    private final OperationVerifier verifier = new OperationVerifier();
    private final long[] counts = new long[OperationOutcome.values().length];

    private Replica(
            TwinId twin,
            ActorRegistry registry,
            HybridClock clock,
            OperationLog log,
            ReplicaLimits limits,
            Randomness randomness,
            Optional<StoredTwinState> stored) {
        this.registry = registry;
        this.clock = clock;
        this.limits = limits;
        this.accepted = new AcceptedOperations(twin, registry, log, clock, codec, payloads, randomness, stored);
        this.graph = accepted.graph();
        this.author = new OperationAuthor(twin, codec);
        this.pending = new PendingOperations(limits);
        this.held = new HeldOperations(limits.heldOperations());
        this.own = new OwnChain(accepted, pending);
    }

    /**
     * Opens a replica on what {@code log} holds. Names, payload hashes and links are computed again; signatures were
     * checked when the operations were accepted and are checked again by {@link LogAudit}.
     *
     * @param twin the document; every operation in the log belongs to it.
     * @param registry of the actors.
     * @param clock of this replica.
     * @param log stays the caller's, who closes it after the replica.
     * @param limits of waiting operations.
     * @param randomness for secrets of the memory layout.
     * @throws IOException if the log cannot be read or is not one that a replica wrote.
     */
    public static Replica open(
            TwinId twin,
            ActorRegistry registry,
            HybridClock clock,
            OperationLog log,
            ReplicaLimits limits,
            Randomness randomness)
            throws IOException {
        return open(twin, registry, clock, log, limits, randomness, Optional.empty());
    }

    /**
     * As above, with a state that outlives the process. Where it contains the whole log, and the revocations are the same,
     * nothing is replayed: the state can be read and operations can be signed at once, and the graph is filled from the log
     * at the first call that needs it. Signing needs it if the state does not have the graph's end, which {@link #close}
     * leaves there, or if the signer's mark does not name the signer's last operation. Operations that the log has beyond
     * the state are replayed onto it; a state of another log is built anew.
     *
     * @param twin the document; every operation in the log belongs to it.
     * @param registry of the actors.
     * @param clock of this replica.
     * @param log stays the caller's, who closes it after the replica.
     * @param limits of waiting operations.
     * @param randomness for secrets of the memory layout.
     * @param state of this document; stays the caller's, who closes it after the replica. Empty: the state is on the heap.
     * @throws IOException if the log cannot be read or is not one that a replica wrote. Where nothing is replayed, calls that
     *     need the graph find that out and throw, those that declare no {@link IOException} in an
     *     {@link UncheckedIOException}.
     */
    public static Replica open(
            TwinId twin,
            ActorRegistry registry,
            HybridClock clock,
            OperationLog log,
            ReplicaLimits limits,
            Randomness randomness,
            Optional<StoredTwinState> state)
            throws IOException {
        if (state.isPresent() && !state.get().id().equals(twin)) {
            throw new IllegalArgumentException(
                    "the state is of another document: twin=" + state.get().id());
        }
        final Replica replica = new Replica(twin, registry, clock, log, limits, randomness, state);
        try {
            replica.accepted.open();
        } catch (IOException | RuntimeException e) {
            replica.close();
            throw e;
        }
        return replica;
    }

    /** State of the document, to be read: what {@link #twin} says, without a copy. */
    public TwinState state() {
        return accepted.state();
    }

    /** The document on the heap, a copy if its state is stored elsewhere; readers must not change it. */
    public Twin twin() {
        return accepted.state().toTwin();
    }

    /** Who may sign. */
    public ActorRegistry registry() {
        return registry;
    }

    /** Number of operations in the graph. */
    public int size() {
        return endUnchecked().operations();
    }

    /** Number of operations that wait for others. */
    public int pendingCount() {
        return pending.size();
    }

    /** Number of operations that came without their payload. */
    public int withoutPayloadCount() {
        try {
            return accepted.withoutPayloadCount();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How often a call since the replica was opened had that outcome, those of released operations included.
     *
     * @param outcome one of them.
     */
    public long count(OperationOutcome outcome) {
        return counts[outcome.code()];
    }

    /** Number of operations in the graph that have no effect, because their authors are revoked. */
    public int revokedCount() {
        loadUnchecked();
        return accepted.standing().voidCount();
    }

    /**
     * Names of the valid operations that no valid one follows, ordered. Replicas with equal heads and equal registries have
     * the same valid operations.
     */
    public List<OperationId> heads() {
        return endUnchecked().heads().stream().sorted().toList();
    }

    /**
     * Whether the operation is in the graph.
     *
     * @param id of an operation.
     */
    public boolean contains(OperationId id) {
        loadUnchecked();
        return graph.find(id) != OperationGraph.ABSENT;
    }

    /**
     * Takes one operation from anybody.
     *
     * @param encoded bytes of one operation.
     * @throws IOException if the log cannot be written; the operation has not been accepted then.
     */
    public OperationOutcome receive(byte[] encoded) throws IOException {
        accepted.load();
        final Optional<SignedOperation> decoded = codec.decode(encoded);
        if (decoded.isEmpty()) {
            return count1(OperationOutcome.MALFORMED);
        }
        final Optional<OperationOutcome> early = beforeSignature(decoded.get());
        if (early.isPresent()) {
            return count1(early.get());
        }
        return admit(decoded.get(), encoded, verifier.verify(decoded.get()));
    }

    /**
     * Takes many operations: refuses those that fail without a look at signatures; the rest goes to {@code check} as a
     * whole, and each is then admitted in the order given.
     *
     * @param encoded bytes of one operation each.
     * @param check verifies signatures.
     * @return the outcome of each, in the same order.
     * @throws IOException if the log cannot be written; operations before that have been accepted.
     */
    public List<OperationOutcome> receiveAll(List<byte[]> encoded, SignatureCheck check) throws IOException {
        accepted.load();
        final List<OperationOutcome> outcomes = new ArrayList<>(encoded.size());
        final List<SignedOperation> unchecked = new ArrayList<>();
        for (final byte[] each : encoded) {
            final Optional<SignedOperation> decoded = codec.decode(each);
            if (decoded.isEmpty()) {
                outcomes.add(count1(OperationOutcome.MALFORMED));
                continue;
            }
            final Optional<OperationOutcome> early = beforeSignature(decoded.get());
            outcomes.add(early.map(this::count1).orElse(null));
            if (early.isEmpty()) {
                unchecked.add(decoded.get());
            }
        }
        final boolean[] valid = check.verifyAll(unchecked);
        int next = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) == null) {
                outcomes.set(i, admit(unchecked.get(next), encoded.get(i), valid[next]));
                next++;
            }
        }
        return outcomes;
    }

    /**
     * Starts changes that {@code actor} is going to sign.
     *
     * @param actor author of the changes.
     */
    public Draft draft(ActorId actor) {
        return new Draft(state(), actor);
    }

    /**
     * Signs the changes of a draft as one operation after everything that this replica has seen, and applies it.
     *
     * @param key of the draft's actor; stays the caller's.
     * @param draft of this replica.
     * @return the operation; durable after the log's next force.
     * @throws IllegalArgumentException if the key is not the draft's actor's, the actor is not in the registry or is
     *     revoked, or the draft is empty or too large.
     * @throws IllegalStateException if operations or payloads of the actor are missing here, or the replica is full.
     * @throws IOException if the log cannot be written; nothing has happened then.
     */
    public SignedOperation issue(Ed25519KeyPair key, Draft draft) throws IOException {
        final ActorId actor = ActorId.read(key.publicKey(), 0);
        if (!actor.equals(draft.actor()) || !registry.contains(actor)) {
            throw new IllegalArgumentException("not the key of an actor of this document: actor=" + actor);
        }
        if (!registry.maySign(actor)) {
            throw new IllegalArgumentException("the actor is revoked: actor=" + actor);
        }
        own.requireWhole(actor);
        final GraphEnd end = accepted.end();
        final byte[] payload = payloads.encode(draft.operations());
        if (end.operations() >= limits.operations()) {
            count1(OperationOutcome.FULL);
            throw new IllegalStateException("the replica is full: operations=" + end.operations());
        }
        final long time = clock.tick();
        final SignedOperation operation = author.sign(key, actor, time, payload, end);
        if (accepted.isLoaded()) {
            admit(operation, codec.encode(operation), true);
        } else {
            accepted.addAtTheEnd(operation, codec.encode(operation));
            count1(OperationOutcome.ACCEPTED);
        }
        return operation;
    }

    /**
     * From now on {@link #issue} refuses to sign for the mark's actor until this replica has the operations that the mark
     * names. An application keeps the mark durably and gives it to every replica before it signs there.
     *
     * @param mark of this document; replaces an earlier one of the same actor.
     */
    public void remember(AuthorMark mark) {
        own.remember(mark);
    }

    /**
     * An actor's operations in this replica; to be kept durably before a new operation leaves the machine.
     *
     * @param actor any actor.
     * @return empty if the graph has no operation of the actor.
     */
    public Optional<AuthorMark> mark(ActorId actor) {
        try {
            return own.mark(actor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads an operation of the graph back from the log.
     *
     * @param id of an operation.
     */
    public Optional<SignedOperation> operation(OperationId id) throws IOException {
        accepted.load();
        final int position = graph.find(id);
        return position == OperationGraph.ABSENT ? Optional.empty() : codec.decode(accepted.encoded(position));
    }

    /** Proofs of all equivocations in the graph: two operations for each sequence number that was used more than once. */
    public List<EquivocationProof> proofs() throws IOException {
        accepted.load();
        return accepted.proofs();
    }

    /**
     * Proofs of the equivocations that no revocation settles.
     *
     * @throws IOException if the log cannot be read.
     */
    public List<EquivocationProof> openProofs() throws IOException {
        accepted.load();
        return accepted.openProofs();
    }

    /**
     * The last operation of each actor whose operations are in the graph, known to the registry or not: of several branches
     * the longest.
     */
    public Map<ActorId, OperationId> lastOperations() {
        final Map<ActorId, OperationId> last = new LinkedHashMap<>();
        endUnchecked().tips().forEach(tip -> last.put(tip.actor(), tip.operation()));
        return last;
    }

    /** The graph of operations, for anti-entropy. */
    public GraphView graph() {
        loadUnchecked();
        return new GraphView(accepted, held);
    }

    /** Content of the graph, for compaction. */
    AcceptedOperations accepted() {
        loadUnchecked();
        return accepted;
    }

    OperationCodec codec() {
        return codec;
    }

    private Optional<OperationOutcome> beforeSignature(SignedOperation operation) throws IOException {
        final OperationHeader header = operation.header();
        if (!header.twin().equals(state().id())) {
            return Optional.of(OperationOutcome.WRONG_TWIN);
        }
        if (!registry.contains(header.actor())) {
            return Optional.of(OperationOutcome.UNKNOWN_ACTOR);
        }
        if (!codec.payloadMatches(operation)) {
            return Optional.of(OperationOutcome.BAD_PAYLOAD);
        }
        final int known = graph.find(operation.id());
        if (known != OperationGraph.ABSENT) {
            return Optional.of(
                    operation.isWhole() && accepted.withoutPayload().contains(known)
                            ? accepted.complete(known, operation)
                            : OperationOutcome.DUPLICATE);
        }
        if (pending.contains(operation.id()) || isHeldInVain(operation.id())) {
            return Optional.of(OperationOutcome.DUPLICATE);
        }
        return clock.isAhead(header.time()) ? Optional.of(OperationOutcome.FUTURE_CLOCK) : Optional.empty();
    }

    private boolean isHeldInVain(OperationId id) {
        return held.contains(id) && !pending.isWaitedFor(id);
    }

    private OperationOutcome admit(SignedOperation operation, byte[] encoded, boolean signed) throws IOException {
        if (!signed) {
            return count1(OperationOutcome.BAD_SIGNATURE);
        }
        final OperationOutcome outcome = count1(link(operation, encoded));
        if (outcome.isAccepted()) {
            release(operation.id());
        }
        return outcome;
    }

    private OperationOutcome link(SignedOperation operation, byte[] encoded) throws IOException {
        final OperationHeader header = operation.header();
        if (graph.find(operation.id()) != OperationGraph.ABSENT || pending.contains(operation.id())) {
            return OperationOutcome.DUPLICATE;
        }
        if (accepted.standing().isVoidForGood(operation) && !pending.isWaitedFor(operation.id())) {
            if (!held.contains(operation.id())) {
                held.add(operation);
            }
            return OperationOutcome.REVOKED;
        }
        final Optional<OperationId> missing = missing(header);
        if (missing.isPresent()) {
            return pending.add(operation, encoded, missing.get())
                    ? OperationOutcome.GAP
                    : OperationOutcome.GAP_OVERFLOW;
        }
        return accept(operation, encoded);
    }

    private OperationOutcome accept(SignedOperation operation, byte[] encoded) throws IOException {
        if (!graph.agrees(operation.header())) {
            return OperationOutcome.BAD_LINK;
        }
        if (graph.size() >= limits.operations()) {
            return OperationOutcome.FULL;
        }
        return accepted.add(operation, encoded);
    }

    /** The first operation that {@code header} leads to and that is neither in the graph nor held: held ones enter it. */
    private Optional<OperationId> missing(OperationHeader header) throws IOException {
        final ArrayDeque<SignedOperation> wanted = new ArrayDeque<>();
        Optional<OperationId> missing = graph.missing(header);
        while (missing.isPresent()) {
            final Optional<SignedOperation> found = held.find(missing.get());
            if (found.isEmpty()) {
                return missing;
            }
            wanted.push(found.get());
            missing = graph.missing(found.get().header());
            while (missing.isEmpty() && !wanted.isEmpty()) {
                final SignedOperation complete = wanted.pop();
                held.remove(complete.id());
                if (!count1(accept(complete, codec.encode(complete))).isAccepted()) {
                    return Optional.of(complete.id());
                }
                missing =
                        graph.missing(wanted.isEmpty() ? header : wanted.peek().header());
            }
        }
        return missing;
    }

    /** Takes in, one after another, what waited for an operation, and what waited for that. */
    private void release(OperationId accepted) throws IOException {
        final ArrayDeque<OperationId> arrived = new ArrayDeque<>();
        arrived.add(accepted);
        while (!arrived.isEmpty()) {
            for (final PendingOperations.Waiting each : pending.take(arrived.remove())) {
                if (count1(link(each.operation(), each.encoded())).isAccepted()) {
                    arrived.add(each.operation().id());
                }
            }
        }
    }

    private GraphEnd endUnchecked() {
        try {
            return accepted.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void loadUnchecked() {
        try {
            accepted.load();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OperationOutcome count1(OperationOutcome outcome) {
        counts[outcome.code()]++;
        return outcome;
    }

    /** Frees scratch memory, and leaves the graph's end with a stored state; the log and the state stay open. */
    @Override
    public void close() {
        accepted.leave();
        codec.close();
        verifier.close();
    }
}

package io.millrace.crdt;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.PayloadCodec;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.Frontier;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.TwinState;
import io.millrace.crypto.Randomness;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.agrona.collections.IntArrayList;

/**
 * The operations that a replica has accepted, with the document's state: log, graph and state move together here.
 * Whether an operation may come in is the replica's question.
 *
 * <p>The graph is filled when it is needed. A stored state can bring the graph's end ({@link Frontier}): reading the state
 * and signing need no more.
 *
 * <p>Not thread safe.
 */
final class AcceptedOperations {
    private final OperationLog log;
    private final HybridClock clock;
    private final OperationCodec codec;
    private final PayloadCodec payloads;
    private final TwinState state;
    private final StoredTwinState stored; // null: the state is on the heap
    private final LogCoverage coverage;
    private final OperationGraph graph;
    private final Standing standing;
    private final IntArrayList records = new IntArrayList();
    private final SortedSet<Integer> withoutPayload = new TreeSet<>();
    private int covered; // records of the log that the stored state contains
    private boolean skipping; // replays a record that the state contains
    private GraphEnd end; // null: not known yet
    private Frontier left; // null: the end that the state keeps is not this one
    private boolean loaded;
    private IOException loadFailure;

    AcceptedOperations(
            TwinId twin,
            ActorRegistry registry,
            OperationLog log,
            HybridClock clock,
            OperationCodec codec,
            PayloadCodec payloads,
            Randomness randomness,
            Optional<StoredTwinState> stored) {
        this.log = log;
        this.clock = clock;
        this.codec = codec;
        this.payloads = payloads;
        this.stored = stored.orElse(null);
        this.state = stored.isPresent() ? stored.get() : new Twin(twin);
        this.coverage = stored.isPresent() ? new LogCoverage(twin, registry) : null;
        this.graph = new OperationGraph(randomness);
        this.standing = new Standing(registry);
    }

    /**
     * Takes in the log, in which each operation comes after its predecessors. A stored state that contains the whole log is
     * enough: then the graph waits until it is needed.
     */
    void open() throws IOException {
        if (stored != null) {
            final Optional<StoredTwinState.Coverage> found = stored.coverage();
            if (found.isPresent() && coverage.isOf(found.get(), log)) {
                covered = found.get().records();
            } else {
                stored.clear();
            }
            if (covered == log.size() && covered > 0) {
                return;
            }
        }
        load();
    }

    /**
     * Fills the graph from the log, if that has not been done, and the state from where it ends.
     *
     * @throws IOException if the log cannot be read or is not one that a replica wrote; so again at each further call.
     */
    void load() throws IOException {
        if (loaded) {
            return;
        }
        if (loadFailure != null) {
            throw loadFailure;
        }
        end = new GraphEnd();
        try {
            for (int i = 0; i < log.size(); i++) {
                replay(i);
            }
            loaded = true;
        } catch (IOException e) {
            loadFailure = e;
            throw e;
        } finally {
            if (!loaded) {
                end = null;
            }
        }
    }

    /** Whether the graph is filled. */
    boolean isLoaded() {
        return loaded;
    }

    /**
     * The end of the graph: as the state kept it, else of the graph, which is filled first.
     *
     * @throws IOException if the log cannot be read.
     */
    GraphEnd end() throws IOException {
        if (end == null && stored != null && loadFailure == null && covered == log.size()) {
            left = stored.frontier().orElse(null);
            if (left != null) {
                end = new GraphEnd(left);
                clock.observe(left.latestReading());
            }
        }
        if (end == null) {
            load();
        }
        return end;
    }

    /**
     * Number of valid operations whose payload is not here.
     *
     * @throws IOException if the log cannot be read.
     */
    int withoutPayloadCount() throws IOException {
        end();
        return loaded ? withoutPayload.size() : left.withoutPayload();
    }

    /** Leaves the end of the graph with the state, if it is known, and new there, and the state contains the whole log. */
    void leave() {
        if (stored != null
                && end != null
                && covered == log.size()
                && covered > 0
                && stored.frontier().isEmpty()) {
            final int missing = loaded ? withoutPayload.size() : left.withoutPayload();
            end.frontier(stored.coverage().orElseThrow(), missing, clock.latest())
                    .ifPresent(stored::leave);
        }
    }

    /** The document's state; complete at any time. */
    TwinState state() {
        return state;
    }

    OperationGraph graph() {
        return graph;
    }

    /** Which operations have an effect. */
    Standing standing() {
        return standing;
    }

    /** Positions of valid operations whose payload is not here, ordered. */
    SortedSet<Integer> withoutPayload() {
        return withoutPayload;
    }

    /** The encoding of the operation at a position. */
    byte[] encoded(int position) throws IOException {
        return log.read(records.getInt(position));
    }

    /** The operation at a position. */
    SignedOperation read(int position) throws IOException {
        return codec.decode(encoded(position))
                .orElseThrow(() -> new IOException("the log has changed: position=" + position));
    }

    /** Parsed payload of an operation; empty if it is absent or invalid. */
    List<TwinOperation> operations(SignedOperation operation) {
        return operation.payload().map(payloads::decode).orElse(List.of());
    }

    /** Proofs of all equivocations in the graph: two operations for each sequence number that was used more than once. */
    List<EquivocationProof> proofs() throws IOException {
        final List<EquivocationProof> proofs = new ArrayList<>();
        for (final ActorChain chain : graph.chains()) {
            for (final int sequence : chain.contradictions()) {
                final List<Integer> same = chain.allAt(sequence);
                final SignedOperation first = read(same.get(0));
                final SignedOperation second = read(same.get(1));
                proofs.add(new EquivocationProof(first, second));
            }
        }
        return proofs;
    }

    /**
     * Proofs of the equivocations that no revocation settles: both operations have an effect.
     *
     * @throws IOException if the log cannot be read.
     */
    List<EquivocationProof> openProofs() throws IOException {
        final List<EquivocationProof> open = new ArrayList<>();
        for (final ActorChain chain : graph.chains()) {
            for (final int sequence : chain.contradictions()) {
                final List<Integer> valid = chain.allAt(sequence).stream()
                        .filter(position -> !standing.isVoid(position))
                        .toList();
                if (valid.size() > 1) {
                    open.add(new EquivocationProof(read(valid.get(0)), read(valid.get(1))));
                }
            }
        }
        return open;
    }

    /** Adds an operation of which nothing is missing, after it was written down. */
    OperationOutcome add(SignedOperation operation, byte[] encoded) throws IOException {
        final OperationOutcome outcome = accept(operation, append(encoded));
        cover(encoded);
        return outcome;
    }

    /** Adds an operation that was signed after the end of the graph, while the graph is not filled. */
    void addAtTheEnd(SignedOperation operation, byte[] encoded) throws IOException {
        final OperationHeader header = operation.header();
        append(encoded);
        final long time = end.effectiveTime(header);
        end.add(operation.id(), header, time, true);
        state.apply(operation.id(), header.actor(), time, operations(operation));
        cover(encoded);
    }

    /** The signature that came with the payload was not checked and may be anything: the one that was is kept. */
    OperationOutcome complete(int position, SignedOperation operation) throws IOException {
        final SignedOperation whole =
                read(position).withPayload(operation.payload().orElseThrow());
        final byte[] encoded = codec.encode(whole);
        records.setInt(position, append(encoded));
        withoutPayload.remove(position);
        apply(whole);
        cover(encoded);
        return OperationOutcome.COMPLETED;
    }

    private OperationOutcome accept(SignedOperation operation, int record) throws IOException {
        final OperationHeader header = operation.header();
        final boolean valid = standing.isValidByItself(operation);
        final boolean contradicts = graph.add(operation.id(), header);
        final int position = graph.size() - 1;
        end.add(operation.id(), header, graph.time(position), valid);
        records.addInt(record);
        clock.observe(header.time());
        if (!valid) {
            standing.addVoid(position);
            return OperationOutcome.ACCEPTED_REVOKED;
        }
        final boolean means = takeEffect(position, operation);
        wake(header);
        if (standing.decide(header.actor())) {
            validateBefore(position);
        } else if (contradicts) {
            return OperationOutcome.EQUIVOCATION;
        }
        if (!operation.isWhole()) {
            return OperationOutcome.ACCEPTED_WITHOUT_PAYLOAD;
        }
        return means ? OperationOutcome.ACCEPTED : OperationOutcome.ACCEPTED_WITHOUT_EFFECT;
    }

    /** False if the payload says nothing, or is not here. */
    private boolean takeEffect(int position, SignedOperation operation) {
        if (!operation.isWhole()) {
            withoutPayload.add(position);
            return false;
        }
        return apply(operation);
    }

    /** Operations that a valid one leads to belong to the document's graph from now on, regardless of their signer. */
    private void wake(OperationHeader valid) throws IOException {
        final ArrayDeque<OperationHeader> woken = new ArrayDeque<>();
        woken.add(valid);
        while (!woken.isEmpty()) {
            final OperationHeader header = woken.remove();
            end.removeHeads(header);
            for (final int named : graph.named(header)) {
                if (standing.wake(named)) {
                    woken.add(read(named).header());
                }
            }
        }
    }

    /** The operations that lead to the point of a revocation take effect. */
    private void validateBefore(int point) throws IOException {
        for (int position = graph.backlink(point);
                position != OperationGraph.ABSENT && standing.isVoid(position);
                position = graph.backlink(position)) {
            standing.makeValid(position);
            takeEffect(position, read(position));
        }
    }

    /** False if the payload says nothing. */
    private boolean apply(SignedOperation operation) {
        final List<TwinOperation> operations = operations(operation);
        final OperationHeader header = operation.header();
        if (!skipping) {
            final long time = graph.time(graph.find(operation.id()));
            state.apply(operation.id(), header.actor(), time, operations);
        }
        return !operations.isEmpty();
    }

    private int append(byte[] encoded) throws IOException {
        log.append(encoded);
        return log.size() - 1;
    }

    /** Checkpoint: the state contains the whole log, of which this is the last record. */
    private void cover(byte[] last) {
        if (stored != null) {
            stored.cover(coverage.of(log.size(), last));
            covered = log.size();
        }
    }

    private void replay(int record) throws IOException {
        skipping = record < covered;
        final byte[] encoded = log.read(record);
        replay(record, encoded);
        if (stored != null && !skipping) {
            stored.cover(coverage.of(record + 1, encoded));
            covered = record + 1;
        }
        skipping = false;
    }

    private void replay(int record, byte[] encoded) throws IOException {
        final SignedOperation operation = codec.decode(encoded)
                .filter(codec::payloadMatches)
                .filter(each -> each.header().twin().equals(state.id()))
                .orElseThrow(() -> new IOException("not an operation of this document: record=" + record));
        final int known = graph.find(operation.id());
        if (known == OperationGraph.ABSENT) {
            final OperationHeader header = operation.header();
            if (graph.missing(header).isPresent() || !graph.agrees(header)) {
                throw new IOException("an operation in the log does not follow from those before: record=" + record);
            }
            accept(operation, record);
        } else if (operation.isWhole()) {
            records.setInt(known, record);
            if (withoutPayload.remove(known)) {
                apply(operation);
            }
        }
    }
}

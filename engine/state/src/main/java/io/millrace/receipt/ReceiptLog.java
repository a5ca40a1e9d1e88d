package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.memory.TrackedArena;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Appends receipts to a log and signs: one hash per leaf, one per node, one signature per batch or per receipt.
 *
 * <p>Opening reads and hashes the whole log; whatever does not fit is refused. Appending allocates nothing, but for one
 * coverage a batch where there is an index. It belongs to one thread; the store's other side is for any.
 */
public final class ReceiptLog implements AutoCloseable {
    private static final int NODE_LENGTH = 2 * Hash.LENGTH;

    private final TrackedArena arena = TrackedArena.shared();
    private final ReceiptStore store;
    private final SigningMode mode;
    private final LogKey key;
    private final ShortSha256 sha256 = ShortSha256.fastest(arena);
    private final ReceiptIndex index; // null: none
    private final MerkleFrontier frontier = new MerkleFrontier(arena, sha256, ReceiptBatch.MAX_CAPACITY);
    private final MemorySegment root = arena.allocate(Hash.LENGTH, 64);
    private final MemorySegment record = arena.allocate(BatchRecord.MAX_LENGTH, 64);
    private final MemorySegment leaves = arena.allocate((long) ReceiptBatch.MAX_CAPACITY * Hash.LENGTH, 64);
    private final MemorySegment priorAndLeaf = arena.allocate(2L * Hash.LENGTH, 64); // the prior of the next receipt
    private final CheckpointWriter checkpoints;
    private final ReceiptSignature signatures;
    private final long abandoned;
    private byte[] signature; // under the checkpoint of now, if a caller asked for it
    private boolean signed;
    private long segmentFirst;
    private boolean broken;

    private ReceiptLog(
            ReceiptStore store, LogKey key, SigningMode mode, Optional<Checkpoint> published, ReceiptIndex index)
            throws IOException, RefusedException {
        this.store = store;
        this.index = index;
        this.key = key;
        this.mode = mode;
        this.checkpoints = new CheckpointWriter(arena, key);
        this.signatures = new ReceiptSignature(arena, key);
        boolean opened = false;
        try {
            final LogFollower follower = new LogFollower(arena, sha256);
            published.ifPresent(follower::watch);
            store.forEach(follower);
            refuseIfWrong(follower, published);
            abandoned = follower.abandoned();
            segmentFirst = follower.segmentFirst();
            frontier.copyFrom(follower.frontier());
            follower.root().copyTo(root, 0);
            if (follower.signed().isPresent()) {
                final LogFollower.Signed last = follower.signed().get();
                signed = last.size() == follower.size();
                signature = last.signature();
            }
            if (index != null) {
                IndexCatchUp.run(index, store);
            }
            opened = true;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    private void refuseIfWrong(LogFollower follower, Optional<Checkpoint> published) throws RefusedException {
        if (follower.fault().isPresent()) {
            throw new RefusedException("the log is damaged: " + follower.fault().get());
        }
        if (published.isPresent() && !follower.met()) {
            throw new RefusedException("the log does not contain the checkpoint that it published: published="
                    + published.get().size() + " receipts, found=" + follower.size()
                    + "; it was lost, cut short or replaced. Restore it from a copy, or begin a log under another name"
                    + " in another folder");
        }
        if (follower.signed().isPresent()) {
            final LogFollower.Signed last = follower.signed().get();
            final SignedNote note = LogKey.note(
                    new Checkpoint(key.origin(), last.size(), last.root()), last.signature(), key.verifierKey());
            if (note.check(key.verifierKey()) != SignedNote.Check.VALID) {
                throw new RefusedException("the log was signed with another key than " + key.verifierKey());
            }
        }
    }

    /**
     * Opens a log, or begins one in an empty store.
     *
     * @param store stays its owner's, who closes it after the log.
     * @param key stays its owner's, who closes it after the log.
     * @param mode of the signatures from now on.
     * @throws RefusedException if the log was changed or belongs to another key.
     */
    public static ReceiptLog open(ReceiptStore store, LogKey key, SigningMode mode)
            throws IOException, RefusedException {
        return open(store, key, mode, Optional.empty());
    }

    /**
     * Opens a log that has published a checkpoint.
     *
     * @param store stays its owner's, who closes it after the log.
     * @param key stays its owner's, who closes it after the log.
     * @param mode of the signatures from now on.
     * @param published newest checkpoint that others may have, verified; empty if there is none.
     * @throws RefusedException if the log was changed, belongs to another key, or does not contain the checkpoint: going on
     *     would fork it.
     */
    public static ReceiptLog open(ReceiptStore store, LogKey key, SigningMode mode, Optional<Checkpoint> published)
            throws IOException, RefusedException {
        return new ReceiptLog(store, key, mode, published, null);
    }

    /**
     * Opens a log with an index, brings the index up to date and keeps it so.
     *
     * @param store stays its owner's, who closes it after the log.
     * @param key stays its owner's, who closes it after the log.
     * @param mode of the signatures from now on.
     * @param published newest checkpoint that others may have, verified; empty if there is none.
     * @param index of the log by operation id; stays its owner's, who closes it after the log.
     * @return the log.
     * @throws IOException if the store cannot be read.
     * @throws RefusedException if the log was changed, belongs to another key, or does not contain the checkpoint.
     */
    public static ReceiptLog open(
            ReceiptStore store, LogKey key, SigningMode mode, Optional<Checkpoint> published, ReceiptIndex index)
            throws IOException, RefusedException {
        return new ReceiptLog(store, key, mode, published, Objects.requireNonNull(index, "index"));
    }

    /** Receipts in it. */
    public long size() {
        return frontier.size();
    }

    /** Receipts of a batch that a killed process had begun and never acknowledged; they are not in the log. */
    public long abandoned() {
        return abandoned;
    }

    /** Whether it still takes receipts: false once the store was full. */
    public boolean isOpen() {
        return !broken;
    }

    /**
     * Appends all of {@code batch}, which stays as it is. It survives the end of this process when this returns, and a
     * loss of power once the store is durable up to its position.
     *
     * @param batch filled; stays the caller's.
     * @return false if the store is full: then nothing of the batch is in the log, and nothing more is taken.
     */
    public boolean append(ReceiptBatch batch) {
        if (broken || batch.count() == 0) {
            return !broken;
        }
        if (store.isSegmentDue() && frontier.size() > segmentFirst) {
            beginSegment();
        }
        final long first = frontier.size();
        LeafHasher.hash(sha256, batch.slots(), 0, batch.count(), frontier.leaves(), frontier.leavesPosition());
        if (mode == SigningMode.SINGLE) {
            MemorySegment.copy(root, 0, priorAndLeaf, 0, Hash.LENGTH);
            MemorySegment.copy(
                    frontier.leaves(), frontier.leavesPosition(), leaves, 0, (long) batch.count() * Hash.LENGTH);
        }
        frontier.append(batch.count());
        frontier.root(root, 0);
        for (int from = 0; from < batch.count(); from += BatchRecord.MAX_RECEIPTS) {
            final int count = Math.min(BatchRecord.MAX_RECEIPTS, batch.count() - from);
            final boolean last = from + count == batch.count();
            if (!write(batch.slots(), from, count, first + from, last)) {
                broken = true;
                return false;
            }
        }
        if (index != null) {
            addToIndex(batch, first);
        }
        return true;
    }

    /**
     * The signed checkpoint of everything appended. Signs it, and keeps the signature in the log, if the last batch has
     * none.
     *
     * @throws IOException if the store has no room for the signature.
     */
    public SignedNote checkpoint() throws IOException {
        if (broken) {
            throw new IOException("the receipt log is full");
        }
        if (!signed) {
            if (frontier.size() == 0) {
                MerkleHash.EMPTY_ROOT.copyTo(root, 0);
            }
            if (!write(root, 0, 0, frontier.size(), true, BatchRecord.ENDS_BATCH | BatchRecord.SIGNED)) {
                broken = true;
                throw new IOException("the receipt log is full");
            }
        }
        if (signature == null) {
            signature = BatchRecord.signature(record);
        }
        return LogKey.note(
                new Checkpoint(key.origin(), frontier.size(), Hash.of(root, 0)), signature, key.verifierKey());
    }

    /** Frees its memory; store and key stay open. */
    @Override
    public void close() {
        arena.close();
    }

    private boolean write(MemorySegment slots, int from, int count, long index, boolean last) {
        final int each = mode == SigningMode.SINGLE ? BatchRecord.EACH_SIGNED : 0;
        final int end = last ? BatchRecord.ENDS_BATCH : 0;
        final int sign = last && mode == SigningMode.BATCH ? BatchRecord.SIGNED : 0;
        return write(slots, from, count, index, last, each | end | sign);
    }

    private boolean write(MemorySegment slots, int from, int count, long index, boolean last, int flags) {
        BatchRecord.header(record, flags, count, index);
        MemorySegment.copy(
                slots,
                (long) from * BatchRecord.SLOT_LENGTH,
                record,
                BatchRecord.HEADER_LENGTH,
                (long) count * BatchRecord.SLOT_LENGTH);
        if ((flags & BatchRecord.EACH_SIGNED) != 0) {
            signEach(from, count, index);
        }
        if (last) {
            BatchRecord.root(record, root);
            signed = (flags & BatchRecord.SIGNED) != 0;
            signature = null;
        }
        if ((flags & BatchRecord.SIGNED) != 0) {
            BatchRecord.signature(record, checkpoints.sign(index + count, root));
        }
        return store.append(record, BatchRecord.length(count, flags));
    }

    private void signEach(int from, int count, long index) {
        for (int i = 0; i < count; i++) {
            final long at = BatchRecord.slot(i);
            signatures.sign(
                    index + i,
                    priorAndLeaf,
                    record,
                    at + BatchRecord.ENCODING_OFFSET,
                    BatchRecord.encodingLength(record, at),
                    record,
                    BatchRecord.eachSignature(i, count));
            MemorySegment.copy(leaves, (from + (long) i) * Hash.LENGTH, priorAndLeaf, Hash.LENGTH, Hash.LENGTH);
            sha256.hash(1, MerkleHash.NODE_PREFIX, priorAndLeaf, 0, priorAndLeaf, 0, NODE_LENGTH, NODE_LENGTH);
        }
    }

    private void addToIndex(ReceiptBatch batch, long first) {
        for (int i = 0; i < batch.count(); i++) {
            final long at = (long) i * BatchRecord.SLOT_LENGTH;
            index.add(
                    BatchRecord.operationHigh(batch.slots(), at),
                    BatchRecord.operationLow(batch.slots(), at),
                    first + i);
        }
        index.cover(new ReceiptIndex.Coverage(frontier.size(), Hash.of(root, 0)));
    }

    /** Once per segment, so it may allocate. If the store has no room for a segment, the one before goes on. */
    private void beginSegment() {
        final MemorySegment signatureOfSize = checkpoints.sign(frontier.size(), root);
        final int length = SegmentRecord.write(
                record, segmentFirst, frontier.size(), root, signatureOfSize, frontier.peaks(), frontier.cover());
        if (store.beginSegment(record, length)) {
            segmentFirst = frontier.size();
            frontier.mark();
        }
    }
}

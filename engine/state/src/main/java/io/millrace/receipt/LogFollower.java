package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a log's records in their order, hashes them anew and compares roots. It stops at the first record that does not
 * fit: one that was changed, is missing, or is in the wrong place. A batch that never ended is passed over, as the
 * process that wrote it was killed.
 *
 * <p>Not thread safe.
 */
final class LogFollower implements ReceiptRecords.Visitor {
    /** Receives the records of batches that ended. */
    @FunctionalInterface
    interface Listener {
        /** One record; false to stop. Valid during the call. */
        boolean record(MemorySegment record);

        /** The beginning of a segment, whose root fits; false to stop. Valid during the call. */
        default boolean segment(MemorySegment record) {
            return true;
        }
    }

    /**
     * The newest signed checkpoint.
     *
     * @param size and {@code root} of the checkpoint.
     * @param signature under it, not checked here.
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one reader; never compared
    record Signed(long size, Hash root, byte[] signature) {}

    private final ShortSha256 sha256;
    private final MerkleFrontier ended;
    private final MerkleFrontier pending;
    private final MemorySegment root;
    private final Listener listener; // null: none
    private final List<MemorySegment> held = new ArrayList<>();
    private Hash endedRoot = MerkleHash.EMPTY_ROOT;
    private Signed signed;
    private long records;
    private long abandoned;
    private String fault;
    private long first; // index of the first receipt that is read
    private long segmentFirst; // index of the first receipt of the newest segment
    private Checkpoint watched; // null: none
    private boolean met;

    /** Follows without a listener. */
    LogFollower(Arena arena, ShortSha256 sha256) {
        this(arena, sha256, null);
    }

    LogFollower(Arena arena, ShortSha256 sha256, Listener listener) {
        this.sha256 = sha256;
        this.ended = new MerkleFrontier(arena, sha256, BatchRecord.MAX_RECEIPTS);
        this.pending = new MerkleFrontier(arena, sha256, BatchRecord.MAX_RECEIPTS);
        this.root = arena.allocate(Hash.LENGTH);
        this.listener = listener;
    }

    /** Notices whether the log contains {@code checkpoint}, which was published once; before any record. */
    void watch(Checkpoint checkpoint) {
        watched = checkpoint;
        met = checkpoint.size() == 0;
    }

    /** Whether a batch ended with the size and the root of the watched checkpoint. */
    boolean met() {
        return met;
    }

    @Override
    public boolean record(MemorySegment record) {
        if (SegmentRecord.isOne(record)) {
            return segment(record);
        }
        fault = BatchRecord.fault(record);
        if (fault != null) {
            fault = "record " + records + ": " + fault;
            return false;
        }
        final long firstIndex = BatchRecord.firstIndex(record);
        if (firstIndex != pending.size()) {
            if (firstIndex != ended.size()) {
                fault = "record " + records + ": receipts are missing or out of order: expected index " + pending.size()
                        + ", found " + firstIndex;
                return false;
            }
            abandonPending();
        }
        records++;
        final int count = BatchRecord.count(record);
        LeafHasher.hash(sha256, record, BatchRecord.slot(0), count, pending.leaves(), pending.leavesPosition());
        pending.append(count);
        return BatchRecord.has(record, BatchRecord.ENDS_BATCH) ? end(record) : hold(record);
    }

    /** Index of the first receipt that is still there: 0 unless segments were deleted. */
    long first() {
        return first;
    }

    /** Index of the first receipt of the newest segment. */
    long segmentFirst() {
        return segmentFirst;
    }

    /** Leaves of all batches that ended. */
    long size() {
        return ended.size();
    }

    /** Root over them. */
    Hash root() {
        return endedRoot;
    }

    /** The newest signed checkpoint. */
    Optional<Signed> signed() {
        return Optional.ofNullable(signed);
    }

    /** Receipts of batches that never ended. */
    long abandoned() {
        return abandoned + pending.size() - ended.size();
    }

    /** The first record that does not fit, and its place; empty if all fit. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** The edge of the tree of all batches that ended. */
    MerkleFrontier frontier() {
        return ended;
    }

    private void abandonPending() {
        abandoned += pending.size() - ended.size();
        pending.copyFrom(ended);
        held.clear();
    }

    /** A segment continues the one before; the first that is there is where reading begins. */
    private boolean segment(MemorySegment record) {
        fault = SegmentRecord.fault(record);
        if (fault == null) {
            abandonPending();
            if (records == 0) {
                SegmentRecord.peaks(record).forEach(node -> ended.append(node.level(), node.hash()));
                endedRoot = rootOf(ended);
                first = ended.size();
            }
            if (SegmentRecord.size(record) != ended.size()) {
                fault = "receipts are missing between segments: expected index " + ended.size() + ", found "
                        + SegmentRecord.size(record);
            } else if (!SegmentRecord.root(record).equals(endedRoot) || (records > 0 && !coverFits(record))) {
                fault = "the receipts up to " + ended.size()
                        + " do not hash to the root or the subtrees with which a segment begins";
            }
        }
        if (fault != null) {
            fault = "record " + records + ": " + fault;
            return false;
        }
        records++;
        ended.mark();
        pending.copyFrom(ended);
        segmentFirst = ended.size();
        signed = new Signed(ended.size(), endedRoot, SegmentRecord.signature(record));
        meet();
        return listener == null || listener.segment(record);
    }

    private boolean coverFits(MemorySegment record) {
        return hashes(SegmentRecord.peaks(record)).equals(ended.peaks())
                && SegmentRecord.from(record) == segmentFirst
                && hashes(SegmentRecord.cover(record)).equals(ended.cover());
    }

    private static List<Hash> hashes(List<SegmentRecord.Node> nodes) {
        return nodes.stream().map(SegmentRecord.Node::hash).toList();
    }

    private void meet() {
        if (watched != null && watched.size() == ended.size()) {
            met = watched.root().equals(endedRoot);
        }
    }

    private boolean hold(MemorySegment record) {
        if (listener != null) {
            held.add(Arena.ofAuto().allocate(record.byteSize()).copyFrom(record).asReadOnly());
        }
        return true;
    }

    private boolean end(MemorySegment record) {
        final Hash found = pending.size() == 0 ? MerkleHash.EMPTY_ROOT : rootOf(pending);
        if (!found.equals(BatchRecord.root(record))) {
            fault = "record " + (records - 1) + ": the receipts up to " + pending.size()
                    + " do not hash to the root in the log: a record was changed";
            return false;
        }
        ended.copyFrom(pending);
        endedRoot = found;
        meet();
        if (BatchRecord.has(record, BatchRecord.SIGNED)) {
            signed = new Signed(ended.size(), found, BatchRecord.signature(record));
        }
        if (listener == null) {
            return true;
        }
        for (MemorySegment earlier : held) {
            if (!listener.record(earlier)) {
                return false;
            }
        }
        held.clear();
        return listener.record(record);
    }

    private Hash rootOf(MerkleFrontier frontier) {
        frontier.root(root, 0);
        return Hash.of(root, 0);
    }
}

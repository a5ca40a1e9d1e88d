package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.Hash;
import io.millrace.tlog.ProofBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Hashes ranges of leaves while a log is read: of deleted segments by the subtrees that the history keeps of them, of the
 * rest by the receipts.
 *
 * <p>For one reading. Not thread safe.
 */
final class RangeHashes implements LogFollower.Listener {
    private final ReceiptRecords records;
    private final ShortSha256 sha256;
    private final MerkleFrontier frontier;
    private final MemorySegment root;
    private final Iterator<ProofBuilder.Range> remaining;
    private final List<Hash> found = new ArrayList<>();
    private ProofBuilder.Range current; // null: all are hashed
    private boolean begun;

    /**
     * Hashes {@code ranges}, which rise and do not overlap.
     *
     * @param records of the log, for its history.
     */
    RangeHashes(Arena arena, List<ProofBuilder.Range> ranges, ReceiptRecords records) {
        this.records = records;
        this.sha256 = ShortSha256.fastest(arena);
        this.frontier = new MerkleFrontier(arena, sha256, BatchRecord.MAX_RECEIPTS);
        this.root = arena.allocate(Hash.LENGTH);
        this.remaining = ranges.iterator();
        next();
    }

    /** Hashes so far; one for each range if all could be made. */
    List<Hash> found() {
        return found;
    }

    @Override
    public boolean record(MemorySegment record) {
        begun = true;
        final long first = BatchRecord.firstIndex(record);
        final long end = first + BatchRecord.count(record);
        while (current != null && current.from() < end) {
            final long from = Math.max(current.from(), first);
            final long to = Math.min(current.to(), end);
            if (current.from() + frontier.size() != from) {
                return false; // begins within the deleted range
            }
            LeafHasher.hash(
                    sha256,
                    record,
                    BatchRecord.slot((int) (from - first)),
                    (int) (to - from),
                    frontier.leaves(),
                    frontier.leavesPosition());
            frontier.append((int) (to - from));
            if (to < current.to()) {
                return true;
            }
            finish();
        }
        return current != null;
    }

    @Override
    public boolean segment(MemorySegment record) {
        if (begun) {
            return true;
        }
        begun = true;
        for (SegmentRecord.Node node : deleted(record)) {
            if (!take(node)) {
                return false;
            }
        }
        return current != null;
    }

    /** Whether the node is of no range, or fits into one. */
    private boolean take(SegmentRecord.Node node) {
        if (current == null || current.from() >= node.to()) {
            return true;
        }
        if (current.from() + frontier.size() != node.from() || node.to() > current.to()) {
            return false;
        }
        frontier.append(node.level(), node.hash());
        if (node.to() == current.to()) {
            finish();
        }
        return true;
    }

    private void finish() {
        frontier.root(root, 0);
        found.add(Hash.of(root, 0));
        next();
    }

    private void next() {
        frontier.clear();
        current = remaining.hasNext() ? remaining.next() : null;
    }

    /**
     * Subtrees of the deleted segments: by segment if the history has all of them, else the peaks with which reading begins.
     */
    private List<SegmentRecord.Node> deleted(MemorySegment first) {
        final Map<Long, List<SegmentRecord.Node>> covers = new HashMap<>();
        try {
            records.history(record -> {
                if (SegmentRecord.isOne(record) && SegmentRecord.fault(record) == null) {
                    covers.put(SegmentRecord.from(record), SegmentRecord.cover(record));
                }
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        covers.put(SegmentRecord.from(first), SegmentRecord.cover(first));
        final long size = SegmentRecord.size(first);
        final List<SegmentRecord.Node> nodes = new ArrayList<>();
        for (long at = 0; at < size; at = nodes.getLast().to()) {
            if (!covers.containsKey(at)) {
                return SegmentRecord.peaks(first);
            }
            nodes.addAll(covers.get(at));
        }
        return nodes.getLast().to() == size ? nodes : SegmentRecord.peaks(first);
    }
}

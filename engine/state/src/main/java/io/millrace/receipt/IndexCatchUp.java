package io.millrace.receipt;

import io.millrace.receipt.ReceiptIndex.Coverage;
import io.millrace.tlog.Hash;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.agrona.collections.LongArrayList;

/**
 * Brings an index up to date with its log: from the index's coverage on if the log has that size and root, else from the
 * log's beginning. It takes the roots from the log and hashes nothing, so it says nothing about the log's soundness.
 *
 * <p>Not thread safe.
 */
public final class IndexCatchUp {
    private final ReceiptIndex index;
    private final Coverage before;
    private final PendingIds pending = new PendingIds();
    private boolean begun;
    private boolean met;
    private long size;
    private long added;
    private String fault;

    private IndexCatchUp(ReceiptIndex index) {
        this.index = index;
        this.before = index.coverage();
        this.met = before.size() == 0;
    }

    /**
     * Brings {@code index} up to date.
     *
     * @param index of the log; stays its owner's.
     * @param records of the log, which another process may write; they stay their owner's.
     * @return number of receipts that were added.
     * @throws IOException if the log cannot be read, or is damaged.
     */
    public static long run(ReceiptIndex index, ReceiptRecords records) throws IOException {
        final IndexCatchUp rest = new IndexCatchUp(index);
        records.forEachFrom(Math.max(0, index.coverage().size() - 1), rest::record);
        if (rest.met) {
            return rest.end();
        }
        index.clear();
        final IndexCatchUp all = new IndexCatchUp(index);
        records.forEach(all::record);
        return all.end();
    }

    private long end() throws IOException {
        if (fault != null) {
            throw new IOException("the log is damaged, see receipts verify: " + fault);
        }
        return added;
    }

    private boolean record(MemorySegment record) {
        return SegmentRecord.isOne(record) ? segment(record) : batch(record);
    }

    private boolean segment(MemorySegment record) {
        fault = SegmentRecord.fault(record);
        if (fault != null) {
            return false;
        }
        pending.clear();
        if (begun && SegmentRecord.size(record) != size) {
            fault = "receipts are missing before index " + SegmentRecord.size(record);
            return false;
        }
        begun = true;
        size = SegmentRecord.size(record);
        return ended(SegmentRecord.root(record));
    }

    private boolean batch(MemorySegment record) {
        fault = BatchRecord.fault(record);
        if (fault != null) {
            return false;
        }
        begun = true;
        final long first = BatchRecord.firstIndex(record);
        if (first != size + pending.count()) {
            pending.clear(); // of a process that was killed
        }
        if (first != size + pending.count()) {
            fault = "receipts are missing or out of order: expected index " + size + ", found " + first;
            return false;
        }
        for (int i = 0; i < BatchRecord.count(record); i++) {
            pending.add(BatchRecord.operationHigh(record, i), BatchRecord.operationLow(record, i));
        }
        if (!BatchRecord.has(record, BatchRecord.ENDS_BATCH)) {
            return true;
        }
        if (size >= before.size()) {
            for (int i = 0; i < pending.count(); i++) {
                index.add(pending.high(i), pending.low(i), size + i);
            }
            added += pending.count();
        }
        size += pending.count();
        pending.clear();
        return ended(BatchRecord.root(record));
    }

    /** A batch or a segment ended; the reading too, if the log is not the index's. */
    private boolean ended(Hash root) {
        if (size == before.size() && !met) {
            met = root.equals(before.root());
        }
        if (size > before.size() && !met) {
            return false;
        }
        if (met && size >= before.size()) {
            index.cover(new Coverage(size, root));
        }
        return met || size < before.size();
    }

    /** Operation ids of a batch whose end was not read yet. */
    private static final class PendingIds {
        private final LongArrayList highs = new LongArrayList();
        private final LongArrayList lows = new LongArrayList();

        int count() {
            return highs.size();
        }

        void add(long high, long low) {
            highs.addLong(high);
            lows.addLong(low);
        }

        long high(int i) {
            return highs.getLong(i);
        }

        long low(int i) {
            return lows.getLong(i);
        }

        void clear() {
            highs.clear();
            lows.clear();
        }
    }
}

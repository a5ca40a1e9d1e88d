package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of a receipt log on the heap: for programs that hand their receipts on and keep no folder. One segment that
 * never ends; everything is lost with the process.
 *
 * <p>Threading: any thread.
 */
public final class MemoryReceiptStore implements ReceiptStore {
    private final List<byte[]> records = new ArrayList<>();
    private final int maxRecordCount;
    private int durableCount;

    /** An empty store without a bound. */
    public MemoryReceiptStore() {
        this(Integer.MAX_VALUE);
    }

    /**
     * An empty store.
     *
     * @param maxRecordCount number of records with which it is full, 0 or more.
     */
    public MemoryReceiptStore(int maxRecordCount) {
        if (maxRecordCount < 0) {
            throw new IllegalArgumentException("maxRecordCount must be 0 or more: maxRecordCount=" + maxRecordCount);
        }
        this.maxRecordCount = maxRecordCount;
    }

    @Override
    public synchronized boolean append(MemorySegment record, int length) {
        if (records.size() >= maxRecordCount) {
            return false;
        }
        records.add(record.asSlice(0, length).toArray(JAVA_BYTE));
        return true;
    }

    @Override
    public synchronized long position() {
        return records.size();
    }

    @Override
    public synchronized long durablePosition() {
        return durableCount;
    }

    @Override
    public synchronized void commit() {
        durableCount = records.size();
    }

    @Override
    public void forEach(Visitor visitor) {
        for (byte[] record : records()) {
            try (Arena arena = Arena.ofConfined()) {
                if (!visitor.record(arena.allocateFrom(JAVA_BYTE, record).asReadOnly())) {
                    return;
                }
            }
        }
    }

    /** A store of the records up to the last commit: those that a loss of power would leave of a store on a disk. */
    public synchronized MemoryReceiptStore durableCopy() {
        final MemoryReceiptStore copy = new MemoryReceiptStore(maxRecordCount);
        copy.records.addAll(records.subList(0, durableCount));
        copy.commit();
        return copy;
    }

    @Override
    public void close() {
        commit();
    }

    private synchronized List<byte[]> records() {
        return List.copyOf(records);
    }
}

package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A store in memory whose records a test can change. */
public final class MemoryReceiptStore implements ReceiptStore {
    final List<byte[]> records = Collections.synchronizedList(new ArrayList<>());
    private final List<byte[]> history = new ArrayList<>();
    private int maxRecords = Integer.MAX_VALUE;
    private int segmentRecords = Integer.MAX_VALUE;
    private int newestRecords;
    private final CountDownLatch go;
    private volatile long durable;

    /** An empty store. */
    public MemoryReceiptStore() {
        this(new CountDownLatch(0));
    }

    /** An empty store that takes nothing before {@code go}. */
    public MemoryReceiptStore(CountDownLatch go) {
        this.go = go;
    }

    /** It is full with so many records. */
    public void maxRecords(int count) {
        maxRecords = count;
    }

    /** A segment is to be followed by another after so many records. */
    void segmentRecords(int count) {
        segmentRecords = count;
    }

    /** Deletes the oldest segment; the one that is written stays. */
    boolean deleteSegment() {
        for (int i = 1; i < records.size(); i++) {
            if (SegmentRecord.isOne(MemorySegment.ofArray(records.get(i)))) {
                records.subList(0, i).clear();
                return true;
            }
        }
        return false;
    }

    /** Loses the history of the segments. */
    void deleteHistory() {
        history.clear();
    }

    @Override
    public boolean isSegmentDue() {
        return newestRecords >= segmentRecords;
    }

    @Override
    public boolean beginSegment(MemorySegment record, int length) {
        records.add(record.asSlice(0, length).toArray(JAVA_BYTE));
        history.add(records.getLast());
        newestRecords = 0;
        commit();
        return true;
    }

    @Override
    public void history(Visitor visitor) {
        show(history, visitor);
    }

    @Override
    public boolean append(MemorySegment record, int length) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (records.size() >= maxRecords) {
            return false;
        }
        records.add(record.asSlice(0, length).toArray(JAVA_BYTE));
        newestRecords++;
        return true;
    }

    @Override
    public long position() {
        return records.size();
    }

    @Override
    public long durablePosition() {
        return durable;
    }

    @Override
    public void commit() {
        durable = position();
    }

    @Override
    public void forEach(Visitor visitor) {
        show(copyOfRecords(), visitor);
    }

    private static void show(List<byte[]> shown, Visitor visitor) {
        for (byte[] record : shown) {
            try (Arena arena = Arena.ofConfined()) {
                if (!visitor.record(arena.allocateFrom(JAVA_BYTE, record).asReadOnly())) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        commit();
    }

    /** A copy with the records that are durable: what a loss of power leaves. */
    public MemoryReceiptStore durableCopy() {
        final MemoryReceiptStore copy = new MemoryReceiptStore();
        copyOfRecords().subList(0, (int) durable).forEach(record -> copy.records.add(record.clone()));
        copy.commit();
        return copy;
    }

    private List<byte[]> copyOfRecords() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    /** A copy with the same records. */
    MemoryReceiptStore copy() {
        final MemoryReceiptStore copy = new MemoryReceiptStore();
        copyOfRecords().forEach(record -> copy.records.add(record.clone()));
        history.forEach(record -> copy.history.add(record.clone()));
        return copy;
    }
}

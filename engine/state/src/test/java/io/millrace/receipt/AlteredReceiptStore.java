package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A store in memory whose records and segments a test can change. */
final class AlteredReceiptStore implements ReceiptStore {
    final List<byte[]> records = Collections.synchronizedList(new ArrayList<>());
    private final List<byte[]> history = new ArrayList<>();
    private int maxRecords = Integer.MAX_VALUE;
    private int segmentRecords = Integer.MAX_VALUE;
    private int newestRecords;
    private volatile long durable;

    /** It is full with so many records. */
    void maxRecords(int count) {
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

    private List<byte[]> copyOfRecords() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    /** A copy with the same records. */
    AlteredReceiptStore copy() {
        final AlteredReceiptStore copy = new AlteredReceiptStore();
        copyOfRecords().forEach(record -> copy.records.add(record.clone()));
        history.forEach(record -> copy.history.add(record.clone()));
        return copy;
    }
}

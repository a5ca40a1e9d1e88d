package io.millrace.receipt;

import java.util.HashMap;
import java.util.Map;

/** Index of a receipt log on the heap, about 100 bytes a receipt; built anew from the log at each opening. */
public final class MemoryReceiptIndex implements ReceiptIndex {
    private final Map<ReceiptId, Long> indexes = new HashMap<>();
    private Coverage coverage = Coverage.NONE;

    /** An empty index. */
    public MemoryReceiptIndex() {}

    @Override
    public long find(long operationHigh, long operationLow) {
        final Long index = indexes.get(new ReceiptId(operationHigh, operationLow));
        return index == null ? ABSENT : index;
    }

    @Override
    public boolean add(long operationHigh, long operationLow, long index) {
        return indexes.putIfAbsent(new ReceiptId(operationHigh, operationLow), index) == null;
    }

    @Override
    public Coverage coverage() {
        return coverage;
    }

    @Override
    public void cover(Coverage covered) {
        coverage = covered;
    }

    @Override
    public void clear() {
        indexes.clear();
        coverage = Coverage.NONE;
    }

    @Override
    public void release(long first) {
        indexes.values().removeIf(index -> index < first);
    }

    @Override
    public void close() {
        clear();
    }
}

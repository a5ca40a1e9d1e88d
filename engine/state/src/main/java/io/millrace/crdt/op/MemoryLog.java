package io.millrace.crdt.op;

import java.util.ArrayList;
import java.util.List;

/** A log that lives as long as its process: for simulations, and for files that are read as a whole. */
public final class MemoryLog implements OperationLog {
    private final List<byte[]> records = new ArrayList<>();

    /** An empty log. */
    public MemoryLog() {}

    @Override
    public int size() {
        return records.size();
    }

    @Override
    public byte[] read(int index) {
        return records.get(index);
    }

    @Override
    public void append(byte[] record) {
        records.add(record);
    }

    @Override
    public void force() {
        // There is no disk.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

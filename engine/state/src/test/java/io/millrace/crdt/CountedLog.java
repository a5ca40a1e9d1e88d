package io.millrace.crdt;

import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationLog;

/** A log in memory that counts how often a record is read. */
final class CountedLog implements OperationLog {
    private final MemoryLog log = new MemoryLog();
    int reads;

    @Override
    public int size() {
        return log.size();
    }

    @Override
    public byte[] read(int index) {
        reads++;
        return log.read(index);
    }

    @Override
    public void append(byte[] record) {
        log.append(record);
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

package io.millrace.crdt;

import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.store.AppendLog;
import io.millrace.store.LogLayout;
import io.millrace.store.Store;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The operations of a document in the {@link AppendLog} {@value #NAME} of a separate store, for the writer. */
final class StoredOperations implements OperationLog {
    /** Name of the log in its store. */
    static final String NAME = "operations";

    /** How the log grows: half a MiB at a time. */
    static final LogLayout LAYOUT = new LogLayout(NAME, OperationCodec.MAX_LENGTH, 1 << 19, LogLayout.Writing.CALLED);

    private final Store store;
    private final AppendLog log;
    private final Positions positions = new Positions();

    /** Takes the store over. */
    StoredOperations(Store store) throws IOException {
        this.store = store;
        this.log = store.log(LAYOUT);
        for (long at = log.begin(); at < log.position(); at = log.next(at)) {
            positions.add(at);
        }
    }

    @Override
    public int size() {
        return positions.size();
    }

    @Override
    public byte[] read(int index) {
        final long position = positions.get(index);
        final byte[] record = new byte[log.length(position)];
        log.read(position, MemorySegment.ofArray(record));
        return record;
    }

    @Override
    public void append(byte[] record) throws IOException {
        if (record.length < 1 || record.length > OperationCodec.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a record has 1 to " + OperationCodec.MAX_LENGTH + " bytes: recordLength=" + record.length);
        }
        final long end = log.appendPatiently(MemorySegment.ofArray(record), 0, record.length);
        if (end < 0) {
            throw log.failure()
                    .or(log::shortage)
                    .orElseGet(() -> new StoreException(
                            "the disk is too slow: no room for the next record: file=" + log.file()));
        }
        positions.add(end - AppendLog.spaceOf(record.length));
    }

    @Override
    public void force() throws IOException {
        log.commit();
    }

    /** Brings appended operations to the disk and lets others write. */
    @Override
    public void close() throws IOException {
        store.close();
    }
}

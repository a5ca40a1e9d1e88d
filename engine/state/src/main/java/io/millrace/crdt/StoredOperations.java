package io.millrace.crdt;

import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.store.AppendLog;
import io.millrace.store.LogCheck;
import io.millrace.store.LogLayout;
import io.millrace.store.Store;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The operations of a document in the {@link AppendLog} {@value #NAME} of a separate store, for the writer.
 *
 * <p>After a clean stop opening reads the last record only. The first call that reads another one passes over the whole log
 * and checks every record; a damaged log throws there. A replica that has only the end of its graph appends without that.
 */
final class StoredOperations implements OperationLog {
    /** Name of the log in its store. */
    static final String NAME = "operations";

    /** How the log grows: half a MiB at a time. */
    static final LogLayout LAYOUT = new LogLayout(NAME, OperationCodec.MAX_LENGTH, 1 << 19, LogLayout.Writing.CALLED);

    private final Store store;
    private final AppendLog log;
    private Positions positions; // null: not gathered yet

    /** Takes the store over. */
    StoredOperations(Store store) throws IOException {
        this.store = store;
        this.log = store.log(LAYOUT, LogCheck.WHEN_READ);
    }

    @Override
    public int size() {
        return (int) log.count();
    }

    @Override
    public byte[] read(int index) throws IOException {
        final long position = position(index);
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
        if (positions != null) {
            positions.add(log.last());
        }
    }

    @Override
    public void force() throws IOException {
        log.commit();
    }

    private long position(int index) throws IOException {
        if (positions == null) {
            if (index >= 0 && index == log.count() - 1) {
                return log.last();
            }
            gatherPositions();
        }
        return positions.get(index);
    }

    private void gatherPositions() throws IOException {
        final Positions found = new Positions();
        for (long at = log.begin(); at < log.position(); at = log.next(at)) {
            found.add(at);
        }
        if (found.size() != log.count()) {
            throw new StoreException("the log has lost records; restore it from a copy: file=" + log.file() + ", found="
                    + found.size() + ", written=" + log.count());
        }
        positions = found;
    }

    /** Brings appended operations to the disk and lets others write. */
    @Override
    public void close() throws IOException {
        store.close();
    }
}

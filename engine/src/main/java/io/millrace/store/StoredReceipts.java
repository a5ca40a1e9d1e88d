package io.millrace.store;

import io.millrace.receipt.BatchRecord;
import io.millrace.receipt.ReceiptStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A receipt log's records in the {@link AppendLog} {@value #NAME} of a store of their own: one process writes; any number
 * read the same file meanwhile by {@link ReceiptLogView}, which takes no lock and writes nothing.
 *
 * <p>A log that stands still for room, because the committing thread has not made the next chunk yet, is waited for a
 * little: the receipts thread is not the packets'.
 */
public final class StoredReceipts implements ReceiptStore {
    /** Name of the log in its store. */
    static final String NAME = "receipts";

    /** How the log grows: 16 MiB at a time. */
    static final LogLayout LAYOUT = new LogLayout(NAME, BatchRecord.MAX_LENGTH, 1 << 24, LogLayout.Writing.CALLED);

    private final Store store;
    private final AppendLog log;
    private final long maxLength;

    private StoredReceipts(Store store, AppendLog log, long maxLength) {
        this.store = store;
        this.log = log;
        this.maxLength = maxLength;
    }

    /**
     * Opens the records in {@code directory}, and makes it where there is none.
     *
     * @param policy when records become durable.
     * @param maxLength length in bytes at which the log is full, 1 or more.
     * @throws StoreException if another process writes it, or it is damaged.
     */
    public static StoredReceipts open(Path directory, CommitPolicy policy, long maxLength) throws IOException {
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength must be 1 or more: maxLength=" + maxLength);
        }
        final Store store = Store.open(directory, policy);
        boolean opened = false;
        try {
            final StoredReceipts receipts = new StoredReceipts(store, store.log(LAYOUT), maxLength);
            opened = true;
            return receipts;
        } finally {
            if (!opened) {
                store.close();
            }
        }
    }

    @Override
    public boolean append(MemorySegment record, int length) {
        if (log.position() + length > maxLength) {
            return false;
        }
        return log.appendPatiently(record, 0, length) >= 0;
    }

    @Override
    public long position() {
        return log.position();
    }

    @Override
    public long durablePosition() {
        return log.durablePosition();
    }

    @Override
    public void commit() throws IOException {
        log.commit();
    }

    @Override
    public void forEach(Visitor visitor) {
        final long last = log.position();
        for (long at = log.begin(); at < last; at = log.next(at)) {
            if (!visitor.record(
                    log.memory(at).asSlice(log.payload(at), log.length(at)).asReadOnly())) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}

package io.millrace.crdt;

import io.millrace.crdt.op.OperationLog;
import io.millrace.store.CommitPolicy;
import io.millrace.store.LogView;
import io.millrace.store.Store;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A directory that keeps the operations of one document: a {@link Store} with one log.
 *
 * <p>One process at a time writes; any number of others read meanwhile, without a lock, the records that were whole
 * when they opened it.
 */
public final class TwinStore {
    private TwinStore() {}

    /**
     * Opens a store for writing, and makes it where there is none. A record that an unclean stop left unfinished is
     * cut off; it was never reported as durable. After a clean stop only the last record is read; the first call that reads
     * another one checks them all, and throws a {@link StoreException} if the log is damaged.
     *
     * @param directory of the store.
     * @throws StoreException if another process writes to it, or the log is found to be damaged in its durable part.
     * @throws IOException if it cannot be read.
     */
    public static OperationLog open(Path directory) throws IOException {
        final Store store = Store.open(directory, CommitPolicy.DEFAULT);
        try {
            return new StoredOperations(store);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Opens a store for reading; appending to it is refused.
     *
     * @param directory of the store.
     * @throws java.nio.file.NoSuchFileException if there is none.
     * @throws StoreException if the log is damaged in its durable part.
     * @throws IOException if it cannot be read.
     */
    public static OperationLog read(Path directory) throws IOException {
        final LogView view = LogView.open(directory, StoredOperations.LAYOUT);
        try {
            return new OperationView(view);
        } catch (IOException | RuntimeException e) {
            view.close();
            throw e;
        }
    }
}

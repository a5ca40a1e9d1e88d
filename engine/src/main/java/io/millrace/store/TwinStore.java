package io.millrace.store;

import io.millrace.crdt.OperationLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A directory that keeps the operations of one document.
 *
 * <p>One process at a time writes; any number read meanwhile, without a lock and so without holding up the writer, what was
 * whole when they opened it.
 */
public final class TwinStore {
    private static final String RECORDS = "operations.log";

    private TwinStore() {}

    /**
     * Opens a store for writing, and makes it where there is none. A record that an unclean stop left unfinished is moved
     * to a file of its own beside the log.
     *
     * @throws StoreException if another process writes to it.
     * @throws IOException if it cannot be read.
     */
    public static OperationLog open(Path directory) throws IOException {
        Files.createDirectories(directory);
        final DirectoryLock lock = DirectoryLock.take(directory);
        final OperationLog log;
        try {
            log = RecordFile.open(directory.resolve(RECORDS), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        try {
            Store.forceDirectory(directory);
        } catch (IOException e) {
            log.close();
            throw e;
        }
        return log;
    }

    /**
     * Opens a store for reading; appending to it is refused.
     *
     * @throws IOException if there is none, or it cannot be read.
     */
    public static OperationLog read(Path directory) throws IOException {
        final Path file = directory.resolve(RECORDS);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return RecordFile.read(file);
    }
}

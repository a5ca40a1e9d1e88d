package io.millrace.cli.twin;

import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.type.TwinId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The operations of a store or a file, to be read: without a lock, as far as they are written when it is opened.
 *
 * @param path where they are.
 * @param log the records; nothing is appended.
 */
record TwinRecords(Path path, OperationLog log) implements AutoCloseable {
    static TwinRecords open(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!OperationFile.isNamedSo(path)) {
            return new TwinRecords(path, TwinStore.read(path));
        }
        final MemoryLog log = new MemoryLog();
        OperationFile.read(path).forEach(log::append);
        return new TwinRecords(path, log);
    }

    /** The document that the first of them belongs to. */
    TwinId twin() throws IOException {
        return DocumentTarget.twinOf(path, log.read(0));
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}

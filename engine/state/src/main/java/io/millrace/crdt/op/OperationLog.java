package io.millrace.crdt.op;

import java.io.IOException;

/**
 * Where a replica keeps its operations: a list of records to which one is appended at a time. Records are encodings of
 * {@link SignedOperation}, each after those that it names; one whose payload came later occurs twice.
 *
 * <p>Not thread safe; one writer.
 */
public interface OperationLog extends AutoCloseable {
    /** Number of records. */
    int size();

    /**
     * Reads a record.
     *
     * @param index 0 to {@link #size()} - 1.
     * @throws IOException if it cannot be read.
     */
    byte[] read(int index) throws IOException;

    /**
     * Appends a record; it survives this process from then on, and a power failure from {@link #force()} on.
     *
     * @param record at most {@link OperationCodec#MAX_LENGTH} bytes; the caller does not change it any more.
     * @throws IOException if it cannot be written; the log is as it was before.
     */
    void append(byte[] record) throws IOException;

    /** Brings every appended record to the disk before it returns. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}

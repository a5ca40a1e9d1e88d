package io.millrace.receipt;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Records of a log, for reading. Each is whole: a record that was torn is gone, and so is every one after it.
 */
public interface ReceiptRecords extends AutoCloseable {
    /**
     * Reads all records, the oldest first, up to the last one when the call began.
     *
     * @param visitor called for each record.
     */
    void forEach(Visitor visitor) throws IOException;

    /**
     * Reads the records from the one with a receipt on, or from an earlier one.
     *
     * @param index of the receipt, 0 or more.
     * @param visitor receives the records; the first may begin a segment.
     * @throws IOException if they cannot be read.
     */
    default void forEachFrom(long index, Visitor visitor) throws IOException {
        forEach(visitor);
    }

    /**
     * Reads the {@link SegmentRecord} of every segment that ever began, the oldest first; some may come twice. A log that was
     * never divided has none.
     *
     * @param visitor called for each record.
     */
    default void history(Visitor visitor) throws IOException {}

    @Override
    void close() throws IOException;

    /** Receives records. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One record.
         *
         * @param record native, read only, valid during the call.
         * @return false to end the reading.
         */
        boolean record(MemorySegment record);
    }
}

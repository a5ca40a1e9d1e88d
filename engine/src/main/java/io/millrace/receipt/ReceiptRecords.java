package io.millrace.receipt;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A log's records, for reading. What is given is given whole: a record that was torn is gone, and so is every one after it.
 */
public interface ReceiptRecords extends AutoCloseable {
    /** Reads all records, the oldest first, up to what was there when it began. */
    void forEach(Visitor visitor) throws IOException;

    /**
     * Reads the {@link SegmentRecord} of every segment that ever began, the oldest first; some may come twice. A log that was
     * never divided has none.
     */
    default void history(Visitor visitor) throws IOException {}

    @Override
    void close() throws IOException;

    /** Hears of records. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One record.
         *
         * @param record native, read only, valid during the call.
         * @return false to hear of no more.
         */
        boolean record(MemorySegment record);
    }
}

package io.millrace.receipt;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Where a log keeps its records, in the order in which they came.
 *
 * <p>Threading: {@link #append} belongs to one thread; the rest is for any thread. Closing commits.
 */
public interface ReceiptStore extends ReceiptRecords {
    /**
     * Appends a record; it survives the end of this process from now on, and a loss of power once it is durable.
     *
     * @param record native; its first {@code length} bytes.
     * @param length 1 to {@link BatchRecord#MAX_LENGTH} bytes.
     * @return false if the store is full or takes nothing more; nothing was appended then.
     */
    boolean append(MemorySegment record, int length);

    /** Where the next record goes; rises with every record. */
    long position();

    /** Everything before it survives a loss of power. Group commit moves it. */
    long durablePosition();

    /** Makes everything appended so far durable; may take as long as the disk does. */
    void commit() throws IOException;

    /** Whether the newest segment is so long that the next batch is to begin another. */
    default boolean isSegmentDue() {
        return false;
    }

    /**
     * Begins a segment with its {@link SegmentRecord}. Everything before it and the record itself are durable when this
     * returns.
     *
     * @param record native; its first {@code length} bytes.
     * @param length in bytes.
     * @return false if the store is full; then the segment before goes on.
     */
    default boolean beginSegment(MemorySegment record, int length) {
        return false;
    }
}

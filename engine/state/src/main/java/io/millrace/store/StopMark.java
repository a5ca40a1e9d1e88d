package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The mark of a clean stop in the header of a log. Its writer checked every record before {@code end}, and brought them to
 * the disk before it wrote the mark. Records never change, so a mark stays true when the log grows: the part behind it is
 * checked at each opening.
 *
 * <pre>
 *  offset  length  field, little endian
 *       0       8  end      of the last record
 *       8       8  records  number of them
 *      16       8  last     where the last record begins; 0 if there is none
 *      24       4  check    CRC-32C of the 24 bytes before
 *      28       4  unused
 * </pre>
 *
 * @param end position in the file at which the log ended.
 * @param records before the end, 0 or more.
 * @param last position of the last of them; 0 if there is none.
 */
record StopMark(long end, long records, long last) {
    private static final int CHECKED_LENGTH = 24;
    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE_INT = JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Of a log without records. */
    static final StopMark EMPTY = new StopMark(LogFormat.HEADER_LENGTH, 0, 0);

    /** The mark in a log's header; empty if there is none, or it is torn, or it claims more than was durable. */
    static Optional<StopMark> read(MemorySegment header) {
        final MemorySegment mark = header.asSlice(LogFormat.STOP_OFFSET);
        final StopMark read = new StopMark(mark.get(LE_LONG, 0), mark.get(LE_LONG, 8), mark.get(LE_LONG, 16));
        return mark.get(LE_INT, CHECKED_LENGTH) == check(mark) && read.isPossible(LogFormat.durable(header))
                ? Optional.of(read)
                : Optional.empty();
    }

    /** Writes it. A process that dies meanwhile leaves a mark with a wrong check. */
    void write(MemorySegment header) {
        final MemorySegment mark = header.asSlice(LogFormat.STOP_OFFSET);
        mark.set(LE_LONG, 0, end);
        mark.set(LE_LONG, 8, records);
        mark.set(LE_LONG, 16, last);
        mark.set(LE_INT, CHECKED_LENGTH, check(mark));
    }

    private boolean isPossible(long durable) {
        return end <= durable
                && (records == 0
                        ? last == 0 && end == LogFormat.HEADER_LENGTH
                        : records > 0 && last >= LogFormat.HEADER_LENGTH && last < end);
    }

    private static int check(MemorySegment mark) {
        final CRC32C crc = new CRC32C();
        for (int at = 0; at < CHECKED_LENGTH; at++) {
            crc.update(mark.get(JAVA_BYTE, at));
        }
        return (int) crc.getValue();
    }
}

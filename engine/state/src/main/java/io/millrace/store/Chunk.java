package io.millrace.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A mapped piece of a log, twice: as memory, and as the buffer that the checksum wants. The buffer belongs to the
 * appending thread.
 */
record Chunk(MemorySegment memory, ByteBuffer bytes) {
    /** {@link #wholeLength}: the log goes on in the next chunk. */
    static final int UNUSED = 0;

    /** {@link #wholeLength}: no record, or a torn one. */
    static final int NOT_WHOLE = -1;

    static Chunk of(MemorySegment memory) {
        return new Chunk(memory, memory.asByteBuffer());
    }

    /** Sum of the payload whose record begins at {@code offset}. */
    int sum(CRC32C crc, long offset, int length) {
        final int from = (int) offset + LogFormat.RECORD_HEADER_LENGTH;
        crc.reset();
        crc.update(bytes.limit(from + length).position(from));
        return (int) crc.getValue();
    }

    /**
     * Length of the payload of the record that begins at {@code offset}, if it is whole.
     *
     * @param position of the record in the file.
     * @return {@link #UNUSED} if the rest of the chunk is unused, {@link #NOT_WHOLE} if the log ends here.
     */
    int wholeLength(CRC32C crc, long offset, long position, LogLayout layout) {
        final long word = LogFormat.word(memory, offset);
        if (word == LogFormat.UNUSED) {
            return UNUSED;
        }
        final int length = LogFormat.lengthOf(word);
        return length > 0
                        && length <= layout.maxRecordLength()
                        && LogFormat.spaceOf(length) <= layout.chunkLength() - offset
                        && word == LogFormat.word(sum(crc, offset, length), position, length)
                ? length
                : NOT_WHOLE;
    }
}

package io.millrace.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A mapped piece of a log, twice: as memory, and as the buffer that the checksum wants. The buffer belongs to the
 * appending thread.
 */
record Chunk(MemorySegment memory, ByteBuffer bytes) {
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
}

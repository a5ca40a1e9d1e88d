package io.millrace.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
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

    /** All chunks that a log's file has, in one mapping. */
    static Chunk[] all(FileChannel channel, Arena arena, LogLayout layout) throws IOException {
        final long length = layout.chunkLength();
        final int count = (int) (Math.max(0, channel.size() - LogFormat.HEADER_LENGTH) / length);
        final Chunk[] chunks = new Chunk[count];
        if (count > 0) {
            final MemorySegment whole = LogFormat.map(channel, arena, LogFormat.HEADER_LENGTH, count * length);
            Arrays.setAll(chunks, i -> of(whole.asSlice(i * length, length)));
        }
        return chunks;
    }

    /** Where the last record ends that is whole and follows only whole ones, of those behind {@code from}. */
    static StopMark end(Chunk[] chunks, LogLayout layout, StopMark from) {
        final CRC32C crc = new CRC32C();
        long end = from.end();
        long records = from.records();
        long last = from.last();
        while (true) {
            final long inChunks = end - LogFormat.HEADER_LENGTH;
            final int index = (int) (inChunks / layout.chunkLength());
            final long offset = inChunks % layout.chunkLength();
            final int length = index < chunks.length ? chunks[index].wholeLength(crc, offset, end, layout) : NOT_WHOLE;
            if (length == NOT_WHOLE) {
                return new StopMark(end, records, last);
            }
            if (length == UNUSED) {
                end += layout.chunkLength() - offset;
            } else {
                records++;
                last = end;
                end += LogFormat.spaceOf(length);
            }
        }
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

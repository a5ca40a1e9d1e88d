package io.millrace.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Writes the records of a log by system calls, each with its header in one. Pages that were stored to through a mapping
 * must be taken away from every processor before they go to the disk, one by one; these never are.
 *
 * <p>Allocates nothing. Belongs to the appending thread.
 */
final class CalledWriter {
    private final FileChannel channel;
    private final Chunk staged;

    /** Writes to {@code channel}, which stays its owner's. */
    CalledWriter(FileChannel channel, Arena arena, int maxRecordLength) {
        this.channel = channel;
        this.staged = Chunk.of(arena.allocate(LogFormat.spaceOf(maxRecordLength), 64));
    }

    /**
     * Writes a record.
     *
     * @param position of its header in the file.
     * @throws IOException if not all of it could be written; then the log ends before it.
     */
    void write(CRC32C crc, long position, MemorySegment record, long offset, int length) throws IOException {
        MemorySegment.copy(record, offset, staged.memory(), LogFormat.RECORD_HEADER_LENGTH, length);
        LogFormat.word(staged.memory(), 0, LogFormat.word(staged.sum(crc, 0, length), position, length));
        staged.bytes().clear().limit(LogFormat.RECORD_HEADER_LENGTH + length);
        while (staged.bytes().hasRemaining()) {
            channel.write(staged.bytes(), position + staged.bytes().position());
        }
    }
}

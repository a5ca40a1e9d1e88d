package io.millrace.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads the file of an {@link AppendLog} while another process may append to it: takes no lock, writes nothing, and ends at
 * the first record that is not whole, which is where the writer is. Before the durable length every record is whole, or the log
 * is damaged.
 *
 * <p>Not thread safe.
 */
public final class LogView implements AutoCloseable {
    private final Path file;
    private final LogLayout layout;
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private boolean stopped; // by the visitor

    private LogView(Path file, LogLayout layout, FileChannel channel) {
        this.file = file;
        this.layout = layout;
        this.channel = channel;
    }

    /**
     * Opens the file of a log with that layout for reading.
     *
     * @param directory of the log.
     * @param layout of the log.
     * @throws java.nio.file.NoSuchFileException if there is none.
     */
    public static LogView open(Path directory, LogLayout layout) throws IOException {
        final Path file = directory.resolve(layout.name() + Store.LOG_ENDING);
        return new LogView(file, layout, FileChannel.open(file, StandardOpenOption.READ));
    }

    /**
     * Shows the records, in order, until the visitor says no.
     *
     * @param visitor called for each record.
     * @return where the last one ends that is whole, if the visitor wanted all.
     * @throws StoreException if it is no log with this layout, or ends before its durable length although the visitor wanted
     *     all: then it is damaged.
     * @throws IOException if the file cannot be read.
     */
    public long forEach(Visitor visitor) throws IOException {
        long end = LogFormat.HEADER_LENGTH;
        if (!LogFormat.isReadable(channel, file, layout)) {
            return end;
        }
        final long durable = durable(); // first: the writer may go on
        stopped = false;
        for (long start = end; start + layout.chunkLength() <= channel.size(); start += layout.chunkLength()) {
            try (Arena arena = Arena.ofConfined()) {
                final Chunk chunk = Chunk.of(channel.map(MapMode.READ_ONLY, start, layout.chunkLength(), arena));
                end = start + read(chunk, start, visitor);
                if (end < start + layout.chunkLength()) {
                    break;
                }
            }
        }
        if (end < durable && !stopped) {
            throw new StoreException("the log is damaged in its durable part; restore it from a copy: file=" + file
                    + ", damagedAt=" + end + ", durable=" + durable);
        }
        return end;
    }

    /** Up to where the log was durable when its writer last said so; every record before was whole then. */
    public long durable() throws IOException {
        final ByteBuffer mark = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(mark, LogFormat.DURABLE_OFFSET);
        return mark.getLong(0);
    }

    /**
     * Payload of a record.
     *
     * @param position where it begins, as it was shown before.
     * @throws StoreException if it is damaged.
     */
    public byte[] read(long position) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final Chunk header = staged(arena, position, LogFormat.RECORD_HEADER_LENGTH);
            final long word = LogFormat.word(header.memory(), 0);
            final int length = LogFormat.lengthOf(word);
            if (length > 0 && length <= layout.maxRecordLength()) {
                final Chunk record = staged(arena, position, LogFormat.RECORD_HEADER_LENGTH + length);
                if (word == LogFormat.word(record.sum(crc, 0, length), position, length)) {
                    final byte[] payload = new byte[length];
                    record.bytes().clear().position(LogFormat.RECORD_HEADER_LENGTH);
                    record.bytes().get(payload);
                    return payload;
                }
            }
            throw new StoreException("a record is damaged: file=" + file + ", position=" + position);
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private Chunk staged(Arena arena, long position, int length) throws IOException {
        final Chunk chunk = Chunk.of(arena.allocate(length, Long.BYTES));
        while (chunk.bytes().hasRemaining()) {
            if (channel.read(chunk.bytes(), position + chunk.bytes().position()) < 0) {
                throw new StoreException("the file became shorter: file=" + file);
            }
        }
        return chunk;
    }

    /** Offset in the chunk at which the log ends; the chunk's length if it goes on behind it. */
    private int read(Chunk chunk, long start, Visitor visitor) {
        final int chunkLength = layout.chunkLength();
        int at = 0;
        while (chunkLength - at >= LogFormat.RECORD_HEADER_LENGTH) {
            final int length = chunk.wholeLength(crc, at, start + at, layout);
            if (length == Chunk.UNUSED) {
                return chunkLength;
            }
            if (length == Chunk.NOT_WHOLE) {
                return at;
            }
            final long payload = (long) at + LogFormat.RECORD_HEADER_LENGTH;
            if (!visitor.record(
                    start + at, chunk.memory().asSlice(payload, length).asReadOnly())) {
                stopped = true;
                return at;
            }
            at += LogFormat.spaceOf(length);
        }
        return chunkLength;
    }

    /** Sees the records of a log. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One record.
         *
         * @param position where it begins in the file.
         * @param payload valid during the call.
         * @return whether to go on.
         */
        boolean record(long position, MemorySegment payload);
    }
}

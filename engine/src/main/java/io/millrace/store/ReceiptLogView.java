package io.millrace.store;

import io.millrace.receipt.ReceiptRecords;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads a receipt log's file while another process may append to it: takes no lock, writes nothing, and ends at the first
 * record that is not whole, which is where the writer is.
 *
 * <p>Not thread safe.
 */
public final class ReceiptLogView implements ReceiptRecords {
    private final Path file;
    private final FileChannel channel;

    private ReceiptLogView(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the log in {@code directory} for reading.
     *
     * @throws java.nio.file.NoSuchFileException if there is none.
     */
    public static ReceiptLogView open(Path directory) throws IOException {
        final Path file = directory.resolve(StoredReceipts.NAME + Store.LOG_ENDING);
        return new ReceiptLogView(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        final int chunkLength = StoredReceipts.LAYOUT.chunkLength();
        final CRC32C crc = new CRC32C();
        LogFormat.requireReadable(channel, file, StoredReceipts.LAYOUT);
        long start = LogFormat.HEADER_LENGTH;
        while (start + chunkLength <= channel.size()) {
            try (Arena arena = Arena.ofConfined()) {
                final Chunk chunk = Chunk.of(channel.map(MapMode.READ_ONLY, start, chunkLength, arena));
                if (!read(chunk, start, crc, visitor)) {
                    return;
                }
            }
            start += chunkLength;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Whether to go on to the next chunk. */
    private static boolean read(Chunk chunk, long start, CRC32C crc, Visitor visitor) {
        final int chunkLength = StoredReceipts.LAYOUT.chunkLength();
        int at = 0;
        while (chunkLength - at >= LogFormat.RECORD_HEADER_LENGTH) {
            final long word = LogFormat.word(chunk.memory(), at);
            if (word == LogFormat.UNUSED) {
                return true;
            }
            final int length = LogFormat.lengthOf(word);
            if (length <= 0
                    || length > StoredReceipts.LAYOUT.maxRecordLength()
                    || LogFormat.spaceOf(length) > chunkLength - at
                    || word != LogFormat.word(chunk.sum(crc, at, length), start + at, length)) {
                return false;
            }
            final long payload = (long) at + LogFormat.RECORD_HEADER_LENGTH;
            if (!visitor.record(chunk.memory().asSlice(payload, length).asReadOnly())) {
                return false;
            }
            at += LogFormat.spaceOf(length);
        }
        return true;
    }
}

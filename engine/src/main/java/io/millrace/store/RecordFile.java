package io.millrace.store;

import io.millrace.crdt.OperationCodec;
import io.millrace.crdt.OperationLog;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A log in one file, appended to by a single write for each record.
 *
 * <pre>
 * offset  length  field
 *      0      16  "millrace-log-v1" and a zero
 *     16          records, each:
 *              4    length n of the record, big endian, 1 to 68,608
 *              4    CRC-32C of those four bytes and the record
 *              n    record
 * </pre>
 *
 * <p>What follows the last whole record was being written when its process or machine stopped: nobody was told that it is
 * durable. It is not deleted but moved to {@code <name>.torn-<offset>}, so that damage of another kind loses nothing either.
 *
 * <p>Not thread safe. Readers take no lock and may be other processes.
 */
final class RecordFile implements OperationLog {
    private static final byte[] MAGIC = "millrace-log-v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_LENGTH = 8;
    private static final ValueLayout.OfInt BE_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Path file;
    private final FileChannel channel;
    private final DirectoryLock lock;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(HEAD_LENGTH + OperationCodec.MAX_LENGTH);
    private final CRC32C crc = new CRC32C();
    private long[] offsets = new long[1024];
    private int size;
    private long end;

    private RecordFile(Path file, FileChannel channel, DirectoryLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Opens a file for appending, and makes it where there is none.
     *
     * @param lock closed with the log; its holder is the only writer.
     */
    static RecordFile open(Path file, DirectoryLock lock) throws IOException {
        final FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            final RecordFile opened = new RecordFile(file, channel, lock);
            if (channel.size() < MAGIC.length) {
                opened.begin();
            }
            opened.scan();
            opened.moveTornEnd();
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Opens a file for reading. */
    static RecordFile read(Path file) throws IOException {
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            final RecordFile opened = new RecordFile(file, channel, null);
            opened.scan();
            return opened;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public byte[] read(int index) throws IOException {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("no such record: index=" + index + ", size=" + size);
        }
        final long offset = offsets[index];
        final long next = index + 1 == size ? end : offsets[index + 1];
        buffer.clear().limit((int) (next - offset));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("the file became shorter: " + file);
            }
        }
        buffer.flip();
        final int length = buffer.getInt();
        final int sum = buffer.getInt();
        final byte[] record = new byte[length];
        buffer.get(record);
        if (sum != sum(length, ByteBuffer.wrap(record))) {
            throw new IOException("a record is damaged: " + file + ": index=" + index);
        }
        return record;
    }

    @Override
    public void append(byte[] record) throws IOException {
        if (lock == null) {
            throw new IllegalStateException("opened for reading: " + file);
        }
        if (record.length < 1 || record.length > OperationCodec.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a record has 1 to " + OperationCodec.MAX_LENGTH + " bytes: recordLength=" + record.length);
        }
        buffer.clear()
                .putInt(record.length)
                .putInt(sum(record.length, ByteBuffer.wrap(record)))
                .put(record)
                .flip();
        final long length = buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer, end + buffer.position());
        }
        add(end);
        end += length;
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    /** Brings what was appended to the disk and lets others write. */
    @Override
    public void close() throws IOException {
        try (lock;
                channel) {
            if (lock != null && channel.isOpen()) {
                channel.force(true);
            }
        }
    }

    private void begin() throws IOException {
        final ByteBuffer magic = ByteBuffer.wrap(MAGIC);
        while (magic.hasRemaining()) {
            channel.write(magic, magic.position());
        }
        channel.force(true);
    }

    /** Finds the records, up to the first that is not whole. */
    private void scan() throws IOException {
        final long length = channel.size();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
            if (length < MAGIC.length || content.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
                throw new IOException("not a log of operations, or of a newer version: " + file);
            }
            long offset = MAGIC.length;
            while (isWhole(content, offset)) {
                add(offset);
                offset += HEAD_LENGTH + content.get(BE_INT, offset);
            }
            end = offset;
        }
    }

    private boolean isWhole(MemorySegment content, long offset) {
        if (content.byteSize() - offset < HEAD_LENGTH) {
            return false;
        }
        final int length = content.get(BE_INT, offset);
        if (length < 1 || length > OperationCodec.MAX_LENGTH || length > content.byteSize() - offset - HEAD_LENGTH) {
            return false;
        }
        return sum(length, content.asSlice(offset + HEAD_LENGTH, length).asByteBuffer())
                == content.get(BE_INT, offset + Integer.BYTES);
    }

    private void moveTornEnd() throws IOException {
        final long length = channel.size();
        if (length == end) {
            return;
        }
        final Path torn = file.resolveSibling(file.getFileName() + ".torn-" + end);
        try (FileChannel target = FileChannel.open(
                torn, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            long moved = end;
            while (moved < length) {
                moved += channel.transferTo(moved, length - moved, target);
            }
            target.force(true);
        }
        channel.truncate(end);
        channel.force(true);
    }

    private int sum(int length, ByteBuffer record) {
        crc.reset();
        crc.update(length >>> 24);
        crc.update(length >>> 16);
        crc.update(length >>> 8);
        crc.update(length);
        crc.update(record);
        return (int) crc.getValue();
    }

    private void add(long offset) {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * size);
        }
        offsets[size++] = offset;
    }
}

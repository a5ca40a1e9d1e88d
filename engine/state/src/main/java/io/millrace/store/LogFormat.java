package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * The bytes of an {@link AppendLog}; all numbers little endian.
 *
 * <pre>
 *  offset  length  field
 *       0       8  magic          "MRLOG\0\0\0"
 *       8       4  version        1
 *      12       4  chunk length   in bytes
 *      16       8  durable        where the durable part ended at the last commit, or 0
 *      24      32  stop           {@link StopMark} of the last clean stop, or 0
 *    4096          chunks, each a sequence of records, padded to 8 bytes:
 *       0       4  length         of the payload; 0: nothing follows yet; 0xffffffff: the rest of the chunk is unused
 *       4       4  check          CRC-32C of the payload, xor the upper half of the 64-bit product of
 *                               position + length and 0x9e3779b97f4a7c15
 *       8          payload
 * </pre>
 *
 * <p>Version 0 had no durable mark: its field is zero, so that such a file is read as one of which nothing is known to be
 * durable. Earlier programs of version 1 left no mark of a clean stop, and leave an older one as it is.
 */
final class LogFormat {
    static final int HEADER_LENGTH = 4096;
    static final int RECORD_HEADER_LENGTH = 8;
    static final long DURABLE_OFFSET = 16;
    static final long STOP_OFFSET = 24;

    /** The record header that says that the rest of its chunk is unused. */
    static final long UNUSED = 0xffff_ffffL;

    private static final int VERSION = 1;
    private static final long MAGIC = 0x0000_0047_4f4c_524dL;
    private static final long VERSION_OFFSET = 8;
    private static final long CHUNK_OFFSET = 12;
    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE_INT = JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WORD = LE_LONG.varHandle().withInvokeExactBehavior();

    private LogFormat() {}

    /** Makes the header of a new file, or checks and brings up to date that of an old one. */
    static MemorySegment header(FileChannel channel, Arena arena, Path file, LogLayout layout) throws IOException {
        final boolean fresh = channel.size() < HEADER_LENGTH;
        if (fresh) {
            FileRoom.writeZeros(channel, 0, HEADER_LENGTH);
        }
        final MemorySegment header = map(channel, arena, 0, HEADER_LENGTH);
        if (header.get(LE_LONG, 0) == 0) {
            header.set(LE_INT, VERSION_OFFSET, VERSION);
            header.set(LE_INT, CHUNK_OFFSET, layout.chunkLength());
            header.set(LE_LONG, 0, MAGIC);
            channel.force(true);
            return header;
        }
        final int version = header.get(LE_INT, VERSION_OFFSET);
        final int chunkLength = header.get(LE_INT, CHUNK_OFFSET);
        if (header.get(LE_LONG, 0) != MAGIC) {
            throw new StoreException("not a log of this program: file=" + file);
        }
        if (version < 0 || version > VERSION) {
            throw new StoreException("written by a newer version of this program; use that one: file=" + file
                    + ", version=" + version + ", known=" + VERSION);
        }
        if (chunkLength != layout.chunkLength()) {
            throw new StoreException("the log was made with other chunks: file=" + file + ", wanted="
                    + layout.chunkLength() + ", made=" + chunkLength);
        }
        header.set(LE_INT, VERSION_OFFSET, VERSION);
        return header;
    }

    /**
     * Checks the header of a file that is only read.
     *
     * @return false if its writer has made the file and not yet its header: it has no records.
     */
    static boolean isReadable(FileChannel channel, Path file, LogLayout layout) throws IOException {
        final ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(header, 0);
        if (header.getLong(0) == 0) {
            return false;
        }
        if (header.getLong(0) != MAGIC) {
            throw new StoreException("not a log of this program: file=" + file);
        }
        final int version = header.getInt((int) VERSION_OFFSET);
        if (version < 0 || version > VERSION) {
            throw new StoreException("written by a newer version of this program; use that one: file=" + file
                    + ", version=" + version + ", known=" + VERSION);
        }
        final int chunkLength = header.getInt((int) CHUNK_OFFSET);
        if (chunkLength != layout.chunkLength()) {
            throw new StoreException("the log was made with other chunks: file=" + file + ", wanted="
                    + layout.chunkLength() + ", made=" + chunkLength);
        }
        return true;
    }

    static long durable(MemorySegment header) {
        return header.get(LE_LONG, DURABLE_OFFSET);
    }

    static void durable(MemorySegment header, long position) {
        header.set(LE_LONG, DURABLE_OFFSET, position);
    }

    /** Bytes that a record takes up, header and padding included. */
    static int spaceOf(int length) {
        return RECORD_HEADER_LENGTH + ((length + 7) & -8);
    }

    static long word(MemorySegment chunk, long offset) {
        return (long) WORD.getAcquire(chunk, offset);
    }

    /** Sets a record's header; a thread that sees it also sees all earlier writes. */
    static void word(MemorySegment chunk, long offset, long word) {
        WORD.setRelease(chunk, offset, word);
    }

    static int lengthOf(long word) {
        return (int) word;
    }

    /** A record's header. */
    static long word(int payloadSum, long position, int length) {
        final long mix = (position + length) * 0x9e37_79b9_7f4a_7c15L;
        return (long) (payloadSum ^ (int) (mix >>> 32)) << 32 | length;
    }

    static MemorySegment map(FileChannel channel, Arena arena, long position, long length) throws IOException {
        return channel.map(MapMode.READ_WRITE, position, length, arena);
    }
}

package io.millrace.rig.explain;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks the frame of a flight recording before the JDK's reader sees it: chunks one after another up to the end of the
 * file, events one after another up to the end of their chunk, metadata and constant pools where the header says. The
 * JDK's reader believes these lengths and offsets, and waits for ever for a chunk that is not finished.
 *
 * <pre>
 *   0  magic "FLR\0"          24  metadata, offset in the chunk
 *   4  version, 2 times 2     64  state, 0 when finished
 *   8  length of the chunk    67  flags, bit 0: compressed integers
 *  16  constant pools, offset 68  events: length, type, ...
 * </pre>
 *
 * <p>Takes one pass over the file. Values inside events are not checked.
 *
 * <p>Source: {@code jdk.jfr.internal.consumer.ChunkHeader} of JDK 25 for the layout.
 */
final class RecordingLayout {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MAGIC = 0x464C5200;
    private static final int LENGTH_OFFSET = 8;
    private static final int POOLS_OFFSET = 16;
    private static final int METADATA_OFFSET = 24;
    private static final int STATE_OFFSET = 64;
    private static final int FLAGS_OFFSET = 67;
    private static final int HEADER_LENGTH = 68;
    private static final int METADATA_TYPE = 0;
    private static final int POOLS_TYPE = 1;
    private static final int LONGEST_INTEGER = 9;
    private static final int BITS = 7;

    private final Path file;
    private final MemorySegment bytes;
    private boolean compressed;
    private long position;

    private RecordingLayout(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * Checks a file.
     *
     * @param file the recording.
     * @throws InputException if it is empty, cut, unfinished or damaged; names the file and the place.
     * @throws IOException if it cannot be read.
     */
    static void check(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InputException("a folder, not a flight recording: file=" + file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            check(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** The same of a recording in memory; {@code file} is for messages. */
    static void check(Path file, MemorySegment bytes) {
        if (bytes.byteSize() == 0) {
            throw new InputException("an empty file, not a flight recording: file=" + file);
        }
        final RecordingLayout layout = new RecordingLayout(file, bytes);
        for (long chunk = 0; chunk < bytes.byteSize(); ) {
            chunk = layout.chunk(chunk);
        }
    }

    private long chunk(long start) {
        final long left = bytes.byteSize() - start;
        if (left >= Integer.BYTES && bytes.get(INT, start) != MAGIC) {
            throw start == 0
                    ? new InputException("not a flight recording: file=" + file)
                    : damaged(start, "no chunk begins here");
        }
        if (left < HEADER_LENGTH) {
            throw damaged(start, "cut off in the header of a chunk");
        }
        final long length = bytes.get(LONG, start + LENGTH_OFFSET);
        if (bytes.get(JAVA_BYTE, start + STATE_OFFSET) != 0 || length == 0) {
            throw damaged(start, "a chunk that was never finished: its JVM still writes, or ended early");
        }
        if (length < HEADER_LENGTH || length > left) {
            throw damaged(start, "a chunk of " + length + " bytes, " + left + " are left");
        }
        compressed = (bytes.get(JAVA_BYTE, start + FLAGS_OFFSET) & 1) != 0;
        events(start, start + length);
        return start + length;
    }

    /** Walks the events of a chunk, then the chain of its constant pools, which leads from the last to the first. */
    private void events(long start, long end) {
        final long metadata = start + bytes.get(LONG, start + METADATA_OFFSET);
        final Map<Long, Long> before = new HashMap<>();
        boolean described = false;
        for (long event = start + HEADER_LENGTH; event < end; ) {
            position = event;
            final long length = integer(end);
            final long type = integer(end);
            if (length <= 0 || length > end - event) {
                throw damaged(event, "an event of " + length + " bytes");
            }
            if (type == METADATA_TYPE) {
                described |= event == metadata;
            } else if (type == POOLS_TYPE) {
                integer(end); // when it was written
                integer(end); // how long that took
                before.put(event, integer(end));
            }
            event += length;
        }
        if (!described) {
            throw damaged(start, "no metadata where the chunk's header says");
        }
        long pools = start + bytes.get(LONG, start + POOLS_OFFSET);
        while (true) {
            final Long step = before.get(pools);
            if (step == null || step > 0) {
                throw damaged(start, "no constant pool where the chunk says");
            }
            if (step == 0) {
                return;
            }
            pools += step;
        }
    }

    /** An integer of 7 bits a byte, the lowest first, or of 4 bytes where the chunk has those. */
    private long integer(long end) {
        if (!compressed) {
            if (end - position < Integer.BYTES) {
                throw damaged(position, "cut off in an event");
            }
            position += Integer.BYTES;
            return bytes.get(INT, position - Integer.BYTES);
        }
        long value = 0;
        for (int i = 0; i < LONGEST_INTEGER; i++) {
            if (position >= end) {
                throw damaged(position, "cut off in an event");
            }
            final long next = bytes.get(JAVA_BYTE, position++) & 0xFF;
            if (i == LONGEST_INTEGER - 1) {
                return value | (next << (BITS * i));
            }
            value |= (next & 0x7F) << (BITS * i);
            if (next < 0x80) {
                return value;
            }
        }
        throw new AssertionError("the last byte ends an integer");
    }

    private InputException damaged(long at, String why) {
        return new InputException("a damaged flight recording: file=" + file + ", byte " + at + ": " + why);
    }
}

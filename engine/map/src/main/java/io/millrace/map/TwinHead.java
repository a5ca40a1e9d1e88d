package io.millrace.map;

import io.millrace.crdt.type.CoverageHash;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.StoredTwinState.Coverage;
import io.millrace.memory.TrackedArena;
import io.millrace.store.FileRoom;
import io.millrace.store.OwnerOnly;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file {@code head} of a twin's state: its checkpoint. Two slots are written in turn, so that one of them is whole
 * whenever the process dies.
 *
 * <pre>
 *  offset  length  field of the file; numbers little endian
 *       0       8  magic        "MRTWIN1\0"
 *       8      16  twin         name of the document
 *      24      32  secret       key of this file's hashes
 *      64      96  slot 0
 *     160      96  slot 1
 *
 *  offset  length  field of a slot
 *       0       4  number       of the checkpoint; 0: none
 *       4       4  check        CRC-32C of the rest of the slot, after number
 *       8       4  records      of the log
 *      12       4  generations  number of maps
 *      16       8  entries      in all maps
 *      24       8  unused
 *      32      32  coverage     hash
 *      64      32  sum          of the hashes of all entries, four numbers modulo 2^64
 * </pre>
 *
 * <p>Not thread safe.
 */
final class TwinHead {
    static final int SECRET_LENGTH = 32;
    private static final long MAGIC = 0x0031_4e49_5754_524dL;
    private static final int TWIN_OFFSET = 8;
    private static final int SECRET_OFFSET = 24;
    private static final int SLOTS_OFFSET = 64;
    private static final int SLOT_LENGTH = 96;
    private static final int LENGTH = SLOTS_OFFSET + 2 * SLOT_LENGTH;
    private static final int RECORDS = 8;
    private static final int GENERATIONS = 12;
    private static final int ENTRIES = 16;
    private static final int COVERAGE = 32;
    private static final int SUM = 64;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final FileChannel channel;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private final CRC32C crc = new CRC32C();
    private int number;

    /**
     * Content of a slot.
     *
     * @param coverage part of the log.
     * @param generations number of maps.
     * @param entries in all maps.
     * @param sum of the hashes of all entries, four numbers.
     */
    record Checkpoint(Coverage coverage, int generations, long entries, List<Long> sum) {}

    /** Opens the file, and makes it where there is none. */
    TwinHead(Path file) throws IOException {
        this.channel =
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.size() < LENGTH) {
                FileRoom.writeZeros(channel, channel.size(), LENGTH - channel.size());
            }
            this.memory = channel.map(MapMode.READ_WRITE, 0, LENGTH, arena);
            this.bytes = memory.asByteBuffer();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether the file is of this document; else it has no checkpoint that matters. */
    boolean isOf(MemorySegment twin) {
        return memory.get(LONG, 0) == MAGIC
                && memory.asSlice(TWIN_OFFSET, twin.byteSize()).mismatch(twin) < 0;
    }

    /** Begins anew, without a checkpoint. */
    void begin(MemorySegment twin, MemorySegment secret) {
        memory.asSlice(SLOTS_OFFSET).fill((byte) 0);
        number = 0;
        MemorySegment.copy(twin, 0, memory, TWIN_OFFSET, twin.byteSize());
        MemorySegment.copy(secret, 0, memory, SECRET_OFFSET, SECRET_LENGTH);
        memory.set(LONG, 0, MAGIC);
    }

    /** The key of this file's hashes; valid until it is closed. */
    MemorySegment secret() {
        return memory.asSlice(SECRET_OFFSET, SECRET_LENGTH);
    }

    /** The latest checkpoint that is whole. */
    Optional<Checkpoint> read() {
        int latest = -1;
        number = 0;
        for (int slot = 0; slot < 2; slot++) {
            final int at = SLOTS_OFFSET + slot * SLOT_LENGTH;
            final int found = memory.get(INT, at);
            if (found > number && memory.get(INT, at + 4L) == sum(at)) {
                number = found;
                latest = at;
            }
        }
        if (latest < 0) {
            return Optional.empty();
        }
        final List<Long> sum = new ArrayList<>(4);
        for (int i = 0; i < 4; i++) {
            sum.add(memory.get(LONG, latest + SUM + 8L * i));
        }
        return Optional.of(new Checkpoint(
                new Coverage(memory.get(INT, latest + RECORDS), CoverageHash.read(memory, latest + COVERAGE)),
                memory.get(INT, latest + GENERATIONS),
                memory.get(LONG, latest + ENTRIES),
                sum));
    }

    /** Writes a checkpoint over the older one of the two. */
    void write(Coverage coverage, int generations, long entries, long[] sum) {
        number = number == Integer.MAX_VALUE ? 1 : number + 1;
        final int at = SLOTS_OFFSET + (number & 1) * SLOT_LENGTH;
        memory.set(INT, at, 0);
        VarHandle.releaseFence();
        memory.set(INT, at + RECORDS, coverage.records());
        memory.set(INT, at + GENERATIONS, generations);
        memory.set(LONG, at + ENTRIES, entries);
        coverage.hash().writeTo(memory, at + COVERAGE);
        for (int i = 0; i < sum.length; i++) {
            memory.set(LONG, at + SUM + 8L * i, sum[i]);
        }
        memory.set(INT, at + 4L, sum(at));
        VarHandle.releaseFence(); // whole before it counts
        memory.set(INT, at, number);
    }

    void force() throws IOException {
        channel.force(false);
    }

    void close() throws IOException {
        arena.close();
        channel.close();
    }

    private int sum(int at) {
        crc.reset();
        crc.update(bytes.limit(at + SLOT_LENGTH).position(at + RECORDS));
        bytes.clear();
        return (int) crc.getValue();
    }

    static {
        assert SUM + Identifier.LENGTH == SLOT_LENGTH;
    }
}

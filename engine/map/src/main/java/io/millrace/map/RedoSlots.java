package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.memory.TrackedArena;
import io.millrace.store.FileRoom;
import io.millrace.store.OwnerOnly;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The file {@code NAME.redo} of a map: values on their way over older ones. The library overwrites a value in
 * place and mends its checksum later, so that a process that dies in between would leave neither; a slot holds the new one
 * until all of it is there.
 *
 * <pre>
 *  offset  length  field of a slot, of which there are 16, each padded to 8 bytes; numbers little endian
 *       0       4  length + 1  of the value in bytes; 0: the slot is empty
 *       4       4  check       CRC-32C of key and value
 *       8          key
 *                  value
 * </pre>
 *
 * <p>Allocates nothing once it is open. Threading: a slot's monitor is held while an entry with one of its keys changes;
 * different slots are independent.
 */
final class RedoSlots {
    private static final int COUNT = 16;
    private static final int HEADER_LENGTH = 8;
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;
    private static final VarHandle WORD =
            JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle().withInvokeExactBehavior();

    /** All memory that a {@link Span} points into. */
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final FileChannel channel;
    private final int keyLength;
    private final TrackedArena arena = TrackedArena.shared();
    private final Slot[] slots = new Slot[COUNT];
    private volatile boolean used = true;

    private RedoSlots(FileChannel channel, int keyLength) {
        this.channel = channel;
        this.keyLength = keyLength;
    }

    /** Opens the slots of a map, and makes them where there are none. */
    static RedoSlots open(Path file, MapLayout layout) throws IOException {
        final RedoSlots redo = new RedoSlots(
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                layout.keyLength());
        try {
            final int length = (HEADER_LENGTH + layout.keyLength() + layout.maxValueLength() + 7) & -8;
            final long size = redo.channel.size();
            if (size < (long) COUNT * length) {
                FileRoom.writeZeros(redo.channel, size, (long) COUNT * length - size);
            }
            for (int i = 0; i < COUNT; i++) {
                final MemorySegment all = redo.channel.map(MapMode.READ_WRITE, (long) i * length, length, redo.arena);
                redo.slots[i] = new Slot(all, layout.keyLength());
            }
            return redo;
        } catch (IOException | RuntimeException e) {
            redo.close();
            throw e;
        }
    }

    /**
     * The slot for a key. The thread that changes the key's entry holds the slot's monitor until the library is done with
     * the entry, its checksum too: the library writes that last, just before it unlocks. So nothing older than the entry
     * can be held.
     */
    Slot slot(Span key) {
        used = true;
        return slots[stripe(key)];
    }

    /** Shows the changes that were on their way when the last process died, and empties the slots. */
    void replay(Replay replay) {
        final Span key = new Span();
        final Span value = new Span();
        for (Slot slot : slots) {
            synchronized (slot) {
                if (slot.holds(key, value)) {
                    replay.put(key, value);
                }
                slot.release();
            }
        }
    }

    /**
     * After a force of the map: no slot on the disk may bring back a value that an older durable one has followed since.
     */
    void force() throws IOException {
        if (used) {
            used = false;
            channel.force(false);
        }
    }

    /** The same in every process, so that replayed values are held in the same place. */
    private int stripe(Span key) {
        long hash = 0;
        for (int i = 0; i < keyLength; i++) {
            hash = (hash + MEMORY.get(JAVA_BYTE, key.address + i)) * MULTIPLIER;
        }
        return (int) (hash >>> Integer.SIZE) & (COUNT - 1);
    }

    void close() throws IOException {
        arena.close();
        channel.close();
    }

    /** Reads a slot. */
    @FunctionalInterface
    interface Replay {
        void put(Span key, Span value);
    }

    /** One entry on its way. */
    static final class Slot {
        private final MemorySegment memory;
        private final ByteBuffer bytes;
        private final CRC32C crc = new CRC32C();
        private final int keyLength;

        Slot(MemorySegment memory, int keyLength) {
            this.memory = memory;
            this.bytes = memory.asByteBuffer();
            this.keyLength = keyLength;
        }

        /** Holds an entry, before anything of it is written into the map. */
        void hold(Span key, Span value) {
            final long length = value.length;
            MemorySegment.copy(MEMORY, key.address, memory, HEADER_LENGTH, keyLength);
            MemorySegment.copy(MEMORY, value.address, memory, HEADER_LENGTH + keyLength, length);
            WORD.setRelease(memory, 0L, (long) sum(value.length) << 32 | length + 1);
            VarHandle.releaseFence(); // nothing of the map is written before
        }

        /** The entry is in the map, its checksum too. */
        void release() {
            WORD.setRelease(memory, 0L, 0L);
        }

        /** Points at the held value, if it is complete. */
        boolean holds(Span key, Span value) {
            final long word = (long) WORD.getAcquire(memory, 0L);
            final long length = (word & 0xffff_ffffL) - 1;
            if (length < 0 || length > memory.byteSize() - HEADER_LENGTH - keyLength) {
                return false;
            }
            key.of(memory, HEADER_LENGTH, keyLength);
            value.of(memory, HEADER_LENGTH + keyLength, (int) length);
            return (int) (word >>> 32) == sum((int) length);
        }

        private int sum(int length) {
            crc.reset();
            crc.update(bytes.limit(HEADER_LENGTH + keyLength + length).position(HEADER_LENGTH));
            return (int) crc.getValue();
        }
    }
}

package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.millrace.crdt.type.Stamp;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Properties in a twin's state. Layout: {@link TwinCells}. Copying a value out allocates nothing. Not thread safe. */
final class TwinProperties {
    private final TwinEntries entries;
    private final MemorySegment scratch;
    private final MemorySegment name;
    private final MemorySegment[] names = new MemorySegment[1 + Short.BYTES + TwinOperation.MAX_NAME_LENGTH + 1];
    private final MemorySegment key;

    TwinProperties(TwinEntries entries, TrackedArena arena, MemorySegment scratch) {
        this.entries = entries;
        this.scratch = scratch;
        this.name = arena.allocate(4096, 8);
        this.key = arena.allocate(TwinEntries.KEY_LENGTH, 8);
    }

    /** Writes or, with a null value, deletes a property; false if a later write has been here. */
    boolean write(String property, Value value, Stamp stamp) throws IOException {
        if (find(property) != TwinEntries.ABSENT && stamp.compareTo(TwinCells.stamp(scratch)) <= 0) {
            return false;
        }
        entries.put(key, scratch, TwinCells.property(scratch, property, value, stamp));
        return true;
    }

    Optional<Value> get(String property) {
        final int length = find(property);
        if (length == TwinEntries.ABSENT || scratch.get(JAVA_BYTE, TwinCells.PRESENT) == 0) {
            return Optional.empty();
        }
        return Optional.of(TwinCells.value(scratch, TwinCells.afterText(scratch, TwinCells.PROPERTY_KEY), length));
    }

    /** As {@link MapTwinState#property(MemorySegment, int, MemorySegment)}, whose arguments were checked. */
    int copy(MemorySegment property, int propertyLength, MemorySegment target) {
        name.set(JAVA_BYTE, 0, TwinCells.PROPERTY);
        name.set(JAVA_SHORT_UNALIGNED, 1, (short) propertyLength);
        MemorySegment.copy(property, 0, name, 1L + Short.BYTES, propertyLength);
        entries.name(key, named(1 + Short.BYTES + propertyLength));
        final int length = entries.get(key, scratch);
        if (length == TwinEntries.ABSENT || scratch.get(JAVA_BYTE, TwinCells.PRESENT) == 0) {
            return TwinEntries.ABSENT;
        }
        final int from = TwinCells.afterText(scratch, TwinCells.PROPERTY_KEY);
        if (length - from <= target.byteSize()) {
            MemorySegment.copy(scratch, from, target, 0, length - from);
        }
        return length - from;
    }

    private int find(String property) {
        name.set(JAVA_BYTE, 0, TwinCells.PROPERTY);
        entries.name(key, name, TwinCells.text(name, 1, property));
        return entries.get(key, scratch);
    }

    /** The first bytes of the name; made once for each length, so that reading allocates nothing. */
    private MemorySegment named(int length) {
        if (names[length] == null) {
            names[length] = name.asSlice(0, length);
        }
        return names[length];
    }
}

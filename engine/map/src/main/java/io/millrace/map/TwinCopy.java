package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.Stamp;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Copies a state in maps to the heap, with everything that it has overtaken. */
final class TwinCopy {
    private static final OperationId NO_OPERATION = new OperationId(0, 0, 0, 0);
    private static final ActorId NO_ACTOR = ActorId.read(MemorySegment.ofArray(new byte[ActorId.LENGTH]), 0);
    private static final Stamp NO_STAMP = new Stamp(0, NO_ACTOR, new Dot(NO_OPERATION, 0));

    private final Twin twin;
    private final TwinEntries entries;
    private final MemorySegment scratch;
    private final Map<String, Cell> cells = new HashMap<>();

    /** An element of a set, or a register: then {@code second} is null. */
    private record Cell(String first, String second, Map<Dot, Value> live, List<Dot> removed) {}

    TwinCopy(TwinId id, TwinEntries entries, MemorySegment scratch) {
        this.twin = new Twin(id);
        this.entries = entries;
        this.scratch = scratch;
    }

    Twin make() {
        final List<byte[]> keys = keys();
        each(keys, false);
        each(keys, true);
        cells.values().forEach(this::join);
        return twin;
    }

    /** No value can be looked up while entries are shown. */
    private List<byte[]> keys() {
        final List<byte[]> keys = new ArrayList<>();
        entries.forEach((key, first, whole) -> {
            final byte kind = first.get(JAVA_BYTE, 0);
            if (kind != TwinCells.COUNTER && kind != TwinCells.ACTOR) {
                final byte[] kept = Arrays.copyOf(key.toArray(JAVA_BYTE), TwinEntries.KEY_LENGTH + 1);
                kept[TwinEntries.KEY_LENGTH] = kind;
                keys.add(kept);
            }
        });
        return keys;
    }

    private void each(List<byte[]> keys, boolean dots) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment key = arena.allocate(TwinEntries.KEY_LENGTH, 8);
            for (final byte[] each : keys) {
                if (dots == (each[TwinEntries.KEY_LENGTH] == TwinCells.DOT)) {
                    MemorySegment.copy(each, 0, key, JAVA_BYTE, 0, TwinEntries.KEY_LENGTH);
                    take(HexFormat.of().formatHex(each, 0, TwinEntries.KEY_LENGTH), entries.get(key, scratch));
                }
            }
        }
    }

    private void take(String key, int length) {
        switch (scratch.get(JAVA_BYTE, 0)) {
            case TwinCells.PROPERTY -> property(length);
            case TwinCells.ELEMENT ->
                cells.put(
                        key,
                        new Cell(
                                TwinCells.text(scratch, TwinCells.CELL_NAMES),
                                TwinCells.text(scratch, TwinCells.afterText(scratch, TwinCells.CELL_NAMES)),
                                new HashMap<>(),
                                new ArrayList<>()));
            case TwinCells.REGISTER ->
                cells.put(
                        key,
                        new Cell(
                                TwinCells.text(scratch, TwinCells.CELL_NAMES),
                                null,
                                new HashMap<>(),
                                new ArrayList<>()));
            case TwinCells.DOT -> dot(length);
            case TwinCells.SHARE -> share();
            default -> throw new IllegalStateException("the state is damaged: an entry of no kind; remove its folder");
        }
    }

    private void property(int length) {
        final String name = TwinCells.text(scratch, TwinCells.PROPERTY_KEY);
        final Stamp stamp = TwinCells.stamp(scratch);
        if (scratch.get(JAVA_BYTE, TwinCells.PRESENT) == 0) {
            twin.properties().delete(name, stamp);
        } else {
            final int from = TwinCells.afterText(scratch, TwinCells.PROPERTY_KEY);
            twin.properties().set(name, TwinCells.value(scratch, from, length), stamp);
        }
    }

    private void dot(int length) {
        final String key = HexFormat.of()
                .formatHex(scratch.asSlice(TwinCells.DOT_CELL, TwinEntries.KEY_LENGTH)
                        .toArray(JAVA_BYTE));
        final Cell cell = cells.get(key);
        if (cell == null) {
            throw new IllegalStateException("the state is damaged: a dot of no element; remove its folder");
        }
        final Dot dot = TwinCells.dot(scratch, TwinCells.DOT_OPERATION);
        if (scratch.get(JAVA_BYTE, TwinCells.DOT_STATE) == TwinCells.LIVE) {
            cell.live.put(dot, TwinCells.value(scratch, TwinCells.DOT_VALUE, length));
        } else {
            cell.removed.add(dot);
        }
    }

    private void share() {
        final PnCounter.Sums sums = TwinCells.sums(scratch);
        final ActorId actor = ActorId.read(scratch, TwinCells.SHARE_ACTOR);
        twin.join(
                new TwinOperation.Count(
                        TwinCells.text(scratch, TwinCells.SHARE_NAME), sums.increments(), sums.decrements()),
                new Stamp(0, actor, NO_STAMP.dot()));
    }

    private void join(Cell cell) {
        if (cell.second != null) {
            cell.live
                    .keySet()
                    .forEach(dot ->
                            twin.join(new TwinOperation.Add(cell.first, cell.second), new Stamp(0, NO_ACTOR, dot)));
            twin.join(new TwinOperation.Remove(cell.first, cell.second, cell.removed), NO_STAMP);
        } else {
            // A register has a live dot: what overwrites a dot is a dot.
            cell.live.forEach((dot, value) ->
                    twin.join(new TwinOperation.Assign(cell.first, value, cell.removed), new Stamp(0, NO_ACTOR, dot)));
        }
    }
}

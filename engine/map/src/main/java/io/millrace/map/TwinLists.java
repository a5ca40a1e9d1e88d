package io.millrace.map;

import static io.millrace.map.TwinCells.CELL_NAMES;
import static io.millrace.map.TwinCells.DOT_CELL;
import static io.millrace.map.TwinCells.DOT_INDEX;
import static io.millrace.map.TwinCells.DOT_NEXT;
import static io.millrace.map.TwinCells.DOT_OPERATION;
import static io.millrace.map.TwinCells.DOT_PREVIOUS;
import static io.millrace.map.TwinCells.DOT_STATE;
import static io.millrace.map.TwinCells.DOT_VALUE;
import static io.millrace.map.TwinCells.FIRST_DOT;
import static io.millrace.map.TwinCells.FIRST_SHARE;
import static io.millrace.map.TwinCells.HEAD_LENGTH;
import static io.millrace.map.TwinCells.LIVE_COUNT;
import static io.millrace.map.TwinCells.NEXT_OF_ACTOR;
import static io.millrace.map.TwinCells.NEXT_OF_COUNTER;
import static io.millrace.map.TwinCells.SHARE_ACTOR;
import static io.millrace.map.TwinCells.SHARE_NAME;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.Value;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Changes and walks of the lists in a twin's state: the live dots of an element or register, doubly linked, and the shares of
 * a counter and of an actor. Every change costs the same, however long the lists are. Layout: {@link TwinCells}.
 *
 * <p>Not thread safe.
 */
final class TwinLists {
    private static final int K = TwinEntries.KEY_LENGTH;

    private final TwinEntries entries;
    private final MemorySegment message;
    private final MemorySegment cellKey;
    private final MemorySegment dotKey;
    private final MemorySegment otherKey;
    private final MemorySegment cell;
    private final MemorySegment dot;
    private final MemorySegment other;
    private int cellLength;

    TwinLists(TwinEntries entries, TrackedArena arena) {
        this.entries = entries;
        this.message = arena.allocate(4096, 8);
        this.cellKey = arena.allocate(K, 8);
        this.dotKey = arena.allocate(K, 8);
        this.otherKey = arena.allocate(K, 8);
        this.cell = arena.allocate(4096, 8);
        this.dot = arena.allocate(TwinEntries.MAX_LENGTH, 8);
        this.other = arena.allocate(TwinEntries.MAX_LENGTH, 8);
    }

    /** Finds an element or a register; false if it has never been named. The next calls are about it. */
    boolean find(byte kind, String first, String second) {
        message.set(JAVA_BYTE, 0, kind);
        int end = TwinCells.text(message, 1, first);
        end = second == null ? end : TwinCells.text(message, end, second);
        entries.name(cellKey, message, end);
        cellLength = entries.get(cellKey, cell);
        if (cellLength != TwinEntries.ABSENT) {
            return true;
        }
        cell.set(JAVA_BYTE, 0, kind);
        cell.set(JAVA_INT_UNALIGNED, LIVE_COUNT, 0);
        TwinCells.none(cell, FIRST_DOT);
        cellLength = TwinCells.text(cell, CELL_NAMES, first);
        cellLength = second == null ? cellLength : TwinCells.text(cell, cellLength, second);
        return false;
    }

    /** Number of live dots of the one that was found. */
    int liveCount() {
        return cell.get(JAVA_INT_UNALIGNED, LIVE_COUNT);
    }

    /** Adds a dot to the one that was found; false if it has been added or removed before. */
    boolean add(Dot added, Value value) throws IOException {
        name(added);
        if (entries.contains(dotKey)) {
            return false;
        }
        if (!TwinCells.isNone(cell, FIRST_DOT)) {
            TwinCells.copyKey(cell, FIRST_DOT, otherKey, 0);
            link(DOT_PREVIOUS, dotKey, 0);
        }
        header(added, TwinCells.LIVE);
        TwinCells.none(dot, DOT_PREVIOUS);
        TwinCells.copyKey(cell, FIRST_DOT, dot, DOT_NEXT);
        final int length = value == null ? DOT_VALUE : TwinCells.value(dot, DOT_VALUE, value);
        entries.put(dotKey, dot, length);
        TwinCells.copyKey(dotKey, 0, cell, FIRST_DOT);
        changeLive(1);
        return true;
    }

    /** Removes a dot, known or not, from the one that was found; false if it has been removed before. */
    boolean remove(Dot removed) throws IOException {
        name(removed);
        final int length = entries.get(dotKey, dot);
        if (length != TwinEntries.ABSENT && dot.get(JAVA_BYTE, DOT_STATE) == TwinCells.REMOVED) {
            return false;
        }
        if (length == TwinEntries.ABSENT) {
            changeLive(0); // a cell of which nothing is live is kept for its names
        } else {
            unlink();
            changeLive(-1);
        }
        header(removed, TwinCells.REMOVED);
        TwinCells.none(dot, DOT_PREVIOUS);
        TwinCells.none(dot, DOT_NEXT);
        entries.put(dotKey, dot, DOT_VALUE);
        return true;
    }

    /** Shows the live dots of the one that was found, with their values if it is a register. */
    void forEachLive(DotVisitor visitor) {
        TwinCells.copyKey(cell, FIRST_DOT, otherKey, 0);
        while (!TwinCells.isNone(otherKey, 0)) {
            final int length = require(entries.get(otherKey, other));
            visitor.dot(TwinCells.dot(other, DOT_OPERATION), other, length);
            TwinCells.copyKey(other, DOT_NEXT, otherKey, 0);
        }
    }

    /** Raises the sums of an actor in a counter; false if they are as high already. */
    boolean raise(String counter, ActorId actor, long increments, long decrements) throws IOException {
        final PnCounter.Sums before = sums(counter, actor);
        final long up = Math.max(before.increments(), increments);
        final long down = Math.max(before.decrements(), decrements);
        if (up == before.increments() && down == before.decrements()) {
            return false;
        }
        int length = entries.get(dotKey, dot);
        if (length == TwinEntries.ABSENT) {
            dot.set(JAVA_BYTE, 0, TwinCells.SHARE);
            actor.writeTo(dot, SHARE_ACTOR);
            length = TwinCells.text(dot, SHARE_NAME, counter);
            nameHead(counter);
            pushShare(NEXT_OF_COUNTER, TwinCells.COUNTER);
            nameHead(actor);
            pushShare(NEXT_OF_ACTOR, TwinCells.ACTOR);
        }
        dot.set(JAVA_LONG_UNALIGNED, TwinCells.INCREMENTS, up);
        dot.set(JAVA_LONG_UNALIGNED, TwinCells.DECREMENTS, down);
        entries.put(dotKey, dot, length);
        return true;
    }

    /** Sums of an actor in a counter. */
    PnCounter.Sums sums(String counter, ActorId actor) {
        message.set(JAVA_BYTE, 0, TwinCells.SHARE);
        final int end = TwinCells.text(message, 1, counter);
        actor.writeTo(message, end);
        entries.name(dotKey, message, end + (long) Identifier.LENGTH);
        return entries.get(dotKey, dot) == TwinEntries.ABSENT ? PnCounter.Sums.NONE : TwinCells.sums(dot);
    }

    /** Shows the shares of a counter. */
    void forEachShare(String counter, ShareVisitor visitor) {
        nameHead(counter);
        walk(NEXT_OF_COUNTER, visitor);
    }

    /** Shows the shares of an actor. */
    void forEachShare(ActorId actor, ShareVisitor visitor) {
        nameHead(actor);
        walk(NEXT_OF_ACTOR, visitor);
    }

    private void walk(int next, ShareVisitor visitor) {
        if (entries.get(otherKey, other) == TwinEntries.ABSENT) {
            return;
        }
        TwinCells.copyKey(other, FIRST_SHARE, otherKey, 0);
        while (!TwinCells.isNone(otherKey, 0)) {
            require(entries.get(otherKey, other));
            visitor.share(TwinCells.text(other, SHARE_NAME), TwinCells.sums(other));
            TwinCells.copyKey(other, next, otherKey, 0);
        }
    }

    /** Puts the share at the beginning of the list whose head is named. */
    private void pushShare(int next, byte kind) throws IOException {
        if (entries.get(otherKey, other) == TwinEntries.ABSENT) {
            TwinCells.none(dot, next);
        } else {
            TwinCells.copyKey(other, FIRST_SHARE, dot, next);
        }
        other.set(JAVA_BYTE, 0, kind);
        TwinCells.copyKey(dotKey, 0, other, FIRST_SHARE);
        entries.put(otherKey, other, HEAD_LENGTH);
    }

    private void nameHead(String counter) {
        message.set(JAVA_BYTE, 0, TwinCells.COUNTER);
        entries.name(otherKey, message, TwinCells.text(message, 1, counter));
    }

    private void nameHead(ActorId actor) {
        message.set(JAVA_BYTE, 0, TwinCells.ACTOR);
        actor.writeTo(message, 1);
        entries.name(otherKey, message, 1L + Identifier.LENGTH);
    }

    private void name(Dot named) {
        message.set(JAVA_BYTE, 0, TwinCells.DOT);
        TwinCells.copyKey(cellKey, 0, message, 1);
        TwinCells.dot(message, 1 + K, named);
        entries.name(dotKey, message, 1L + K + Identifier.LENGTH + Integer.BYTES);
    }

    private void header(Dot of, byte state) {
        dot.set(JAVA_BYTE, 0, TwinCells.DOT);
        dot.set(JAVA_BYTE, DOT_STATE, state);
        TwinCells.dot(dot, DOT_OPERATION, of);
        assert DOT_INDEX == DOT_OPERATION + Identifier.LENGTH;
        TwinCells.copyKey(cellKey, 0, dot, DOT_CELL);
    }

    /** Takes the live dot that was read out of the list. */
    private void unlink() throws IOException {
        if (TwinCells.isNone(dot, DOT_PREVIOUS)) {
            TwinCells.copyKey(dot, DOT_NEXT, cell, FIRST_DOT);
        } else {
            TwinCells.copyKey(dot, DOT_PREVIOUS, otherKey, 0);
            link(DOT_NEXT, dot, DOT_NEXT);
        }
        if (!TwinCells.isNone(dot, DOT_NEXT)) {
            TwinCells.copyKey(dot, DOT_NEXT, otherKey, 0);
            link(DOT_PREVIOUS, dot, DOT_PREVIOUS);
        }
    }

    /** Sets a link of the dot that {@code otherKey} names. */
    private void link(int field, MemorySegment to, int offset) throws IOException {
        final int length = require(entries.get(otherKey, other));
        TwinCells.copyKey(to, offset, other, field);
        entries.put(otherKey, other, length);
    }

    private void changeLive(int change) throws IOException {
        cell.set(JAVA_INT_UNALIGNED, LIVE_COUNT, liveCount() + change);
        entries.put(cellKey, cell, cellLength);
    }

    private static int require(int length) {
        if (length == TwinEntries.ABSENT) {
            throw new IllegalStateException("the state is damaged: a link leads nowhere; remove its folder");
        }
        return length;
    }

    /** Sees live dots. */
    @FunctionalInterface
    interface DotVisitor {
        /** One dot, with its entry of so many bytes. */
        void dot(Dot dot, MemorySegment entry, int length);
    }

    /** Sees shares. */
    @FunctionalInterface
    interface ShareVisitor {
        /** One actor's sums in one counter. */
        void share(String counter, PnCounter.Sums sums);
    }
}

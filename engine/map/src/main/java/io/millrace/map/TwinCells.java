package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.Stamp;
import io.millrace.crdt.type.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Layout of the values of a twin's state. Each begins with its kind; numbers are little endian; K is the 16-byte key of
 * another value, zeros for none; text is a length of two bytes and UTF-8.
 *
 * <pre>
 *  kind  value                                                              key: hash of kind and
 *     1  property: present 1, time 8, actor 32, operation 32, index 4,      key
 *        key text, value
 *     2  element: live dots 4, first live dot K, set text, element text     set, element
 *     3  register: live dots 4, first live dot K, register text             register
 *     4  dot: state 1, operation 32, index 4, cell K, previous K, next K,   cell K, operation, index
 *        value of a register's live dot
 *     5  share of a counter: increments 8, decrements 8, actor 32,          counter, actor
 *        next of counter K, next of actor K, counter text
 *     6  counter: first share K                                             counter
 *     7  actor: first share K                                               actor
 * </pre>
 */
final class TwinCells {
    static final byte PROPERTY = 1;
    static final byte ELEMENT = 2;
    static final byte REGISTER = 3;
    static final byte DOT = 4;
    static final byte SHARE = 5;
    static final byte COUNTER = 6;
    static final byte ACTOR = 7;

    static final byte LIVE = 1;
    static final byte REMOVED = 2;

    private static final int K = TwinEntries.KEY_LENGTH;

    static final int PRESENT = 1;
    static final int TIME = 2;
    static final int PROPERTY_ACTOR = 10;
    static final int PROPERTY_OPERATION = 42;
    static final int PROPERTY_INDEX = 74;
    static final int PROPERTY_KEY = 78;

    static final int LIVE_COUNT = 1;
    static final int FIRST_DOT = 5;
    static final int CELL_NAMES = FIRST_DOT + K;

    static final int DOT_STATE = 1;
    static final int DOT_OPERATION = 2;
    static final int DOT_INDEX = 34;
    static final int DOT_CELL = 38;
    static final int DOT_PREVIOUS = DOT_CELL + K;
    static final int DOT_NEXT = DOT_PREVIOUS + K;
    static final int DOT_VALUE = DOT_NEXT + K;

    static final int INCREMENTS = 1;
    static final int DECREMENTS = 9;
    static final int SHARE_ACTOR = 17;
    static final int NEXT_OF_COUNTER = 49;
    static final int NEXT_OF_ACTOR = NEXT_OF_COUNTER + K;
    static final int SHARE_NAME = NEXT_OF_ACTOR + K;

    static final int FIRST_SHARE = 1;
    static final int HEAD_LENGTH = FIRST_SHARE + K;

    private TwinCells() {}

    /** Writes text and gives the offset after it. */
    static int text(MemorySegment target, int offset, String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.set(JAVA_SHORT_UNALIGNED, offset, (short) bytes.length);
        MemorySegment.copy(bytes, 0, target, JAVA_BYTE, offset + Short.BYTES, bytes.length);
        return offset + Short.BYTES + bytes.length;
    }

    static String text(MemorySegment source, int offset) {
        final byte[] bytes = new byte[source.get(JAVA_SHORT_UNALIGNED, offset)];
        MemorySegment.copy(source, JAVA_BYTE, offset + Short.BYTES, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Offset after the text at {@code offset}. */
    static int afterText(MemorySegment source, int offset) {
        return offset + Short.BYTES + source.get(JAVA_SHORT_UNALIGNED, offset);
    }

    static int value(MemorySegment target, int offset, Value value) {
        final byte[] bytes = value.toBytes();
        MemorySegment.copy(bytes, 0, target, JAVA_BYTE, offset, bytes.length);
        return offset + bytes.length;
    }

    static Value value(MemorySegment source, int offset, int end) {
        return Value.of(source.asSlice(offset, (long) end - offset).toArray(JAVA_BYTE));
    }

    static void dot(MemorySegment target, int offset, Dot dot) {
        dot.operation().writeTo(target, offset);
        target.set(JAVA_INT_UNALIGNED, offset + Identifier.LENGTH, dot.index());
    }

    static Dot dot(MemorySegment source, int offset) {
        return new Dot(
                OperationId.read(source, offset), source.get(JAVA_INT_UNALIGNED, offset + (long) Identifier.LENGTH));
    }

    /** Writes a property and gives its length; a null value is a deletion. */
    static int property(MemorySegment target, String key, Value value, Stamp stamp) {
        target.set(JAVA_BYTE, 0, PROPERTY);
        target.set(JAVA_BYTE, PRESENT, (byte) (value == null ? 0 : 1));
        target.set(JAVA_LONG_UNALIGNED, TIME, stamp.time());
        stamp.actor().writeTo(target, PROPERTY_ACTOR);
        dot(target, PROPERTY_OPERATION, stamp.dot());
        final int end = text(target, PROPERTY_KEY, key);
        return value == null ? end : value(target, end, value);
    }

    static Stamp stamp(MemorySegment property) {
        return new Stamp(
                property.get(JAVA_LONG_UNALIGNED, TIME),
                ActorId.read(property, PROPERTY_ACTOR),
                dot(property, PROPERTY_OPERATION));
    }

    static PnCounter.Sums sums(MemorySegment share) {
        return new PnCounter.Sums(
                share.get(JAVA_LONG_UNALIGNED, INCREMENTS), share.get(JAVA_LONG_UNALIGNED, DECREMENTS));
    }

    static boolean isNone(MemorySegment source, int offset) {
        return source.get(JAVA_LONG_UNALIGNED, offset) == 0 && source.get(JAVA_LONG_UNALIGNED, offset + 8L) == 0;
    }

    static void copyKey(MemorySegment from, int offset, MemorySegment to, int target) {
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, to, ValueLayout.JAVA_BYTE, target, K);
    }

    static void none(MemorySegment target, int offset) {
        target.asSlice(offset, K).fill((byte) 0);
    }
}

package io.millrace.crdt.op;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.Identifier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of a signed operation: an array of 1 to {@link #MAX_OPERATIONS} twin operations. A table of all fields is in
 * {@code src/docs/specs/crdt.md}.
 *
 * <p>Not thread safe.
 */
public final class PayloadCodec {
    /** Longest payload in bytes. */
    public static final int MAX_LENGTH = 65_536;

    /** Most operations in a payload. */
    public static final int MAX_OPERATIONS = 4096;

    private static final int SET = 1;
    private static final int DELETE = 2;
    private static final int ADD = 3;
    private static final int REMOVE = 4;
    private static final int COUNT = 5;
    private static final int ASSIGN = 6;

    /** Room to write in, of which no name or value can overrun the end before the length is looked at. */
    private final MemorySegment scratch = MemorySegment.ofArray(new byte[2 * MAX_LENGTH]);

    private final CborWriter writer = new CborWriter();
    private final CborReader reader = new CborReader();

    /** A codec with its scratch memory. */
    public PayloadCodec() {}

    /**
     * Encodes {@code operations}.
     *
     * @param operations 1 to {@link #MAX_OPERATIONS}.
     * @throws IllegalArgumentException if there are none or too many, a name is empty or too long, or the payload would be
     *     longer than {@link #MAX_LENGTH}.
     */
    public byte[] encode(List<TwinOperation> operations) {
        if (operations.isEmpty() || operations.size() > MAX_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a payload has 1 to " + MAX_OPERATIONS + " operations: count=" + operations.size());
        }
        writer.wrap(scratch, 0).array(operations.size());
        for (final TwinOperation operation : operations) {
            write(operation);
            if (writer.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("a payload has at most " + MAX_LENGTH + " bytes");
            }
        }
        final byte[] payload = writer.written().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        if (decode(payload).isEmpty()) {
            throw new IllegalArgumentException("a name, key or element has 1 to " + TwinOperation.MAX_NAME_LENGTH
                    + " bytes of UTF-8, and at most " + TwinOperation.MAX_DOTS + " ordered dots");
        }
        return payload;
    }

    /**
     * Decodes a payload.
     *
     * @param payload of any length; not changed.
     * @return an empty list if it is not one.
     */
    public List<TwinOperation> decode(byte[] payload) {
        reader.wrap(MemorySegment.ofArray(payload));
        final int count = reader.array(MAX_OPERATIONS);
        final List<TwinOperation> operations = new ArrayList<>(count);
        for (int i = 0; i < count && !reader.failed(); i++) {
            operations.add(read());
        }
        return reader.finish() ? operations : List.of();
    }

    private void write(TwinOperation operation) {
        switch (operation) {
            case TwinOperation.Set set ->
                writer.array(3)
                        .unsigned(SET)
                        .text(checked(set.key()))
                        .bytes(set.value().toBytes());
            case TwinOperation.Delete delete -> writer.array(2).unsigned(DELETE).text(checked(delete.key()));
            case TwinOperation.Add add ->
                writer.array(3).unsigned(ADD).text(checked(add.set())).text(checked(add.element()));
            case TwinOperation.Remove remove -> {
                writer.array(4).unsigned(REMOVE).text(checked(remove.set())).text(checked(remove.element()));
                writeDots(remove.seen());
            }
            case TwinOperation.Count count ->
                writer.array(4)
                        .unsigned(COUNT)
                        .text(checked(count.counter()))
                        .unsigned(count.increments())
                        .unsigned(count.decrements());
            case TwinOperation.Assign assign -> {
                writer.array(4)
                        .unsigned(ASSIGN)
                        .text(checked(assign.register()))
                        .bytes(assign.value().toBytes());
                writeDots(assign.overwritten());
            }
        }
    }

    /** Only so that it cannot overrun the scratch memory: the exact bound is in bytes, and checked by decoding. */
    private static String checked(String name) {
        if (name.length() > TwinOperation.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("a name, key or element has at most " + TwinOperation.MAX_NAME_LENGTH
                    + " bytes: nameLength=" + name.length());
        }
        return name;
    }

    private TwinOperation read() {
        final int fields = reader.array(4);
        final int code = (int) reader.unsigned(ASSIGN);
        if (fields != fieldCount(code)) {
            reader.fail();
        }
        final String name = readName();
        return switch (code) {
            case SET -> new TwinOperation.Set(name, readValue());
            case DELETE -> new TwinOperation.Delete(name);
            case ADD -> new TwinOperation.Add(name, readName());
            case REMOVE -> new TwinOperation.Remove(name, readName(), readDots());
            case COUNT ->
                new TwinOperation.Count(name, reader.unsigned(Long.MAX_VALUE), reader.unsigned(Long.MAX_VALUE));
            default -> new TwinOperation.Assign(name, readValue(), readDots());
        };
    }

    private static int fieldCount(int code) {
        return switch (code) {
            case DELETE -> 2;
            case SET, ADD -> 3;
            case REMOVE, COUNT, ASSIGN -> 4;
            default -> -1;
        };
    }

    private String readName() {
        final String name = reader.text(TwinOperation.MAX_NAME_LENGTH);
        if (name.isEmpty()) {
            reader.fail();
        }
        return name;
    }

    private Value readValue() {
        return Value.of(reader.bytes(Value.MAX_LENGTH));
    }

    private void writeDots(List<Dot> dots) {
        writer.array(dots.size());
        for (final Dot dot : dots) {
            if (writer.length() > MAX_LENGTH) {
                return;
            }
            writer.array(2).bytes(dot.operation().toBytes()).unsigned(dot.index());
        }
    }

    private List<Dot> readDots() {
        final int count = reader.array(TwinOperation.MAX_DOTS);
        final List<Dot> dots = new ArrayList<>();
        Dot last = null;
        for (int i = 0; i < count && !reader.failed(); i++) {
            reader.arrayOf(2);
            final byte[] operation = reader.exactly(Identifier.LENGTH);
            final int index = (int) reader.unsigned(MAX_OPERATIONS - 1L);
            if (reader.failed()) {
                break;
            }
            final Dot dot = new Dot(OperationId.read(MemorySegment.ofArray(operation), 0), index);
            if (last != null && last.compareTo(dot) >= 0) {
                reader.fail();
            }
            dots.add(dot);
            last = dot;
        }
        return dots;
    }
}

package io.millrace.cbor;

import static io.millrace.memory.Layouts.BE_INT;
import static io.millrace.memory.Layouts.BE_LONG;
import static io.millrace.memory.Layouts.BE_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Writes deterministic CBOR into a segment. Lengths and numbers take their shortest form; arrays and maps are of definite
 * length, and the caller writes as many items as it announced.
 *
 * <p>Not thread safe; reusable by {@link #wrap}. A full segment is an {@code IndexOutOfBoundsException}: callers know the
 * bound of their content.
 *
 * <p>Source: RFC 8949 sections 3 and 4.2.1.
 */
public final class CborWriter {
    private MemorySegment target = MemorySegment.NULL;
    private long start;
    private long position;

    /** A writer without a target: {@link #wrap} comes first. */
    public CborWriter() {}

    /**
     * Starts over at {@code offset} of {@code target}.
     *
     * @param target written to, on the heap or not; stays the caller's.
     * @param offset of the first byte, 0 or more.
     */
    public CborWriter wrap(MemorySegment target, long offset) {
        this.target = target;
        this.start = offset;
        this.position = offset;
        return this;
    }

    /** Offset in the target of the next byte. */
    public long position() {
        return position;
    }

    /** Bytes written since {@link #wrap}. */
    public long length() {
        return position - start;
    }

    /** Bytes written since {@link #wrap}: a slice of the target. */
    public MemorySegment written() {
        return target.asSlice(start, position - start);
    }

    /**
     * Length in bytes of the head of a string of {@code length} bytes, or of an array or map of as many items.
     *
     * @param length in bytes, or number of items, 0 or more.
     */
    public static int headLength(long length) {
        return Cbor.headLength(length);
    }

    /**
     * Writes a number, read as unsigned.
     *
     * @param value 0 to 2^64 - 1, as an unsigned number.
     */
    public CborWriter unsigned(long value) {
        return head(Cbor.UNSIGNED, value);
    }

    /**
     * Writes a number of either sign.
     *
     * @param value any number.
     */
    public CborWriter signed(long value) {
        return value < 0 ? head(Cbor.NEGATIVE, ~value) : head(Cbor.UNSIGNED, value);
    }

    /**
     * Writes a byte string.
     *
     * @param value 0 or more bytes, copied.
     */
    public CborWriter bytes(byte[] value) {
        return bytes(MemorySegment.ofArray(value));
    }

    /**
     * Writes a byte string: all of {@code value}.
     *
     * @param value 0 or more bytes, copied.
     */
    public CborWriter bytes(MemorySegment value) {
        return bytesHead(value.byteSize()).raw(value);
    }

    /**
     * Writes the head of a byte string of {@code length} bytes, which follow by {@link #raw}.
     *
     * @param length in bytes, 0 or more.
     */
    public CborWriter bytesHead(long length) {
        return head(Cbor.BYTES, length);
    }

    /**
     * Writes a text string.
     *
     * @param value text, written as UTF-8.
     */
    public CborWriter text(String value) {
        final byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return head(Cbor.TEXT, utf8.length).raw(MemorySegment.ofArray(utf8));
    }

    /**
     * Opens an array of {@code count} items.
     *
     * @param count number of items, 0 or more.
     */
    public CborWriter array(int count) {
        return head(Cbor.ARRAY, count);
    }

    /**
     * Opens a map of {@code count} pairs; the caller writes them in the order of their keys' encodings.
     *
     * @param count number of pairs, 0 or more.
     */
    public CborWriter map(int count) {
        return head(Cbor.MAP, count);
    }

    /**
     * Writes true or false.
     *
     * @param value written as one byte.
     */
    public CborWriter bool(boolean value) {
        return octet(value ? Cbor.TRUE : Cbor.FALSE);
    }

    /** Writes null. */
    public CborWriter nil() {
        return octet(Cbor.NULL);
    }

    /**
     * Writes bytes as they are: the body of a string after its head, or items that are encoded already.
     *
     * @param bytes copied; the caller answers for their encoding.
     */
    public CborWriter raw(MemorySegment bytes) {
        return raw(bytes, 0, bytes.byteSize());
    }

    /**
     * As {@link #raw}: {@code length} bytes from {@code offset} of {@code memory}.
     *
     * @param memory copied from; stays the caller's.
     * @param offset of the first byte, 0 or more.
     * @param length in bytes, 0 or more.
     */
    public CborWriter raw(MemorySegment memory, long offset, long length) {
        MemorySegment.copy(memory, offset, target, position, length);
        position += length;
        return this;
    }

    /**
     * As {@link #raw}: the four bytes of {@code value}, the most significant first.
     *
     * @param value any 32 bits.
     */
    public CborWriter rawInt(int value) {
        target.set(BE_INT, position, value);
        position += Integer.BYTES;
        return this;
    }

    /**
     * As {@link #raw}: the eight bytes of {@code value}, the most significant first.
     *
     * @param value any 64 bits.
     */
    public CborWriter rawLong(long value) {
        target.set(BE_LONG, position, value);
        position += Long.BYTES;
        return this;
    }

    private CborWriter head(int major, long argument) {
        final int type = major << 5;
        if (argument >= 0 && argument < Cbor.ONE_BYTE) {
            return octet(type | (int) argument); // most heads: kept small, so that it is inlined
        }
        return longHead(type, argument);
    }

    private CborWriter longHead(int type, long argument) {
        switch (Cbor.headLength(argument)) {
            case 2 -> octet(type | Cbor.ONE_BYTE).octet((int) argument);
            case 3 -> {
                octet(type | Cbor.TWO_BYTES);
                target.set(BE_SHORT, position, (short) argument);
                position += Short.BYTES;
            }
            case 5 -> {
                octet(type | Cbor.FOUR_BYTES);
                target.set(BE_INT, position, (int) argument);
                position += Integer.BYTES;
            }
            default -> {
                octet(type | Cbor.EIGHT_BYTES);
                target.set(BE_LONG, position, argument);
                position += Long.BYTES;
            }
        }
        return this;
    }

    private CborWriter octet(int value) {
        target.set(JAVA_BYTE, position++, (byte) value);
        return this;
    }
}

package io.millrace.cbor;

import static io.millrace.memory.Layouts.BE_INT;
import static io.millrace.memory.Layouts.BE_LONG;
import static io.millrace.memory.Layouts.BE_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads deterministic CBOR and refuses other input. The caller decides the types and asks for one item after
 * another; the first one that is missing, of another type or not in its shortest form makes the reader fail, for good.
 *
 * <p>A failed reader answers every further question with 0, an empty array or an empty string. So a caller reads a whole
 * structure and asks {@link #finish()} once, before it believes any of it; loops over a count are bounded by
 * {@link #array(int)}'s limit. Nothing throws on wrong bytes.
 *
 * <p>Not thread safe; reusable by {@link #wrap}.
 *
 * <p>Source: RFC 8949 sections 3 and 4.2.1.
 */
public final class CborReader {
    private static final byte[] NOTHING = new byte[0];

    private MemorySegment source = MemorySegment.NULL;
    private long position;
    private long end;
    private boolean failed;

    /** A reader without a source: {@link #wrap} comes first. */
    public CborReader() {}

    /**
     * Starts over with the {@code length} bytes from {@code offset} of {@code source}.
     *
     * @param source read from, on the heap or not; stays the caller's.
     * @param offset of the first byte, 0 or more.
     * @param length in bytes, 0 or more.
     */
    public CborReader wrap(MemorySegment source, long offset, long length) {
        if (offset < 0 || length < 0 || length > source.byteSize() - offset) {
            throw new IndexOutOfBoundsException("outside the source: offset=" + offset + ", length=" + length);
        }
        this.source = source;
        this.position = offset;
        this.end = offset + length;
        this.failed = false;
        return this;
    }

    /**
     * Starts over with all of {@code source}.
     *
     * @param source read from, on the heap or not; stays the caller's.
     */
    public CborReader wrap(MemorySegment source) {
        return wrap(source, 0, source.byteSize());
    }

    /** Offset in the source of the next byte. */
    public long position() {
        return position;
    }

    /** Whether something was refused. */
    public boolean failed() {
        return failed;
    }

    /** Whether bytes are left. */
    public boolean hasMore() {
        return !failed && position < end;
    }

    /** Whether everything that was asked for was there, and nothing is left. */
    public boolean finish() {
        return !failed && position == end;
    }

    /** Makes the reader fail: for a caller that refuses a value. */
    public void fail() {
        failed = true;
        position = end;
    }

    /** Major type of the next item, 0 to 7; -1 if there is none. */
    public int peekMajor() {
        return hasMore() ? octet(position) >>> 5 : -1;
    }

    /**
     * Reads a number from 0 to {@code max}, which is 0 or more.
     *
     * @param max greatest value accepted, 0 or more.
     */
    public long unsigned(long max) {
        final long value = head(Cbor.UNSIGNED);
        if (value < 0 || value > max) {
            fail();
            return 0;
        }
        return value;
    }

    /**
     * Reads a byte string of at most {@code maxLength} bytes.
     *
     * @param maxLength greatest length accepted, in bytes.
     */
    public byte[] bytes(int maxLength) {
        return array(Cbor.BYTES, 0, maxLength);
    }

    /**
     * Reads a byte string of exactly {@code length} bytes; a failed reader gives an empty array.
     *
     * @param length only length accepted, in bytes.
     */
    public byte[] exactly(int length) {
        return array(Cbor.BYTES, length, length);
    }

    /**
     * Reads the head of a byte string of {@code minLength} to {@code maxLength} bytes and passes over it.
     *
     * @param minLength least length accepted, in bytes.
     * @param maxLength greatest length accepted, in bytes.
     * @return its length; its last byte is before {@link #position()}.
     */
    public int skipBytes(int minLength, int maxLength) {
        return string(Cbor.BYTES, minLength, maxLength);
    }

    /**
     * Reads a text string of at most {@code maxLength} bytes of UTF-8.
     *
     * @param maxLength greatest length accepted, in bytes.
     */
    public String text(int maxLength) {
        final byte[] utf8 = array(Cbor.TEXT, 0, maxLength);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            fail();
            return "";
        }
    }

    /**
     * Reads the head of an array of at most {@code maxCount} items.
     *
     * @param maxCount greatest number of items accepted.
     */
    public int array(int maxCount) {
        return count(Cbor.ARRAY, maxCount);
    }

    /**
     * Reads the head of an array of exactly {@code count} items.
     *
     * @param count only number of items accepted.
     */
    public void arrayOf(int count) {
        if (count(Cbor.ARRAY, count) != count) {
            fail();
        }
    }

    /**
     * Reads the head of a map of at most {@code maxCount} pairs; the order of the keys is for the caller to check.
     *
     * @param maxCount greatest number of pairs accepted.
     */
    public int map(int maxCount) {
        return count(Cbor.MAP, maxCount);
    }

    /** Reads true or false. */
    public boolean bool() {
        if (takeOctet(Cbor.TRUE)) {
            return true;
        }
        if (!takeOctet(Cbor.FALSE)) {
            fail();
        }
        return false;
    }

    /** Passes over a null, if one comes next. */
    public boolean takeNull() {
        return takeOctet(Cbor.NULL);
    }

    private boolean takeOctet(int value) {
        if (!hasMore() || octet(position) != value) {
            return false;
        }
        position++;
        return true;
    }

    private byte[] array(int major, int minLength, int maxLength) {
        final int length = string(major, minLength, maxLength);
        if (length == 0) {
            return NOTHING;
        }
        final byte[] value = new byte[length];
        MemorySegment.copy(source, JAVA_BYTE, position - length, value, 0, length);
        return value;
    }

    private int string(int major, int minLength, int maxLength) {
        final long length = head(major);
        if (length < minLength || length > maxLength || length > end - position) {
            fail();
            return 0;
        }
        position += length;
        return (int) length;
    }

    private int count(int major, int maxCount) {
        final long count = head(major);
        if (count < 0 || count > maxCount) {
            fail();
            return 0;
        }
        return (int) count;
    }

    /** The argument of a head of that type; negative as a signed number from 2^63 on, 0 on failure. */
    private long head(int major) {
        if (!hasMore() || octet(position) >>> 5 != major) {
            fail();
            return 0;
        }
        final int information = octet(position++) & 0x1f;
        if (information < Cbor.ONE_BYTE) {
            return information;
        }
        if (information > Cbor.EIGHT_BYTES) {
            fail();
            return 0;
        }
        final int width = 1 << (information - Cbor.ONE_BYTE);
        if (end - position < width) {
            fail();
            return 0;
        }
        final long argument = argument(width);
        position += width;
        if (Cbor.headLength(argument) != 1 + width) {
            fail(); // a shorter form exists
            return 0;
        }
        return argument;
    }

    private long argument(int width) {
        return switch (width) {
            case 1 -> octet(position);
            case 2 -> Short.toUnsignedLong(source.get(BE_SHORT, position));
            case 4 -> Integer.toUnsignedLong(source.get(BE_INT, position));
            default -> source.get(BE_LONG, position);
        };
    }

    private int octet(long at) {
        return source.get(JAVA_BYTE, at) & 0xff;
    }
}

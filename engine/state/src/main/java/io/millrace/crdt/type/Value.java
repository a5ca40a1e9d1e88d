package io.millrace.crdt.type;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Uninterpreted bytes: the value of a map entry or a register. Immutable, ordered as bytes are. */
public final class Value implements Comparable<Value> {
    /** Longest value in bytes. */
    public static final int MAX_LENGTH = 32_768;

    private final byte[] bytes;

    private Value(byte[] bytes) {
        if (bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a value has at most " + MAX_LENGTH + " bytes: valueLength=" + bytes.length);
        }
        this.bytes = bytes;
    }

    /**
     * A copy of {@code bytes}, at most {@link #MAX_LENGTH} of them.
     *
     * @param bytes copied.
     */
    public static Value of(byte[] bytes) {
        return new Value(bytes.clone());
    }

    /**
     * The UTF-8 of {@code text}.
     *
     * @param text any.
     */
    public static Value of(String text) {
        return new Value(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes, in an array of the caller's. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The bytes themselves, not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(Value other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}

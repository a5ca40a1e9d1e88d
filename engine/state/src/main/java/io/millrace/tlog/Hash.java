package io.millrace.tlog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A SHA-256 hash as a value: of a request, a leaf, a node or a root. Immutable; public data. */
public final class Hash {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Copies 32 bytes.
     *
     * @param bytes 32 bytes.
     * @throws IllegalArgumentException if there are more or fewer.
     */
    public static Hash of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a hash has " + LENGTH + " bytes: length=" + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /**
     * Copies the 32 bytes at {@code position}.
     *
     * @param memory read from.
     * @param position of the hash in bytes.
     */
    public static Hash of(MemorySegment memory, long position) {
        return new Hash(memory.asSlice(position, LENGTH).toArray(JAVA_BYTE));
    }

    /** Reads base64 with padding; empty or of another length is malformed. */
    static Hash ofBase64(String text) throws MalformedException {
        final byte[] decoded = Base64Lines.decode(text);
        if (decoded.length != LENGTH) {
            throw new MalformedException("a hash has " + LENGTH + " bytes: length=" + decoded.length);
        }
        return new Hash(decoded);
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /**
     * Copies the bytes to {@code position} in {@code memory}.
     *
     * @param memory written to.
     * @param position of the hash in bytes.
     */
    public void copyTo(MemorySegment memory, long position) {
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, position, LENGTH);
    }

    /** The bytes themselves, for this package, which does not write to them. */
    byte[] bytes() {
        return bytes;
    }

    /** Base64 with padding, as proofs and checkpoints write it. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}

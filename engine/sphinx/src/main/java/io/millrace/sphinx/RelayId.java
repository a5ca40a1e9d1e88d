package io.millrace.sphinx;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.Blake2b;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Name of a relay in routing commands: {@code BLAKE2b-128(its X25519 public key, personal "millrace-relayid")}.
 *
 * <p>A value off the packet path; there, an id is two longs.
 *
 * @param low the first 8 bytes, as a little-endian number.
 * @param high the last 8 bytes, as a little-endian number.
 */
public record RelayId(long low, long high) {
    /** Length of an id in bytes. */
    public static final int LENGTH = 16;

    private static final byte[] DOMAIN = "millrace-relayid".getBytes(StandardCharsets.US_ASCII);

    /**
     * The id of the relay with this public key, 32 bytes, on the heap or not.
     *
     * @param publicKey 32 bytes, on the heap or not.
     */
    public static RelayId ofPublicKey(MemorySegment publicKey) {
        if (publicKey.byteSize() != SphinxGeometry.ALPHA_LENGTH) {
            throw new IllegalArgumentException("a public key is 32 bytes: publicKeyLength=" + publicKey.byteSize());
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment id = arena.allocate(LENGTH);
            final MemorySegment key =
                    arena.allocate(SphinxGeometry.ALPHA_LENGTH).copyFrom(publicKey);
            final MemorySegment domain = arena.allocateFrom(ValueLayout.JAVA_BYTE, DOMAIN);
            Blake2b.hash(id, key, MemorySegment.NULL, MemorySegment.NULL, domain);
            return read(id, 0);
        }
    }

    /**
     * Reads an id of 16 bytes at {@code position}.
     *
     * @param source read from, on the heap or not.
     * @param position of the id in bytes.
     */
    public static RelayId read(MemorySegment source, long position) {
        return new RelayId(source.get(LE_LONG, position), source.get(LE_LONG, position + Long.BYTES));
    }

    /**
     * Writes the 16 bytes of the id at {@code position}.
     *
     * @param target written to, on the heap or not.
     * @param position of the id in bytes.
     */
    public void writeTo(MemorySegment target, long position) {
        target.set(LE_LONG, position, low);
        target.set(LE_LONG, position + Long.BYTES, high);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param hex 32 hexadecimal digits.
     */
    public static RelayId ofHex(String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a relay id is 32 hexadecimal digits: relayId=" + hex);
        }
        return read(MemorySegment.ofArray(bytes), 0);
    }

    /** The 16 bytes in hexadecimal. */
    @Override
    public String toString() {
        final byte[] bytes = new byte[LENGTH];
        writeTo(MemorySegment.ofArray(bytes), 0);
        return HexFormat.of().formatHex(bytes);
    }
}

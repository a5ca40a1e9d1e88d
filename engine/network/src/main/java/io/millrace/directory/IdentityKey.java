package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Permanent public key of a relay or client, Ed25519, with the id that follows from it:
 * {@code BLAKE2b-128(public key, personal "millrace-ident-1")}.
 *
 * <p>The id names a relay in VRF inputs, receipts and links; the keys of its epochs change beneath it. Immutable and
 * thread safe.
 */
public final class IdentityKey {
    /** Length of the public key in bytes. */
    public static final int LENGTH = Ed25519.PUBLIC_KEY_LENGTH;

    /** Length of the id in bytes. */
    public static final int ID_LENGTH = 16;

    private static final byte[] PERSONAL = "millrace-ident-1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;
    private final byte[] id;

    private IdentityKey(byte[] key) {
        this.key = key;
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment hash = arena.allocate(ID_LENGTH);
            Blake2b.hash(
                    hash,
                    arena.allocateFrom(JAVA_BYTE, key),
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    arena.allocateFrom(JAVA_BYTE, PERSONAL));
            this.id = hash.toArray(JAVA_BYTE);
        }
    }

    /**
     * Copies a public key.
     *
     * @param key {@link #LENGTH} bytes; that they encode a point shows when a signature is verified.
     */
    public static IdentityKey of(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("an identity key is 32 bytes: identityKeyLength=" + key.length);
        }
        return new IdentityKey(key.clone());
    }

    /**
     * Takes the public half of a pair.
     *
     * @param pair not kept.
     */
    public static IdentityKey of(Ed25519KeyPair pair) {
        return new IdentityKey(pair.publicKey().toArray(JAVA_BYTE));
    }

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @param hex 64 hexadecimal digits.
     * @throws IllegalArgumentException if the text is anything else.
     */
    public static IdentityKey ofHex(String hex) {
        if (hex.length() != 2 * LENGTH) {
            throw new IllegalArgumentException("an identity key is 64 hexadecimal digits: identity=" + hex);
        }
        return new IdentityKey(HexFormat.of().parseHex(hex));
    }

    /** The public key, {@link #LENGTH} bytes; a copy. */
    public byte[] bytes() {
        return key.clone();
    }

    /** The id, {@link #ID_LENGTH} bytes; a copy. */
    public byte[] id() {
        return id.clone();
    }

    /** The id in 32 hexadecimal digits: for file names and reports. */
    public String idHex() {
        return HexFormat.of().formatHex(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityKey that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    /** The public key in 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(key);
    }
}

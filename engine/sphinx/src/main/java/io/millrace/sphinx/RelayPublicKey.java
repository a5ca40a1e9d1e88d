package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** A relay's X25519 public key, its profile and the id that follows from it: the client's knowledge of a hop. Immutable. */
public final class RelayPublicKey {
    /** Length of a public key in bytes. */
    public static final int LENGTH = SphinxGeometry.ALPHA_LENGTH;

    private final byte[] bytes;
    private final SphinxProfile profile;
    private final RelayId id;

    private RelayPublicKey(byte[] bytes, SphinxProfile profile) {
        this.bytes = bytes;
        this.profile = profile;
        this.id = RelayId.ofPublicKey(MemorySegment.ofArray(bytes));
    }

    /**
     * Copies the public key of a relay that speaks {@link SphinxProfile#MR1}.
     *
     * @param publicKey 32 bytes, on the heap or not; a canonical u-coordinate.
     */
    public static RelayPublicKey copyOf(MemorySegment publicKey) {
        return copyOf(publicKey, SphinxProfile.MR1);
    }

    /**
     * Copies a public key.
     *
     * @param publicKey 32 bytes, on the heap or not; a canonical u-coordinate.
     * @param profile that the key speaks.
     */
    public static RelayPublicKey copyOf(MemorySegment publicKey, SphinxProfile profile) {
        Objects.requireNonNull(profile, "profile");
        if (publicKey.byteSize() != LENGTH) {
            throw new IllegalArgumentException("a public key is 32 bytes: publicKeyLength=" + publicKey.byteSize());
        }
        if (!GroupElements.isCanonical(publicKey, 0)) {
            throw new IllegalArgumentException("the public key is not a canonical u-coordinate: publicKey="
                    + HexFormat.of().formatHex(publicKey.toArray(JAVA_BYTE)));
        }
        return new RelayPublicKey(publicKey.toArray(JAVA_BYTE), profile);
    }

    /** Profile that the key speaks. */
    public SphinxProfile profile() {
        return profile;
    }

    /** The relay's id. */
    public RelayId id() {
        return id;
    }

    /** The {@link #LENGTH} bytes; a copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** Writes the 32 bytes at {@code position}. */
    void writeTo(MemorySegment target, long position) {
        MemorySegment.copy(bytes, 0, target, JAVA_BYTE, position, LENGTH);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayPublicKey key && profile == key.profile && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The 32 bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}

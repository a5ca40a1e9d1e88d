package io.millrace.tlog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A public key that notes and receipts are checked with, as text {@code name+id+base64}. Immutable.
 *
 * <p>Source: C2SP signed-note, "Verifier keys"; C2SP tlog-cosignature for {@link Type#COSIGNATURE}.
 */
public final class VerifierKey {
    private final String name;
    private final Type type;
    private final byte[] publicKey;
    private final int keyId;

    /** Kind of notes that a key signs. */
    public enum Type {
        /** Notes, as a log does; and receipts, one by one. */
        NOTE(0x01),
        /** Checkpoints of others, with the time, as a witness does. */
        COSIGNATURE(0x04);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }
    }

    private VerifierKey(String name, Type type, byte[] publicKey) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a key name is not empty and has no spaces, plus signs or control characters: name=" + name);
        }
        if (publicKey.length != Ed25519.PUBLIC_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "a public key has " + Ed25519.PUBLIC_KEY_LENGTH + " bytes: length=" + publicKey.length);
        }
        this.name = name;
        this.type = type;
        this.publicKey = publicKey.clone();
        this.keyId = idOf(name, type, publicKey);
    }

    /**
     * A key of that name.
     *
     * @param name not empty, without spaces, plus signs and control characters; a URL without its scheme by custom.
     * @param type of the notes that it signs.
     * @param publicKey Ed25519, 32 bytes.
     */
    public static VerifierKey of(String name, Type type, byte[] publicKey) {
        return new VerifierKey(name, type, publicKey);
    }

    /**
     * Reads {@code name+id+base64}; the id must be that of the name and key.
     *
     * @param text in the form of C2SP's verifier keys.
     * @throws MalformedException if it is none; the message does not quote the text, which may be a file of secrets that
     *     was named by mistake.
     */
    public static VerifierKey parse(String text) throws MalformedException {
        final String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3 || !isName(parts[0])) {
            throw new MalformedException("not a verifier key, which is name+id+base64");
        }
        final byte[] material = Base64Lines.decode(parts[2]);
        if (material.length != 1 + Ed25519.PUBLIC_KEY_LENGTH) {
            throw new MalformedException("not a verifier key for Ed25519");
        }
        final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_LENGTH];
        System.arraycopy(material, 1, publicKey, 0, publicKey.length);
        for (Type type : Type.values()) {
            if (type.code == material[0]) {
                final VerifierKey key = new VerifierKey(parts[0], type, publicKey);
                if (!HexFormat.of().toHexDigits(key.keyId).equalsIgnoreCase(parts[1])) {
                    throw new MalformedException("the id of the verifier key is not its own");
                }
                return key;
            }
        }
        throw new MalformedException("a verifier key of an unknown type: type=" + material[0]);
    }

    /** Name; for a log also its origin. */
    public String name() {
        return name;
    }

    /** Kind of notes that it signs. */
    public Type type() {
        return type;
    }

    /** First four bytes of a hash over name, type and public key, big endian: a label, and no proof of anything. */
    public int keyId() {
        return keyId;
    }

    /** A copy of the 32 bytes of the public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * Whether {@code signature} is this key's over {@code message}, by the rule of {@link Ed25519}.
     *
     * @param signature of any length.
     * @param message that was signed.
     */
    public boolean verify(byte[] signature, byte[] message) {
        if (signature.length != Ed25519.SIGNATURE_LENGTH) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            return Ed25519.verify(
                    arena.allocateFrom(JAVA_BYTE, signature),
                    message.length == 0 ? MemorySegment.NULL : arena.allocateFrom(JAVA_BYTE, message),
                    arena.allocateFrom(JAVA_BYTE, publicKey));
        }
    }

    /** The text {@code name+id+base64}. */
    @Override
    public String toString() {
        final byte[] material = ByteBuffer.allocate(1 + publicKey.length)
                .put(type.code)
                .put(publicKey)
                .array();
        return name + "+" + HexFormat.of().toHexDigits(keyId) + "+"
                + Base64.getEncoder().encodeToString(material);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key && toString().equals(key.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** Whether a note may name a key so. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(each -> each == '+'
                                || Character.isWhitespace(each)
                                || Character.isSpaceChar(each)
                                || Character.isISOControl(each));
    }

    private static int idOf(String name, Type type, byte[] publicKey) {
        final MessageDigest digest = MerkleHash.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(type.code);
        return ByteBuffer.wrap(digest.digest(publicKey)).getInt();
    }
}

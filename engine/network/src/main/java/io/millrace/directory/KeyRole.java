package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.Hkdf;
import io.millrace.crypto.SecretKey;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A use of a relay's or client's root seed. Each role has its own key, {@code HKDF-SHA256(salt, root, info)} with 32 bytes
 * of output, so that a key serves one protocol and the root none.
 *
 * <p>Threading: any.
 *
 * <p>Source: RFC 5869; {@code src/docs/specs/directory.md}, section "Keys from one root".
 */
public enum KeyRole {
    /** Seed of the Ed25519 key that signs descriptors and disclosures: the permanent identity. */
    IDENTITY("", "millrace/identity/v1"),

    /** Seed of the ECVRF key that gives the delays. */
    VRF("", "millrace/vrf/v1"),

    /** Seed of the Ed25519 key that signs the operations of a twin. */
    TWIN("", "millrace/twin/v1"),

    /** Seed of the Ed25519 key that signs receipts and checkpoints. */
    RECEIPT_LOG("", "millrace/receipt-log/v1"),

    /** X25519 secret of the static end of links. */
    LINK("millrace link static key 1", "");

    /** Length of a root seed and of every derived seed in bytes. */
    public static final int SEED_LENGTH = SecretKey.LENGTH;

    private final String salt;
    private final String info;

    KeyRole(String salt, String info) {
        this.salt = salt;
        this.info = info;
    }

    /**
     * Derives the seed of this role.
     *
     * @param root native, {@link #SEED_LENGTH} bytes; not kept.
     * @return a new key, which its owner closes.
     */
    public SecretKey derive(MemorySegment root) {
        if (root.byteSize() != SEED_LENGTH) {
            throw new IllegalArgumentException("a root seed is 32 bytes: rootLength=" + root.byteSize());
        }
        final SecretKey derived = SecretKey.blank(SEED_LENGTH);
        try (Arena arena = Arena.ofConfined()) {
            Hkdf.derive(derived.segment(), ascii(arena, salt), root, ascii(arena, info));
        }
        return derived;
    }

    /**
     * Derives the identity key.
     *
     * @param root native, {@link #SEED_LENGTH} bytes; not kept.
     * @return a new pair, which its owner closes.
     */
    public static Ed25519KeyPair identityKey(MemorySegment root) {
        try (SecretKey seed = IDENTITY.derive(root)) {
            return Ed25519KeyPair.fromSeed(seed.segment());
        }
    }

    /**
     * Derives the VRF key.
     *
     * @param root native, {@link #SEED_LENGTH} bytes; not kept.
     * @return a new key, which its owner closes.
     */
    public static EcvrfSecretKey vrfKey(MemorySegment root) {
        try (SecretKey seed = VRF.derive(root)) {
            return EcvrfSecretKey.fromSeed(seed.segment());
        }
    }

    private static MemorySegment ascii(Arena arena, String text) {
        return text.isEmpty()
                ? MemorySegment.NULL
                : arena.allocateFrom(JAVA_BYTE, text.getBytes(StandardCharsets.US_ASCII));
    }
}

package io.millrace.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.natives.SodiumX25519;
import java.lang.foreign.MemorySegment;

/**
 * X25519 for single keys; the packet path takes {@link BatchCrypto#x25519}.
 *
 * <p>Secrets are any 32 bytes, clamped when used; bit 255 of a public key is ignored and non-canonical ones are
 * accepted, as the RFC demands. All segments are native and 32 bytes.
 *
 * <p>Source: RFC 7748 sections 5 and 6.1.
 */
public final class X25519Keys {
    /** Length of a secret key, a public key and a shared secret in bytes. */
    public static final int LENGTH = SodiumX25519.BYTES;

    private X25519Keys() {}

    /**
     * Writes the public key of {@code secretKey} to {@code publicKey}.
     *
     * @param publicKey native, receives 32 bytes.
     * @param secretKey native, 32 bytes.
     */
    public static void publicKey(MemorySegment publicKey, MemorySegment secretKey) {
        SodiumX25519.scalarmultBase(
                Operands.out("publicKey", publicKey, LENGTH), Operands.in("secretKey", secretKey, LENGTH));
    }

    /**
     * Writes the shared secret to {@code sharedSecret}. It is not uniformly random: hash it before use.
     *
     * @param sharedSecret native, receives 32 bytes.
     * @param secretKey native, 32 bytes.
     * @param publicKey native, 32 bytes of the other end.
     * @return false if {@code publicKey} is of low order, that is the result all zero: end the exchange.
     */
    public static boolean sharedSecret(MemorySegment sharedSecret, MemorySegment secretKey, MemorySegment publicKey) {
        return SodiumX25519.scalarmult(
                Operands.out("sharedSecret", sharedSecret, LENGTH),
                Operands.in("secretKey", secretKey, LENGTH),
                Operands.in("publicKey", publicKey, LENGTH));
    }
}

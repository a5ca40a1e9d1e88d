package io.millrace.crypto;

import io.millrace.natives.SodiumEd25519;
import java.lang.foreign.MemorySegment;

/**
 * Ed25519 verification, under one pinned rule: two nodes that check the same signature always agree.
 *
 * <p>A signature {@code R || S} under a public key {@code A} over a message {@code M} is accepted if and only if
 *
 * <ol>
 *   <li>{@code S} is less than the group order L (no malleability);
 *   <li>{@code A} is the canonical encoding of a point (y less than 2^255 - 19, and no sign bit where x is 0);
 *   <li>neither {@code A} nor {@code R} is of small order, that is one of the eight torsion points in any encoding;
 *   <li>the encoding of {@code [S]B - [SHA-512(R || A || M) mod L]A} is, byte for byte, {@code R}: the cofactorless
 *       equation, which also refuses every non-canonical {@code R}.
 * </ol>
 *
 * <p>Points with a torsion component and a prime-order one are not refused as such: for them the cofactorless
 * equation decides. This is the rule of libsodium since 1.0.16, and stricter than RFC 8032, which leaves the cofactor to
 * the implementer. A batch verifier must keep to it.
 *
 * <p>Signing is {@link Ed25519KeyPair}'s.
 *
 * <p>Source: RFC 8032 section 5.1.7; libsodium {@code crypto_sign/ed25519/ref10/open.c}.
 */
public final class Ed25519 {
    /** Length of a signature in bytes. */
    public static final int SIGNATURE_LENGTH = SodiumEd25519.SIGNATURE_BYTES;

    /** Length of a public key in bytes. */
    public static final int PUBLIC_KEY_LENGTH = SodiumEd25519.PUBLIC_KEY_BYTES;

    /** Length of a seed in bytes: the private key of RFC 8032. */
    public static final int SEED_LENGTH = SodiumEd25519.SEED_BYTES;

    private Ed25519() {}

    /**
     * Whether {@code signature} is valid under the rule above. Runs in variable time: nothing here is secret.
     *
     * @param signature native, 64 bytes.
     * @param message native, any length.
     * @param publicKey native, 32 bytes.
     */
    public static boolean verify(MemorySegment signature, MemorySegment message, MemorySegment publicKey) {
        return SodiumEd25519.verifyDetached(
                Operands.in("signature", signature, SIGNATURE_LENGTH),
                Operands.in("message", message),
                message.byteSize(),
                Operands.in("publicKey", publicKey, PUBLIC_KEY_LENGTH));
    }
}

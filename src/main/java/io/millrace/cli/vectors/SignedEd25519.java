package io.millrace.cli.vectors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * Ed25519 signing and verification: the examples of the RFC and the lines of the original {@code sign.input}.
 *
 * <p>Source: RFC 8032 section 7.1.
 */
final class SignedEd25519 extends ListShape {
    SignedEd25519() {
        super("ed25519 sign", "name", Set.of("secret", "public", "message", "signature"), Set.of("name"));
    }

    @Override
    void check(CaseFields fields) {
        final MemorySegment message = fields.bytes("message");
        final MemorySegment publicKey = fields.bytes("public");
        final MemorySegment signature = fields.bytes("signature");
        final MemorySegment signed = fields.blank(Ed25519.SIGNATURE_LENGTH);
        try (Ed25519KeyPair pair = Ed25519KeyPair.fromSeed(fields.bytes("secret"))) {
            Expectation.equal("public key", publicKey, pair.publicKey());
            pair.sign(signed, message);
        }
        Expectation.equal("signature", signature, signed);
        Expectation.verdict("verification", true, Ed25519.verify(signature, message, publicKey));
        signature.set(JAVA_BYTE, 0, (byte) (signature.get(JAVA_BYTE, 0) ^ 1));
        Expectation.verdict(
                "verification of a changed signature", false, Ed25519.verify(signature, message, publicKey));
    }
}

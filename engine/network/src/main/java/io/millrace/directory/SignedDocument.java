package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborReader;
import io.millrace.cbor.CborWriter;
import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Envelope of every document: a CBOR array of the body and an Ed25519 signature over {@code label || 00 || body}.
 *
 * <pre>
 *  82                     array of two
 *  58/59 length body      byte string: the body, deterministic CBOR
 *  58 40 signature        byte string, 64 bytes
 * </pre>
 */
final class SignedDocument {
    /** Longest document in bytes, envelope included. */
    static final int MAX_LENGTH = 4_096;

    private SignedDocument() {}

    /** Writes a body, signs it and returns the document. */
    static byte[] sign(String label, Ed25519KeyPair identity, Consumer<CborWriter> body) {
        try (Arena arena = Arena.ofConfined()) {
            final CborWriter writer = new CborWriter().wrap(arena.allocate(MAX_LENGTH), 0);
            body.accept(writer);
            final MemorySegment signature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
            identity.sign(signature, message(arena, label, writer.written()));
            final MemorySegment document = arena.allocate(MAX_LENGTH);
            return new CborWriter()
                    .wrap(document, 0)
                    .array(2)
                    .bytes(writer.written())
                    .bytes(signature)
                    .written()
                    .toArray(JAVA_BYTE);
        }
    }

    /**
     * Verifies the signature and returns the body.
     *
     * @throws DocumentException if the document is too long, malformed, or not signed by {@code identity}.
     */
    static byte[] open(String what, String label, byte[] document, IdentityKey identity) throws DocumentException {
        if (document.length > MAX_LENGTH) {
            throw new DocumentException(what + ": longer than " + MAX_LENGTH + " bytes: length=" + document.length);
        }
        final CborReader reader = new CborReader().wrap(MemorySegment.ofArray(document));
        reader.arrayOf(2);
        final byte[] body = reader.bytes(MAX_LENGTH);
        final byte[] signature = reader.exactly(Ed25519.SIGNATURE_LENGTH);
        if (!reader.finish()) {
            throw new DocumentException(what + ": not a signed document in deterministic CBOR");
        }
        try (Arena arena = Arena.ofConfined()) {
            if (!Ed25519.verify(
                    arena.allocateFrom(JAVA_BYTE, signature),
                    message(arena, label, MemorySegment.ofArray(body)),
                    arena.allocateFrom(JAVA_BYTE, identity.bytes()))) {
                throw new DocumentException(what + ": not signed by the identity key " + identity);
            }
        }
        return body;
    }

    private static MemorySegment message(Arena arena, String label, MemorySegment body) {
        final byte[] prefix = (label + "\0").getBytes(StandardCharsets.US_ASCII);
        final MemorySegment message = arena.allocate(prefix.length + body.byteSize());
        MemorySegment.copy(prefix, 0, message, JAVA_BYTE, 0, prefix.length);
        MemorySegment.copy(body, 0, message, prefix.length, body.byteSize());
        return message;
    }
}

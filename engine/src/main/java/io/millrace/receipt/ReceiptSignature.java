package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The signature of one receipt: Ed25519 over {@link #PREFIX} and the encoding. The prefix holds a byte that neither a note
 * nor a cosignature may contain, so that none can be taken for the other. Signing allocates nothing; one per thread.
 */
public final class ReceiptSignature {
    /** What is signed before the encoding: {@code millrace-receipt/v1} and a zero byte. */
    public static final String PREFIX = "millrace-receipt/v1\0";

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

    private final LogKey key;
    private final MemorySegment message;
    private final MemorySegment[] messages; // by the length of the encoding: slices made once
    private final MemorySegment signature;

    /** Signs with {@code key}; its memory lives in {@code arena}. */
    ReceiptSignature(Arena arena, LogKey key) {
        this.key = key;
        this.message = arena.allocate(PREFIX_BYTES.length + ReceiptEncoding.MAX_LENGTH, 64);
        MemorySegment.copy(PREFIX_BYTES, 0, message, JAVA_BYTE, 0, PREFIX_BYTES.length);
        this.messages = new MemorySegment[ReceiptEncoding.MAX_LENGTH + 1];
        for (int length = ReceiptEncoding.MIN_LENGTH; length < messages.length; length++) {
            messages[length] = message.asSlice(0, PREFIX_BYTES.length + length);
        }
        this.signature = arena.allocate(Ed25519.SIGNATURE_LENGTH, 64);
    }

    /** Signs the encoding of {@code length} bytes at {@code position} into {@code target}. */
    void sign(MemorySegment memory, long position, int length, MemorySegment target, long targetPosition) {
        MemorySegment.copy(memory, position, message, PREFIX_BYTES.length, length);
        key.sign(signature, messages[length]);
        MemorySegment.copy(signature, 0, target, targetPosition, Ed25519.SIGNATURE_LENGTH);
    }

    /** Whether {@code signature} is of {@code key} over the receipt with that encoding. */
    public static boolean verify(byte[] signature, byte[] encoding, VerifierKey key) {
        final byte[] message = new byte[PREFIX_BYTES.length + encoding.length];
        System.arraycopy(PREFIX_BYTES, 0, message, 0, PREFIX_BYTES.length);
        System.arraycopy(encoding, 0, message, PREFIX_BYTES.length, encoding.length);
        return key.type() == VerifierKey.Type.NOTE && key.verify(signature, message);
    }
}

package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.Ed25519;
import io.millrace.tlog.Hash;
import io.millrace.tlog.VerifierKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The signature of one receipt and its place in the log, 104 bytes:
 *
 * <pre>
 *  offset  length  field
 *       0       8  index of the receipt in the log, big endian
 *       8      32  prior: hash over all receipts before it, in their order
 *      40      64  Ed25519 over {@link #PREFIX}, index, prior and the encoding of the receipt
 * </pre>
 *
 * <p>The prior of a batch's first receipt is the root of the log before the batch; of each further one, the node hash of the
 * prior before and the leaf before. A receipt that is deleted, inserted or moved therefore breaks the signatures of all
 * that follow, and two signatures with one index and different priors show a fork.
 *
 * <p>The prefix contains a byte that neither a note nor a cosignature may contain, so that none can be taken for the other.
 * Signing allocates nothing; one per thread.
 */
public final class ReceiptSignature {
    /** Signed before everything else: {@code millrace-receipt/v2} and a zero byte. */
    public static final String PREFIX = "millrace-receipt/v2\0";

    /** Length in bytes of index, prior and signature. */
    public static final int LENGTH = Long.BYTES + Hash.LENGTH + Ed25519.SIGNATURE_LENGTH;

    /** Length in bytes of index and prior. */
    public static final int PLACE_LENGTH = Long.BYTES + Hash.LENGTH;

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final int INDEX_OFFSET = PREFIX_BYTES.length;
    private static final int PRIOR_OFFSET = INDEX_OFFSET + Long.BYTES;
    private static final int ENCODING_OFFSET = PRIOR_OFFSET + Hash.LENGTH;
    private static final ValueLayout.OfLong BE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final LogKey key;
    private final MemorySegment message;
    private final MemorySegment[] messages; // by the length of the encoding: slices made once
    private final MemorySegment signature;

    /** Signs with {@code key}; its memory lives in {@code arena}. */
    ReceiptSignature(Arena arena, LogKey key) {
        this.key = key;
        this.message = arena.allocate(ENCODING_OFFSET + ReceiptEncoding.MAX_LENGTH, 64);
        MemorySegment.copy(PREFIX_BYTES, 0, message, JAVA_BYTE, 0, PREFIX_BYTES.length);
        this.messages = new MemorySegment[ReceiptEncoding.MAX_LENGTH + 1];
        for (int length = ReceiptEncoding.MIN_LENGTH; length < messages.length; length++) {
            messages[length] = message.asSlice(0, ENCODING_OFFSET + length);
        }
        this.signature = arena.allocate(Ed25519.SIGNATURE_LENGTH, 64);
    }

    /**
     * Signs a receipt at its place.
     *
     * @param index of the receipt in the log.
     * @param prior native, 32 bytes; hash over the receipts before it.
     * @param memory holds the encoding of {@code length} bytes at {@code position}.
     * @param target receives the 64 bytes of the signature at {@code targetPosition}.
     */
    void sign(
            long index,
            MemorySegment prior,
            MemorySegment memory,
            long position,
            int length,
            MemorySegment target,
            long targetPosition) {
        message.set(BE_LONG, INDEX_OFFSET, index);
        MemorySegment.copy(prior, 0, message, PRIOR_OFFSET, Hash.LENGTH);
        MemorySegment.copy(memory, position, message, ENCODING_OFFSET, length);
        key.sign(signature, messages[length]);
        MemorySegment.copy(signature, 0, target, targetPosition, Ed25519.SIGNATURE_LENGTH);
    }

    /** Place and signature as a reader gives them out: {@link #LENGTH} bytes. */
    static byte[] of(long index, Hash prior, byte[] signature) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(index)
                .put(prior.toBytes())
                .put(signature)
                .array();
    }

    /**
     * Index of the receipt that {@code placed}, {@link #LENGTH} bytes, is about; it counts once the signature is verified.
     *
     * @param placed {@link #LENGTH} bytes.
     */
    public static long index(byte[] placed) {
        return ByteBuffer.wrap(placed).getLong();
    }

    /**
     * Whether a receipt was signed at that place.
     *
     * @param placed index, prior and signature; any other length is refused.
     * @param encoding of the receipt.
     * @param key of the log.
     */
    public static boolean verify(byte[] placed, byte[] encoding, VerifierKey key) {
        if (placed.length != LENGTH || key.type() != VerifierKey.Type.NOTE) {
            return false;
        }
        final byte[] message = ByteBuffer.allocate(ENCODING_OFFSET + encoding.length)
                .put(PREFIX_BYTES)
                .put(placed, 0, PLACE_LENGTH)
                .put(encoding)
                .array();
        return key.verify(Arrays.copyOfRange(placed, PLACE_LENGTH, LENGTH), message);
    }
}

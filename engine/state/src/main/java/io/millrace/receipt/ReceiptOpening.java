package io.millrace.receipt;

import io.millrace.crypto.Sha256;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MalformedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Shows which packets a receipt covers, to those who hold their delay tags: the nonce and the leaves of
 * {@link PacketCommitter}. Immutable.
 *
 * <pre>
 *  offset  length  field
 *       0      32  nonce
 *      32  16 each leaves, in ascending order
 * </pre>
 */
public final class ReceiptOpening {
    private final byte[] bytes;

    private ReceiptOpening(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads an opening.
     *
     * @param bytes copied.
     * @throws MalformedException if they are not the nonce and 1 to {@link PacketCommitter#MAX_PACKETS} leaves in order.
     */
    public static ReceiptOpening decode(byte[] bytes) throws MalformedException {
        final int leaves = bytes.length - PacketCommitter.NONCE_LENGTH;
        if (leaves < PacketCommitter.LEAF_LENGTH
                || leaves % PacketCommitter.LEAF_LENGTH != 0
                || leaves > PacketCommitter.MAX_PACKETS * PacketCommitter.LEAF_LENGTH) {
            throw new MalformedException("not the opening of a receipt: length=" + bytes.length);
        }
        final ReceiptOpening opening = new ReceiptOpening(bytes.clone());
        for (int i = 1; i < opening.packets(); i++) {
            if (Arrays.compareUnsigned(opening.leaf(i - 1), opening.leaf(i)) >= 0) {
                throw new MalformedException("the leaves of an opening are not in order: index=" + i);
            }
        }
        return opening;
    }

    /**
     * An opening that was just made.
     *
     * @param bytes nonce and leaves in order; copied.
     */
    public static ReceiptOpening of(byte[] bytes) {
        try {
            return decode(bytes);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("not an opening: " + e.getMessage(), e);
        }
    }

    /** Number of packets. */
    public int packets() {
        return (bytes.length - PacketCommitter.NONCE_LENGTH) / PacketCommitter.LEAF_LENGTH;
    }

    /** The encoding; a copy. */
    public byte[] encode() {
        return bytes.clone();
    }

    /**
     * Whether this is the opening of {@code receipt}: its digest and its number of packets fit.
     *
     * @param receipt any.
     */
    public boolean opens(Receipt receipt) {
        return receipt.result() == packets() && receipt.requestDigest().equals(digest());
    }

    /**
     * Whether the packet with this delay tag is among those that the receipt covers.
     *
     * @param tagLow first 8 bytes of the tag, little endian.
     * @param tagHigh its last 8 bytes.
     */
    public boolean covers(long tagLow, long tagHigh) {
        final byte[] wanted = PacketCommitter.leaf(Arrays.copyOf(bytes, PacketCommitter.NONCE_LENGTH), tagLow, tagHigh);
        for (int i = 0; i < packets(); i++) {
            if (Arrays.equals(leaf(i), wanted)) {
                return true;
            }
        }
        return false;
    }

    private Hash digest() {
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment digest = scratch.allocate(Hash.LENGTH);
            Sha256.hash(
                    digest,
                    scratch.allocateFrom(ValueLayout.JAVA_BYTE, PacketCommitter.DOMAIN),
                    scratch.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
            return Hash.of(digest.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private byte[] leaf(int index) {
        final int from = PacketCommitter.NONCE_LENGTH + index * PacketCommitter.LEAF_LENGTH;
        return Arrays.copyOfRange(bytes, from, from + PacketCommitter.LEAF_LENGTH);
    }
}

package io.millrace.receipt;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.Sha256;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Commits to a run of packets, so that a receipt's digest tells nothing of them, and the digest can be opened to those who
 * hold a packet's delay tag.
 *
 * <pre>
 *  leaf   = BLAKE2b-128(key = delay tag, input = nonce, personal "millrace-receipt")
 *  digest = SHA-256("millrace-packets/v1" 00 | nonce 32 | leaves 16 each, in ascending order)
 * </pre>
 *
 * <p>The nonce is random, one per run. Without it, not even a reader who holds every tag can tell which receipt covers a
 * packet; with nonce and leaves ({@link ReceiptOpening}) a reader finds the packets whose tags it holds, and no others. The
 * leaves are sorted by value, so that they tell no order of leaving.
 *
 * <p>Not thread safe. Allocates nothing after it was made.
 */
public final class PacketCommitter {
    /** Most packets of a run. */
    public static final int MAX_PACKETS = 512;

    static final int NONCE_LENGTH = 32;
    static final int LEAF_LENGTH = 16;
    static final byte[] DOMAIN = "millrace-packets/v1\0".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PERSONAL = "millrace-receipt".getBytes(StandardCharsets.US_ASCII);
    private static final ValueLayout.OfLong LE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int NONCE_OFFSET = DOMAIN.length;
    private static final int LEAVES_OFFSET = NONCE_OFFSET + NONCE_LENGTH;

    private final Randomness randomness;
    private final MemorySegment text;
    private final MemorySegment nonce;
    private final MemorySegment tag;
    private final MemorySegment leaf;
    private final MemorySegment personal;
    private final MemorySegment[] texts = new MemorySegment[MAX_PACKETS + 1]; // by number of packets
    private final long[] leaves = new long[2 * MAX_PACKETS];
    private int count;

    /**
     * Makes a committer.
     *
     * @param arena lives at least as long as this is used.
     * @param randomness of the nonces, which cannot be guessed.
     */
    public PacketCommitter(Arena arena, Randomness randomness) {
        this.randomness = randomness;
        this.text = arena.allocate(LEAVES_OFFSET + (long) MAX_PACKETS * LEAF_LENGTH, 8);
        this.nonce = arena.allocate(NONCE_LENGTH, 8);
        this.tag = arena.allocate(LEAF_LENGTH, 8);
        this.leaf = arena.allocate(LEAF_LENGTH, 8);
        this.personal = arena.allocate(Blake2b.PERSONAL_LENGTH, 8);
        personal.copyFrom(MemorySegment.ofArray(PERSONAL));
        MemorySegment.copy(DOMAIN, 0, text, ValueLayout.JAVA_BYTE, 0, DOMAIN.length);
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text.asSlice(0, LEAVES_OFFSET + (long) i * LEAF_LENGTH);
        }
    }

    /**
     * Commits to packets under a fresh nonce.
     *
     * @param tags delay tags, two little-endian words each.
     * @param packets 1 to {@link #MAX_PACKETS}.
     * @param digest native, receives 32 bytes.
     */
    public void commit(long[] tags, int packets, MemorySegment digest) {
        if (packets < 1 || packets > MAX_PACKETS) {
            throw new IllegalArgumentException("packets must be 1 to " + MAX_PACKETS + ": packets=" + packets);
        }
        randomness.fill(nonce);
        count = packets;
        for (int i = 0; i < packets; i++) {
            tag.set(LE_LONG, 0, tags[2 * i]);
            tag.set(LE_LONG, Long.BYTES, tags[2 * i + 1]);
            Blake2b.hash(leaf, nonce, tag, MemorySegment.NULL, personal);
            insert(i, leaf.get(LE_LONG, 0), leaf.get(LE_LONG, Long.BYTES));
        }
        tag.fill((byte) 0);
        MemorySegment.copy(nonce, 0, text, NONCE_OFFSET, NONCE_LENGTH);
        for (int i = 0; i < 2 * packets; i++) {
            text.set(LE_LONG, LEAVES_OFFSET + (long) i * Long.BYTES, leaves[i]);
        }
        Sha256.hash(digest, texts[packets]);
    }

    /** Length of the last run's opening in bytes: nonce and leaves. */
    public int openingLength() {
        return NONCE_LENGTH + count * LEAF_LENGTH;
    }

    /**
     * Copies the last run's opening, {@link #openingLength} bytes.
     *
     * @param target written to.
     * @param position of the opening in bytes.
     */
    public void copyOpening(MemorySegment target, long position) {
        MemorySegment.copy(text, NONCE_OFFSET, target, position, openingLength());
    }

    /** The leaf of one tag; for those who check. */
    static byte[] leaf(byte[] nonce, long tagLow, long tagHigh) {
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment out = scratch.allocate(LEAF_LENGTH);
            final MemorySegment key = scratch.allocate(LEAF_LENGTH);
            key.set(LE_LONG, 0, tagLow);
            key.set(LE_LONG, Long.BYTES, tagHigh);
            Blake2b.hash(
                    out,
                    scratch.allocateFrom(ValueLayout.JAVA_BYTE, nonce),
                    key,
                    MemorySegment.NULL,
                    scratch.allocateFrom(ValueLayout.JAVA_BYTE, PERSONAL));
            return out.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Into its place among the {@code sorted} leaves so far. */
    private void insert(int sorted, long low, long high) {
        int at = sorted;
        while (at > 0 && precedes(low, high, leaves[2 * at - 2], leaves[2 * at - 1])) {
            leaves[2 * at] = leaves[2 * at - 2];
            leaves[2 * at + 1] = leaves[2 * at - 1];
            at--;
        }
        leaves[2 * at] = low;
        leaves[2 * at + 1] = high;
    }

    private static boolean precedes(long low, long high, long otherLow, long otherHigh) {
        final int first = Long.compareUnsigned(Long.reverseBytes(low), Long.reverseBytes(otherLow));
        return first != 0 ? first < 0 : Long.compareUnsigned(Long.reverseBytes(high), Long.reverseBytes(otherHigh)) < 0;
    }
}

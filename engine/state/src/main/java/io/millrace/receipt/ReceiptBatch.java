package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cbor.CborWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Receipts that are to be appended together, already encoded, off the heap. Filling it allocates nothing. Not thread
 * safe.
 */
public final class ReceiptBatch {
    /** Most receipts of a batch. */
    public static final int MAX_CAPACITY = 4096;

    private final MemorySegment slots;
    private final CborWriter writer = new CborWriter();
    private final int capacity;
    private int count;

    /**
     * An empty batch.
     *
     * @param arena holds its memory.
     * @param capacity 1 to {@link #MAX_CAPACITY}.
     */
    public ReceiptBatch(Arena arena, int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "a batch has room for 1 to " + MAX_CAPACITY + " receipts: capacity=" + capacity);
        }
        this.capacity = capacity;
        this.slots = arena.allocate((long) capacity * BatchRecord.SLOT_LENGTH, 64);
    }

    /** Receipts in it. */
    public int count() {
        return count;
    }

    /** Most receipts that it takes. */
    public int capacity() {
        return capacity;
    }

    /** Whether it takes no more. */
    public boolean isFull() {
        return count == capacity;
    }

    /** Forgets its receipts. */
    public void clear() {
        count = 0;
    }

    /**
     * Adds a receipt, of which there must be room for one; see {@link Receipt} for the ranges.
     *
     * @param operationHigh first 8 bytes of the operation id.
     * @param operationLow last 8 bytes of the operation id.
     * @param twinHigh first 8 bytes of the twin id.
     * @param twinLow last 8 bytes of the twin id.
     * @param operation code, 0 to 65,535.
     * @param actorHigh first 8 bytes of the actor id.
     * @param actorLow last 8 bytes of the actor id.
     * @param timestampNs nanoseconds since 1970, 0 or more.
     * @param digest native; holds the request digest at {@code digestPosition}.
     * @param digestPosition of the 32 bytes in {@code digest}.
     * @param result 0 to 65,535.
     * @param keyId of the signing key.
     */
    public void add(
            long operationHigh,
            long operationLow,
            long twinHigh,
            long twinLow,
            int operation,
            long actorHigh,
            long actorLow,
            long timestampNs,
            MemorySegment digest,
            long digestPosition,
            int result,
            int keyId) {
        final long at = next();
        final int length = ReceiptEncoding.write(
                writer.wrap(slots, at + BatchRecord.ENCODING_OFFSET),
                operationHigh,
                operationLow,
                twinHigh,
                twinLow,
                operation,
                actorHigh,
                actorLow,
                timestampNs,
                digest,
                digestPosition,
                result,
                keyId);
        finish(at, length);
    }

    /**
     * Adds a receipt, of which there must be room for one.
     *
     * @param receipt copied.
     */
    public void add(Receipt receipt) {
        final byte[] encoding = ReceiptEncoding.encode(receipt);
        final long at = next();
        MemorySegment.copy(encoding, 0, slots, JAVA_BYTE, at + BatchRecord.ENCODING_OFFSET, encoding.length);
        finish(at, encoding.length);
    }

    /** The slots, as records hold them. */
    MemorySegment slots() {
        return slots;
    }

    private long next() {
        if (count == capacity) {
            throw new IllegalStateException("the batch is full: capacity=" + capacity);
        }
        return (long) count * BatchRecord.SLOT_LENGTH;
    }

    private void finish(long at, int length) {
        slots.set(JAVA_BYTE, at, (byte) length);
        for (long unused = at + BatchRecord.ENCODING_OFFSET + length; unused < at + BatchRecord.SLOT_LENGTH; unused++) {
            slots.set(JAVA_BYTE, unused, (byte) 0);
        }
        count++;
    }
}

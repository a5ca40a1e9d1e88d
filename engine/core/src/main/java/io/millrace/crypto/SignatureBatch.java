package io.millrace.crypto;

import io.millrace.memory.StatusArray;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.MemorySegment;

/**
 * Signatures to be verified together, copied off the heap, and their results. Each is verified by itself, under the rule
 * of {@link Ed25519}: a random combination of all of them would accept some that the rule refuses
 * ({@code src/docs/specs/crdt.md}).
 *
 * <p>One thread at a time; handed to another one safely, as {@link VerificationPool} does. The owner closes it.
 */
public final class SignatureBatch implements AutoCloseable {
    private static final long MAX_MESSAGES_LENGTH = 1L << 26;
    private static final int ALIGNMENT = 64;

    private final TrackedArena arena = TrackedArena.shared();
    private final int capacity;
    private final int messageLength;
    private final MemorySegment signatures;
    private final MemorySegment keys;
    private final MemorySegment messages;
    private final StatusArray valid;
    private int count;

    /**
     * Allocates room.
     *
     * @param capacity most signatures, 1 or more.
     * @param messageLength length of every message in bytes, 1 or more; all messages together are at most 64 MiB.
     */
    public SignatureBatch(int capacity, int messageLength) {
        if (capacity < 1 || messageLength < 1 || (long) capacity * messageLength > MAX_MESSAGES_LENGTH) {
            throw new IllegalArgumentException("must be positive, and all messages at most " + MAX_MESSAGES_LENGTH
                    + " bytes: capacity=" + capacity + ", messageLength=" + messageLength);
        }
        this.capacity = capacity;
        this.messageLength = messageLength;
        this.signatures = arena.allocate((long) capacity * Ed25519.SIGNATURE_LENGTH, ALIGNMENT);
        this.keys = arena.allocate((long) capacity * Ed25519.PUBLIC_KEY_LENGTH, ALIGNMENT);
        this.messages = arena.allocate((long) capacity * messageLength, ALIGNMENT);
        this.valid = new StatusArray(arena, capacity);
    }

    /** Signatures in it. */
    public int count() {
        return count;
    }

    /** Whether no other fits. */
    public boolean isFull() {
        return count == capacity;
    }

    /** Empties it. */
    public void clear() {
        count = 0;
    }

    /** Makes room for one more signature, to be written to the segments of that index. */
    public int add() {
        if (isFull()) {
            throw new IllegalStateException("the batch is full: capacity=" + capacity);
        }
        return count++;
    }

    /**
     * Where signature {@code index} goes: 64 bytes.
     *
     * @param index 0 to the capacity - 1.
     */
    public MemorySegment signature(int index) {
        return signatures.asSlice((long) index * Ed25519.SIGNATURE_LENGTH, Ed25519.SIGNATURE_LENGTH);
    }

    /**
     * Where message {@code index} goes.
     *
     * @param index 0 to the capacity - 1.
     */
    public MemorySegment message(int index) {
        return messages.asSlice((long) index * messageLength, messageLength);
    }

    /**
     * Where public key {@code index} goes: 32 bytes.
     *
     * @param index 0 to the capacity - 1.
     */
    public MemorySegment publicKey(int index) {
        return keys.asSlice((long) index * Ed25519.PUBLIC_KEY_LENGTH, Ed25519.PUBLIC_KEY_LENGTH);
    }

    /** Verifies all of them on this thread. */
    public void verify() {
        for (int i = 0; i < count; i++) {
            valid.set(i, Ed25519.verify(signature(i), message(i), publicKey(i)));
        }
    }

    /**
     * Whether signature {@code index} was valid at the last {@link #verify}.
     *
     * @param index 0 to the number of signatures - 1.
     */
    public boolean isValid(int index) {
        return valid.ok(index);
    }

    /** Frees the memory. */
    @Override
    public void close() {
        arena.close();
    }
}

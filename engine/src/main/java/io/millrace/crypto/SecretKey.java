package io.millrace.crypto;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Secret bytes off the heap: guarded by unmapped pages, out of swap and core dumps as far as the operating system
 * allows it (beyond {@code ulimit -l} it does not, silently), zeroed by {@link #close()}.
 *
 * <p>A key takes whole pages, so this is for keys, not for the secrets of a packet. {@link #close()} is off the hot
 * path: it makes every thread pass a handshake. The owner closes a key after its last use by any thread; the contents
 * appear in no message, {@code toString} or exception.
 */
public final class SecretKey implements AutoCloseable {
    /** Length of the keys of X25519, Ed25519 seeds, ChaCha20 and Poly1305 in bytes. */
    public static final int LENGTH = 32;

    private static final AtomicLong LIVE = new AtomicLong();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private SecretKey(long length) {
        if (length < 1) {
            throw new IllegalArgumentException("a secret key cannot be empty: length=" + length);
        }
        Sodium.require();
        this.segment = SodiumMemory.allocate(arena, length);
        LIVE.incrementAndGet();
    }

    /** Number of secret keys of this process that are open, so that a test can show that none was forgotten. */
    public static long liveCount() {
        return LIVE.get();
    }

    /** Draws {@link #LENGTH} bytes from {@code randomness}. */
    public static SecretKey generate(Randomness randomness) {
        return filled(LENGTH, randomness::fill);
    }

    /** Copies all of {@code source}, 1 byte or more, on the heap or not; wiping {@code source} is left to its owner. */
    public static SecretKey copyOf(MemorySegment source) {
        return filled(source.byteSize(), segment -> segment.copyFrom(source));
    }

    /**
     * Moves all of {@code source}, 1 byte or more, off the heap and fills {@code source} with zeros. Copies that the
     * garbage collector made before are out of reach.
     */
    public static SecretKey takeFrom(byte[] source) {
        try {
            return copyOf(MemorySegment.ofArray(source));
        } finally {
            Arrays.fill(source, (byte) 0);
        }
    }

    /** Allocates {@code length} zero bytes, 1 or more, for secrets that are computed in place. */
    public static SecretKey blank(int length) {
        final SecretKey key = new SecretKey(length);
        key.segment.fill((byte) 0);
        return key;
    }

    /** A key that {@code writer} fills; freed if that throws. */
    private static SecretKey filled(long length, Consumer<MemorySegment> writer) {
        final SecretKey key = new SecretKey(length);
        boolean complete = false;
        try {
            writer.accept(key.segment);
            complete = true;
            return key;
        } finally {
            if (!complete) {
                key.close();
            }
        }
    }

    /** Length in bytes. */
    public int length() {
        return (int) segment.byteSize();
    }

    /** Address of the bytes, for the operands of a batch; valid until {@link #close()}. */
    public long address() {
        return segment().address();
    }

    /**
     * The bytes themselves: native, writable, inaccessible after {@link #close()}.
     *
     * @throws IllegalStateException if the key is closed.
     */
    public MemorySegment segment() {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the secret key is closed");
        }
        return segment;
    }

    /** Zeroes and frees the bytes. A second call does nothing. */
    @Override
    public void close() {
        if (segment.scope().isAlive()) {
            arena.close();
            LIVE.decrementAndGet();
        }
    }

    /** Tells the length and nothing else. */
    @Override
    public String toString() {
        return "SecretKey[length=" + segment.byteSize() + "]";
    }
}

package io.millrace.crypto;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Secret bytes off the heap: guarded by unmapped pages, out of swap and core dumps as far as the operating system
 * allows it (beyond {@code ulimit -l} it does not, silently), zeroed by {@link #close()}.
 *
 * <p>A key takes whole pages, so a process may have 12,288 of them at once (beyond: {@link
 * SecretCellsExhaustedException}), and {@link #close()} makes every thread pass a handshake: this is for the keys of an
 * identity. Secrets of a handshake or a session are keys {@link #inCell}, which share pages and take no system
 * call to close. The owner closes a key after its last use by any thread; the contents appear in no message,
 * {@code toString} or exception.
 */
public final class SecretKey implements AutoCloseable {
    /** Length of the keys of X25519, Ed25519 seeds, ChaCha20 and Poly1305 in bytes. */
    public static final int LENGTH = 32;

    private static final AtomicLong LIVE = new AtomicLong();

    /** Longest key in bytes: larger secrets are many, and belong in memory that their owner divides. */
    public static final int MAX_LENGTH = 1 << 26;

    private final MemorySegment segment;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Frees the pages of the key; null if it is in a cell. */
    private final Arena arena;

    /** The whole cell; null if the key has pages to itself. */
    private final MemorySegment cell;

    private SecretKey(long length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("a secret key must be 1 to " + MAX_LENGTH + " bytes: length=" + length);
        }
        Sodium.require();
        SecretPages.shared().take();
        this.arena = Arena.ofShared();
        boolean complete = false;
        try {
            this.segment = SodiumMemory.allocate(arena, length);
            complete = true;
        } finally {
            if (!complete) {
                arena.close();
                SecretPages.shared().give();
            }
        }
        this.cell = null;
        LIVE.incrementAndGet();
    }

    private SecretKey(MemorySegment cell, int length) {
        this.arena = null;
        this.cell = cell;
        this.segment = cell.asSlice(0, length);
        LIVE.incrementAndGet();
    }

    /**
     * Takes a cell of zeros of {@link SecretCells#shared()}, for secrets that are computed in place. After
     * {@link #close()} the key gives its bytes to no caller any more; a segment that was taken from it before must not be
     * used, as it shows a wiped cell or another secret.
     *
     * @param length in bytes, 1 to {@link SecretCells#MAX_LENGTH}.
     * @throws SecretCellsExhaustedException if all cells that the process may have are in use.
     */
    public static SecretKey inCell(int length) {
        return new SecretKey(SecretCells.shared().acquire(length), length);
    }

    /** Number of secret keys of this process that are open, so that a test can show that none was forgotten. */
    public static long liveCount() {
        return LIVE.get();
    }

    /**
     * Draws {@link #LENGTH} bytes from {@code randomness}.
     *
     * @param randomness source of the bytes.
     */
    public static SecretKey generate(Randomness randomness) {
        return filled(LENGTH, randomness::fill);
    }

    /**
     * Copies all of {@code source}, 1 byte or more, on the heap or not; wiping {@code source} is left to its owner.
     *
     * @param source 1 byte or more; stays the caller's.
     */
    public static SecretKey copyOf(MemorySegment source) {
        return filled(source.byteSize(), segment -> segment.copyFrom(source));
    }

    /**
     * Moves all of {@code source}, 1 byte or more, off the heap and fills {@code source} with zeros. Copies that the
     * garbage collector made before are out of reach.
     *
     * @param source 1 byte or more; zero afterwards.
     */
    public static SecretKey takeFrom(byte[] source) {
        try {
            return copyOf(MemorySegment.ofArray(source));
        } finally {
            Arrays.fill(source, (byte) 0);
        }
    }

    /**
     * Allocates {@code length} zero bytes, 1 or more, for secrets that are computed in place.
     *
     * @param length in bytes, 1 or more.
     */
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

    /**
     * The bytes themselves: native, writable; inaccessible after {@link #close()}, unless the key is {@link #inCell}.
     *
     * @throws IllegalStateException if the key is closed.
     */
    public MemorySegment segment() {
        if (closed.get()) {
            throw new IllegalStateException("the secret key is closed");
        }
        return segment;
    }

    /**
     * Zeroes and frees the bytes. A second call does nothing.
     *
     * @throws IllegalStateException if a native call of another thread uses the bytes: the key stays open.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (arena != null) {
                closePages();
                SecretPages.shared().give();
            } else {
                SecretCells.shared().release(cell);
            }
            LIVE.decrementAndGet();
        }
    }

    private void closePages() {
        boolean complete = false;
        try {
            arena.close();
            complete = true;
        } finally {
            closed.set(complete);
        }
    }

    /** Tells the length and nothing else. */
    @Override
    public String toString() {
        return "SecretKey[length=" + segment.byteSize() + "]";
    }
}

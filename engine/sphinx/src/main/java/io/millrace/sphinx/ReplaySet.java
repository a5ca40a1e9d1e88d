package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.crypto.Randomness;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The replay tags that a relay has seen under one key: exact, bounded, off-heap. Closed together with its key's epoch.
 *
 * <p>Open addressing with linear probing: four tags to a cache line, at most {@link #MAX_LOAD_PERCENT} percent of the
 * table in use, which makes 21.4 bytes a tag. Where a tag lives depends on a secret key ({@link ReplaySetHash}). A tag is
 * never removed.
 *
 * <p>The whole table is allocated and zeroed by the constructor, on the caller's thread (about half a second per GiB,
 * most of it page faults, and several times that on a virtual machine that is given its memory page by page): a relay
 * makes the next set ahead of time and on another thread, and has then no page fault and no failure for want of memory
 * while packets flow.
 *
 * <p>Threading: one writer, handed over safely from the thread that constructed the set. No reader besides the writer,
 * but of {@link #size()}.
 *
 * <p>Source: Danezis and Goldberg, "Sphinx", section 3.6: the tags of an epoch are kept until its key is dropped.
 */
public final class ReplaySet implements AutoCloseable {
    /** The tag was new and is in the set now. */
    public static final int ADDED = 0;

    /** The tag was in the set already: drop the packet. */
    public static final int DUPLICATE = -1;

    /** The tag is new, and there is no room for it: drop the packet, since its replay could not be recognised. */
    public static final int FULL = -2;

    /** Largest part of the table in use, in percent. */
    public static final int MAX_LOAD_PERCENT = 75;

    /** Largest number of tags passed to {@link #insertAll}. */
    public static final int MAX_BATCH = 256;

    /** Largest capacity in tags: 4 billion, 86 GB. */
    public static final long MAX_CAPACITY = 1L << 32;

    private static final int TAG_LENGTH = 16;
    private static final int CACHE_LINE = 64;
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup()
                    .findVarHandle(ReplaySet.class, "size", long.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TrackedArena arena;
    private final MemorySegment table;
    private final ReplaySetHash hash;
    private final long capacity;
    private final long slotCount;
    private final long tableLength;
    private final long[] homes = new long[MAX_BATCH];

    /** Written by the writer, and by SIZE so that others see it. */
    private long size;

    /** An all-zero slot is empty, so the all-zero tag cannot be in the table. */
    private boolean hasZeroTag;

    /** Keeps the loads of the first pass of a batch from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /**
     * Allocates an empty set.
     *
     * @param capacity most tags it takes, 1 to {@link #MAX_CAPACITY}: packets a second times seconds an epoch.
     * @param hashKey0 first half of a secret key, from a cryptographic source, fresh for each set.
     * @param hashKey1 the other half.
     */
    public ReplaySet(long capacity, long hashKey0, long hashKey1) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity must be 1 to " + MAX_CAPACITY + ": capacity=" + capacity);
        }
        this.capacity = capacity;
        this.slotCount = capacity * 100 / MAX_LOAD_PERCENT + 1;
        this.tableLength = slotCount * TAG_LENGTH;
        this.hash = new ReplaySetHash(hashKey0, hashKey1);
        this.arena = TrackedArena.shared();
        this.table = arena.allocate(tableLength, CACHE_LINE);
    }

    /**
     * Allocates an empty set with a fresh secret hash key from {@code randomness}.
     *
     * @param capacity most tags, 1 or more.
     * @param randomness source of the hash key.
     */
    public static ReplaySet create(long capacity, Randomness randomness) {
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment key = scratch.allocate(JAVA_LONG, 2);
            randomness.fill(key);
            return new ReplaySet(capacity, key.getAtIndex(JAVA_LONG, 0), key.getAtIndex(JAVA_LONG, 1));
        }
    }

    /**
     * Inserts one tag.
     *
     * @param low bytes 0 to 7 of the tag as a little-endian word.
     * @param high bytes 8 to 15.
     * @return {@link #ADDED}, {@link #DUPLICATE} or {@link #FULL}.
     */
    public int insert(long low, long high) {
        return insertFrom(home(low, high), low, high);
    }

    /**
     * Inserts {@code count} tags in order; a tag that occurs twice is a {@link #DUPLICATE} the second time. Faster than
     * one by one in a set beyond the caches: their first cache misses overlap.
     *
     * @param count 0 to {@link #MAX_BATCH}.
     * @param lows first 8 bytes of each tag, little endian.
     * @param highs last 8 bytes of each tag, little endian.
     * @param outcomes receives {@link #ADDED}, {@link #DUPLICATE} or {@link #FULL} for each.
     */
    public void insertAll(int count, long[] lows, long[] highs, int[] outcomes) {
        for (int i = 0; i < count; i++) {
            homes[i] = home(lows[i], highs[i]);
        }
        // A separate loop, so short that the processor has all its misses under way at once.
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += table.get(JAVA_LONG, homes[i]);
        }
        touched = sum;
        for (int i = 0; i < count; i++) {
            outcomes[i] = insertFrom(homes[i], lows[i], highs[i]);
        }
    }

    /** Tags in the set; for another thread than the writer, a moment ago. */
    public long size() {
        return (long) SIZE.getOpaque(this);
    }

    /** Most tags it takes. */
    public long capacity() {
        return capacity;
    }

    /** Memory held, in bytes. */
    public long memoryLength() {
        return tableLength;
    }

    /** Forgets all tags and frees the memory. */
    @Override
    public void close() {
        arena.close();
    }

    /** Offset in bytes of the slot at which the search for a tag begins. */
    private long home(long low, long high) {
        // Multiply and take the upper half: any table length, no division, the hash's best bits.
        return Math.unsignedMultiplyHigh(hash.hash(low, high), slotCount) * TAG_LENGTH;
    }

    private int insertFrom(long home, long low, long high) {
        if ((low | high) == 0) {
            return insertZeroTag();
        }
        // Ends: at least one slot in four is empty.
        long at = home;
        while (true) {
            final long seenLow = table.get(JAVA_LONG, at);
            final long seenHigh = table.get(JAVA_LONG, at + Long.BYTES);
            if (seenLow == low && seenHigh == high) {
                return DUPLICATE;
            }
            if ((seenLow | seenHigh) == 0) {
                if (size == capacity) {
                    return FULL;
                }
                table.set(JAVA_LONG, at, low);
                table.set(JAVA_LONG, at + Long.BYTES, high);
                SIZE.setOpaque(this, size + 1);
                return ADDED;
            }
            at += TAG_LENGTH;
            if (at == tableLength) {
                at = 0;
            }
        }
    }

    private int insertZeroTag() {
        if (hasZeroTag) {
            return DUPLICATE;
        }
        if (size == capacity) {
            return FULL;
        }
        hasZeroTag = true;
        SIZE.setOpaque(this, size + 1);
        return ADDED;
    }
}

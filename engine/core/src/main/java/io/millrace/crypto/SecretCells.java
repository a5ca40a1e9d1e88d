package io.millrace.crypto;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Slab of guarded cells for many small secrets that come and go: handshakes, key schedules, cipher states. One guarded,
 * locked and not dumped region ({@link #REGION_LENGTH} bytes, 3 or 4 mappings) holds 128 to 2,048 cells of one size;
 * {@link SecretKey#inCell} takes them.
 *
 * <p>A cell is zero when it is taken and wiped when it is released. It is taken again after all that were released before
 * it; if it is not zero then, something wrote to it after its release, which is an {@link IllegalStateException}, and the
 * cell is not used any more. Guard pages surround a region, not each cell. Regions are kept once they are allocated.
 *
 * <p>May be used by several threads at once.
 */
public final class SecretCells {
    /** Bytes of one region. */
    public static final int REGION_LENGTH = 1 << 18;

    /** Bytes of the longest cell. */
    public static final int MAX_LENGTH = 2_048;

    /** The bound of a process in bytes, unless {@link #limit} sets another: some 300,000 sessions. */
    public static final long DEFAULT_LIMIT = 1L << 26;

    /** The least bound in bytes: a few regions of each size of cell. */
    public static final long LEAST_LIMIT = 1L << 23;

    private static final int MIN_LENGTH = 128;
    private static final int SIZES = Integer.numberOfTrailingZeros(MAX_LENGTH / MIN_LENGTH) + 1;
    private static final MemorySegment ZEROS = Arena.global().allocate(MAX_LENGTH);
    private static final SecretCells SHARED = new SecretCells(DEFAULT_LIMIT);

    private final ArrayDeque<MemorySegment>[] freeBySize;
    private long limit;
    private long regions;
    private long inUse;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    SecretCells(long limit) {
        this.limit = limit;
        this.freeBySize = new ArrayDeque[SIZES];
        for (int size = 0; size < SIZES; size++) {
            freeBySize[size] = new ArrayDeque<>();
        }
    }

    /** The slab of this process. */
    public static SecretCells shared() {
        return SHARED;
    }

    /**
     * Sets how much the regions may take; regions that are there already stay.
     *
     * @param bytes {@link #LEAST_LIMIT} or more; rounded down to whole regions.
     */
    public synchronized void limit(long bytes) {
        if (bytes < LEAST_LIMIT) {
            throw new IllegalArgumentException(
                    "the limit of guarded cells must be " + LEAST_LIMIT + " bytes or more: bytes=" + bytes);
        }
        limit = bytes;
    }

    /** Regions that were allocated. */
    public synchronized long regions() {
        return regions;
    }

    /** Cells that are in use now. */
    public synchronized long inUse() {
        return inUse;
    }

    /**
     * Takes a cell of zeros.
     *
     * @param length in bytes, 1 to {@link #MAX_LENGTH}.
     * @throws SecretCellsExhaustedException if there is none and no room for another region.
     */
    MemorySegment acquire(int length) {
        final int size = size(length);
        final MemorySegment cell;
        synchronized (this) {
            if (freeBySize[size].isEmpty()) {
                addRegion(size);
            }
            cell = freeBySize[size].poll();
            inUse++;
        }
        if (cell.mismatch(ZEROS.asSlice(0, cell.byteSize())) >= 0) {
            synchronized (this) {
                inUse--;
            }
            throw new IllegalStateException("a guarded cell was written after its release: length=" + cell.byteSize());
        }
        return cell;
    }

    /** Wipes a cell and takes it back; once only. */
    void release(MemorySegment cell) {
        SodiumMemory.memzero(cell, cell.byteSize());
        synchronized (this) {
            freeBySize[size((int) cell.byteSize())].add(cell);
            inUse--;
        }
    }

    private void addRegion(int size) {
        if ((regions + 1) * REGION_LENGTH > limit) {
            throw new SecretCellsExhaustedException("no guarded cell for another secret: " + inUse + " are in use, "
                    + regions * REGION_LENGTH + " bytes of at most " + limit + " are allocated");
        }
        Sodium.require();
        final MemorySegment region =
                SodiumMemory.allocate(Arena.global(), REGION_LENGTH).fill((byte) 0);
        final int length = MIN_LENGTH << size;
        for (int offset = 0; offset < REGION_LENGTH; offset += length) {
            freeBySize[size].add(region.asSlice(offset, length));
        }
        regions++;
    }

    private static int size(int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("a guarded cell has 1 to " + MAX_LENGTH + " bytes: length=" + length);
        }
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / MIN_LENGTH));
    }
}

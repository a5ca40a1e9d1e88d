package io.millrace.crdt;

import io.millrace.crdt.type.OperationId;
import io.millrace.crypto.Randomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The names of all operations of a graph by position, and back.
 *
 * <p>Open addressing in {@value #PARTS} parts that grow one at a time, so that no single insertion pays for all; names in
 * pages that are never copied. Arrays of longs only: nothing for a collector to follow. About 56 bytes a name. Authors
 * choose names within what hashing allows them, so where one lives depends on secret random numbers. That is why no map of
 * Agrona's serves: its keys would be objects, its hash has no secret, and it grows all at once.
 *
 * <p>Not thread safe.
 */
final class IdIndex {
    /** {@link #find}: no such name. */
    static final int ABSENT = -1;

    private static final int PARTS = 256;
    private static final int PART_SHIFT = 56;
    private static final int FIRST_PART_LENGTH = 16;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_IDS = 1 << PAGE_SHIFT;
    private static final int WORDS = 4;

    private final long multiplier0;
    private final long multiplier1;

    /** Each slot: upper 32 bits of the hash's lower half as a tag, then position + 1; 0 is empty. */
    private final long[][] parts = new long[PARTS][];

    private final int[] used = new int[PARTS];
    private long[][] pages = new long[16][];
    private int size;

    IdIndex(Randomness randomness) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment key = arena.allocate(ValueLayout.JAVA_LONG, 2);
            randomness.fill(key);
            multiplier0 = key.getAtIndex(ValueLayout.JAVA_LONG, 0) | 1;
            multiplier1 = key.getAtIndex(ValueLayout.JAVA_LONG, 1) | 1;
        }
    }

    int size() {
        return size;
    }

    /** Position of a name, or {@link #ABSENT}. */
    int find(OperationId id) {
        final long hash = hash(id.word(0), id.word(1));
        final long[] part = parts[(int) (hash >>> PART_SHIFT)];
        if (part == null) {
            return ABSENT;
        }
        final long tag = tag(hash);
        for (int at = home(hash, part.length); part[at] != 0; at = (at + 1) & (part.length - 1)) {
            if ((part[at] & ~0xffff_ffffL) == tag) {
                final int position = (int) part[at] - 1;
                if (isAt(position, id)) {
                    return position;
                }
            }
        }
        return ABSENT;
    }

    /** Adds a name that is not there; its position is the size before. */
    int add(OperationId id) {
        final int position = size;
        final int page = position >>> PAGE_SHIFT;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, 2 * page);
        }
        if (pages[page] == null) {
            pages[page] = new long[PAGE_IDS * WORDS];
        }
        final long[] words = pages[page];
        final int at = (position & (PAGE_IDS - 1)) * WORDS;
        words[at] = id.word(0);
        words[at + 1] = id.word(1);
        words[at + 2] = id.word(2);
        words[at + 3] = id.word(3);
        size++;
        insert(hash(id.word(0), id.word(1)), position);
        return position;
    }

    /** The name at a position. */
    OperationId get(int position) {
        final long[] words = pages[position >>> PAGE_SHIFT];
        final int at = (position & (PAGE_IDS - 1)) * WORDS;
        return new OperationId(words[at], words[at + 1], words[at + 2], words[at + 3]);
    }

    private boolean isAt(int position, OperationId id) {
        final long[] words = pages[position >>> PAGE_SHIFT];
        final int at = (position & (PAGE_IDS - 1)) * WORDS;
        return words[at] == id.word(0)
                && words[at + 1] == id.word(1)
                && words[at + 2] == id.word(2)
                && words[at + 3] == id.word(3);
    }

    private void insert(long hash, int position) {
        final int number = (int) (hash >>> PART_SHIFT);
        long[] part = parts[number];
        if (part == null) {
            part = new long[FIRST_PART_LENGTH];
            parts[number] = part;
        } else if (2 * (used[number] + 1) > part.length) {
            part = grown(part);
            parts[number] = part;
        }
        used[number]++;
        put(part, hash, position);
    }

    private long[] grown(long[] part) {
        final long[] grown = new long[2 * part.length];
        for (final long slot : part) {
            if (slot != 0) {
                final int position = (int) slot - 1;
                final long[] words = pages[position >>> PAGE_SHIFT];
                final int at = (position & (PAGE_IDS - 1)) * WORDS;
                put(grown, hash(words[at], words[at + 1]), position);
            }
        }
        return grown;
    }

    private static void put(long[] part, long hash, int position) {
        int at = home(hash, part.length);
        while (part[at] != 0) {
            at = (at + 1) & (part.length - 1);
        }
        part[at] = tag(hash) | (position + 1);
    }

    private static int home(long hash, int length) {
        return (int) (hash >>> 24) & (length - 1);
    }

    private static long tag(long hash) {
        return hash << 32;
    }

    private long hash(long word0, long word1) {
        final long mixed = (word0 ^ Long.rotateLeft(multiplier1, 32)) * multiplier0
                ^ Math.unsignedMultiplyHigh(word1 ^ multiplier0, multiplier1)
                ^ word1 * multiplier1;
        return mixed ^ mixed >>> 32 ^ mixed << 29;
    }
}

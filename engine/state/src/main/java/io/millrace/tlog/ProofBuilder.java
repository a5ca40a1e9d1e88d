package io.millrace.tlog;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes roots and proofs from the hashes of ranges of leaves, which it asks for all at once, so that a log is read once.
 *
 * <p>Source: RFC 9162 sections 2.1.1 to 2.1.4.
 */
public final class ProofBuilder {
    private final RangeHasher hasher;

    /**
     * Leaves {@code from} (inclusive) to {@code to} (exclusive), as a separate tree.
     *
     * @param from 0 or more.
     * @param to more than {@code from}.
     */
    public record Range(long from, long to) {}

    /** Knows the leaves. */
    @FunctionalInterface
    public interface RangeHasher {
        /**
         * The root of each range, in the order of the list; ranges do not overlap and rise.
         *
         * @param ranges of leaves, ascending and apart.
         */
        List<Hash> hash(List<Range> ranges);
    }

    /**
     * Takes hashes from {@code hasher}.
     *
     * @param hasher gives hashes of full subtrees.
     */
    public ProofBuilder(RangeHasher hasher) {
        this.hasher = hasher;
    }

    /**
     * The root of the tree of the first {@code size} leaves.
     *
     * @param size in leaves, 1 or more.
     */
    public Hash root(long size) {
        return size == 0
                ? MerkleHash.EMPTY_ROOT
                : hasher.hash(List.of(new Range(0, size))).getFirst();
    }

    /**
     * Proves that leaf {@code index} is in the tree of the first {@code size} leaves.
     *
     * @param index of the leaf.
     * @param size of the tree in leaves.
     */
    public InclusionProof inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no such leaf: index=" + index + ", size=" + size);
        }
        final List<Range> beside = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            final long middle = middle(from, to);
            if (index < middle) {
                beside.add(new Range(middle, to));
                to = middle;
            } else {
                beside.add(new Range(from, middle));
                from = middle;
            }
        }
        return new InclusionProof(index, size, hashes(beside.reversed()));
    }

    /**
     * Proves that the tree of the first {@code newSize} leaves begins with that of the first {@code oldSize}.
     *
     * @param oldSize in leaves.
     * @param newSize in leaves, at least {@code oldSize}.
     */
    public ConsistencyProof consistency(long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException(
                    "the later tree is not smaller: oldSize=" + oldSize + ", newSize=" + newSize);
        }
        final List<Range> needed = new ArrayList<>();
        if (oldSize != 0 && oldSize != newSize) {
            long from = 0;
            long to = newSize;
            // Down the right edge of the old tree, until a subtree ends where the old tree does.
            while (oldSize != to) {
                final long middle = middle(from, to);
                if (oldSize <= middle) {
                    needed.add(new Range(middle, to));
                    to = middle;
                } else {
                    needed.add(new Range(from, middle));
                    from = middle;
                }
            }
            if (from != 0) {
                needed.add(new Range(from, to));
            }
        }
        return new ConsistencyProof(oldSize, newSize, hashes(needed.reversed()));
    }

    /** Asks in the order of the leaves and answers in the order of the proof. */
    private List<Hash> hashes(List<Range> ranges) {
        final List<Range> rising = ranges.stream()
                .sorted((a, b) -> Long.compare(a.from(), b.from()))
                .toList();
        final List<Hash> found = hasher.hash(rising);
        return ranges.stream().map(range -> found.get(rising.indexOf(range))).toList();
    }

    /** Where a tree of two leaves or more divides: its left part is the largest full one that is not all of it. */
    private static long middle(long from, long to) {
        return from + Long.highestOneBit(to - from - 1);
    }
}

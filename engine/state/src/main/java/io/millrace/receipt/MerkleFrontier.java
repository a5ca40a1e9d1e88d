package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: one hash per set bit of its size, enough to append and to tell the root.
 *
 * <p>Appending {@code n} leaves costs {@code n} node hashes, a level at a time, and allocates nothing. Not thread safe.
 *
 * <p>Source: RFC 9162 section 2.1.1; the compact range of transparency-dev.
 */
final class MerkleFrontier {
    /** Levels above the leaves: 2^62 leaves. */
    private static final int LEVELS = 63;

    private static final int NODE_LENGTH = 2 * Hash.LENGTH;

    private final ShortSha256 sha256;
    private final MemorySegment peaks; // by level; valid where the bit of the size is set
    private final MemorySegment work; // room for a pending left sibling, then one level's hashes
    private final MemorySegment pair;
    private final MemorySegment cover; // by level; see mark()
    private final int maxCount;
    private long size;
    private long mark;
    private long coverLevels; // bits: which levels of cover are set

    /**
     * An empty tree.
     *
     * @param maxCount most leaves that are appended at once.
     */
    MerkleFrontier(Arena arena, ShortSha256 sha256, int maxCount) {
        this.sha256 = sha256;
        this.maxCount = maxCount;
        this.peaks = arena.allocate((long) LEVELS * Hash.LENGTH, 64);
        this.work = arena.allocate((1L + maxCount) * Hash.LENGTH, 64);
        this.cover = arena.allocate((long) LEVELS * Hash.LENGTH, 64);
        this.pair = arena.allocate(NODE_LENGTH, 64);
    }

    /** Leaves so far. */
    long size() {
        return size;
    }

    /** Becomes an empty tree again. */
    void clear() {
        size = 0;
        mark();
    }

    /** From here on remembers the subtrees that {@link #cover()} needs. */
    void mark() {
        mark = size;
        coverLevels = 0;
    }

    /** Becomes the edge of the same tree as {@code other}. */
    void copyFrom(MerkleFrontier other) {
        peaks.copyFrom(other.peaks);
        cover.copyFrom(other.cover);
        size = other.size;
        mark = other.mark;
        coverLevels = other.coverLevels;
    }

    /** Where the hashes of the leaves to append are written, one after the other, from {@link #leavesPosition()} on. */
    MemorySegment leaves() {
        return work;
    }

    /** See {@link #leaves()}. */
    long leavesPosition() {
        return Hash.LENGTH;
    }

    /** Appends the {@code count} leaf hashes in {@link #leaves()}. */
    void append(int count) {
        assert count >= 0 && count <= maxCount;
        long start = size;
        int remaining = count;
        for (int level = 0; remaining > 0; level++) {
            final long peak = (long) level * Hash.LENGTH;
            long position = Hash.LENGTH;
            if ((start & 1) == 1) {
                position = 0;
                MemorySegment.copy(peaks, peak, work, 0, Hash.LENGTH);
                remaining++;
                start--;
            }
            if (remaining > 1 && (start << level) < mark && mark <= ((start + 1) << level)) {
                // Merges with a subtree that begins before the mark: no larger one lies behind the mark as a whole.
                MemorySegment.copy(work, position + Hash.LENGTH, cover, peak, Hash.LENGTH);
                coverLevels |= 1L << level;
            }
            if ((remaining & 1) == 1) {
                MemorySegment.copy(work, position + (remaining - 1L) * Hash.LENGTH, peaks, peak, Hash.LENGTH);
            }
            remaining /= 2;
            start /= 2;
            // In place: hash i goes over pairs that are read by then.
            sha256.hash(remaining, MerkleHash.NODE_PREFIX, work, Hash.LENGTH, work, position, NODE_LENGTH, NODE_LENGTH);
        }
        size += count;
    }

    /** Writes the root to {@code position} in {@code target}; of a tree that is not empty. */
    void root(MemorySegment target, long position) {
        assert size > 0;
        int level = Long.numberOfTrailingZeros(size);
        MemorySegment.copy(peaks, (long) level * Hash.LENGTH, target, position, Hash.LENGTH);
        for (level++; level < LEVELS; level++) {
            if ((size >>> level & 1) == 1) {
                MemorySegment.copy(peaks, (long) level * Hash.LENGTH, pair, 0, Hash.LENGTH);
                MemorySegment.copy(target, position, pair, Hash.LENGTH, Hash.LENGTH);
                sha256.hash(1, MerkleHash.NODE_PREFIX, target, position, pair, 0, NODE_LENGTH, NODE_LENGTH);
            }
        }
    }

    /** Appends a full subtree of {@code 2^level} leaves; the size must be a multiple of that. */
    void append(int level, Hash hash) {
        assert (size & (1L << level) - 1) == 0;
        hash.copyTo(pair, Hash.LENGTH);
        int at = level;
        for (; (size >>> at & 1) == 1; at++) {
            MemorySegment.copy(peaks, (long) at * Hash.LENGTH, pair, 0, Hash.LENGTH);
            sha256.hash(1, MerkleHash.NODE_PREFIX, pair, Hash.LENGTH, pair, 0, NODE_LENGTH, NODE_LENGTH);
        }
        MemorySegment.copy(pair, Hash.LENGTH, peaks, (long) at * Hash.LENGTH, Hash.LENGTH);
        size += 1L << level;
    }

    /** Peaks, the largest first: the full subtrees that make up the tree. */
    List<Hash> peaks() {
        return peaksFrom(0);
    }

    /** Hashes of the largest full subtrees that make up the leaves since the mark, in the order of their leaves. */
    List<Hash> cover() {
        final List<Hash> hashes = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            if ((coverLevels >>> level & 1) == 1) {
                hashes.add(Hash.of(cover, (long) level * Hash.LENGTH));
            }
        }
        hashes.addAll(peaksFrom(mark));
        return hashes;
    }

    private List<Hash> peaksFrom(long first) {
        final List<Hash> hashes = new ArrayList<>();
        long begin = 0;
        for (int level = LEVELS - 1; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                if (begin >= first) {
                    hashes.add(Hash.of(peaks, (long) level * Hash.LENGTH));
                }
                begin += 1L << level;
            }
        }
        return hashes;
    }
}

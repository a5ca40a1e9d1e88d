package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.millrace.crdt.type.StoredTwinState.Coverage;
import io.millrace.crypto.Blake2b;
import io.millrace.memory.TrackedArena;
import io.millrace.store.Store;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entries of a twin's state in maps: values of up to {@value #MAX_LENGTH} bytes by keys of {@value #KEY_LENGTH}, and the sum
 * of their hashes.
 *
 * <p>A value longer than {@value #PIECE} bytes lies in several entries; the first two bytes of the first one say how many.
 * The maps are generations: each next one takes four times as many entries, up to {@value #MAX_CAPACITY}, and only the
 * newest grows. The sum is kept at each change, in constant time: four sums modulo 2^64 of a keyed BLAKE2b-256 of each
 * entry. The key is drawn for each state, so that no author of operations can steer it.
 *
 * <p>Reading allocates nothing. Not thread safe.
 */
final class TwinEntries {
    static final int KEY_LENGTH = 16;
    static final int MAX_LENGTH = 1 << 16;
    static final int ABSENT = -1;
    private static final int PIECE = 384;
    private static final int COUNT_LENGTH = Short.BYTES;
    private static final int AVERAGE = 128;
    private static final int GROWTH_SHIFT = 2;
    private static final int MAX_CAPACITY = 1 << 26;
    private static final int HASH_LENGTH = 32;
    private static final String NAME = "twin-";

    private final Store store;
    private final long firstCapacity;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment entry = arena.allocate(KEY_LENGTH + COUNT_LENGTH + PIECE, 8); // key, then a piece
    private final MemorySegment old = arena.allocate(KEY_LENGTH + COUNT_LENGTH + PIECE, 8);
    private final MemorySegment pieceKey = arena.allocate(KEY_LENGTH, 8);
    private final MemorySegment pieceName = arena.allocate(KEY_LENGTH + Integer.BYTES, 8);
    private final MemorySegment hash = arena.allocate(HASH_LENGTH, 8);
    private final List<StoreMap> maps = new ArrayList<>(); // the newest last
    private final long[] sum = new long[4];
    private MemorySegment secret;
    private long entries;

    TwinEntries(Store store, long firstCapacity) {
        this.store = store;
        this.firstCapacity = firstCapacity;
    }

    /**
     * Opens the maps of a checkpoint, which may be there or not, and takes over its sum. Gives why it cannot be believed; empty
     * if it may be.
     */
    String open(TwinHead.Checkpoint checkpoint, MemorySegment secret) throws IOException {
        this.secret = secret;
        Arrays.setAll(sum, checkpoint.sum()::get);
        entries = checkpoint.entries();
        try {
            for (int i = 0; i < checkpoint.generations(); i++) {
                maps.add(openMap(i));
            }
        } catch (DamagedMapException e) {
            return e.getMessage();
        }
        return counted() == entries ? "" : "the maps have " + counted() + " entries, the checkpoint " + entries;
    }

    /** Number of entries that the maps have, by their own count. */
    long counted() {
        return maps.stream().mapToLong(StoreMap::size).sum();
    }

    /** Whether all entries, read and hashed again, have the sum of the checkpoint. A pass over the whole state. */
    boolean hasSumOf(TwinHead.Checkpoint checkpoint) {
        final long[] again = new long[4];
        final long[] count = {0};
        forEachEntry((key, value) -> {
            MemorySegment.copy(key, 0, old, 0, KEY_LENGTH);
            MemorySegment.copy(value, 0, old, KEY_LENGTH, value.byteSize());
            addHash(again, old, (int) value.byteSize(), 1);
            count[0]++;
        });
        return Arrays.stream(again).boxed().toList().equals(checkpoint.sum()) && count[0] == checkpoint.entries();
    }

    /** Deletes all maps. */
    void clear(MemorySegment newSecret) throws IOException {
        secret = newSecret;
        while (!maps.isEmpty()) {
            store.release(maps.removeLast());
        }
        for (String name : StoreMaps.list(store)) {
            StoreMaps.delete(store, name);
        }
        Arrays.fill(sum, 0);
        entries = 0;
    }

    void checkpoint(TwinHead head, Coverage coverage) {
        head.write(coverage, maps.size(), entries, sum);
    }

    /** The 16-byte name of {@code length} bytes of {@code message}. */
    void name(MemorySegment target, MemorySegment message, long length) {
        name(target, message.asSlice(0, length));
    }

    /** The 16-byte name of a message. */
    void name(MemorySegment target, MemorySegment message) {
        Blake2b.hash(target, message, secret);
    }

    /**
     * Copies a value out.
     *
     * @return its length, or {@link #ABSENT}.
     */
    int get(MemorySegment key, MemorySegment target) {
        int length = read(key, entry);
        if (length < 0) {
            return ABSENT;
        }
        final int pieces = count(entry);
        MemorySegment.copy(entry, KEY_LENGTH + COUNT_LENGTH, target, 0, length - COUNT_LENGTH);
        int copied = length - COUNT_LENGTH;
        for (int piece = 1; piece < pieces; piece++) {
            nameOfPiece(key, piece);
            length = read(pieceKey, entry);
            if (length < 0) {
                throw new IllegalStateException(
                        "the state lacks a piece of a value; remove its folder: directory=" + store.directory());
            }
            MemorySegment.copy(entry, KEY_LENGTH + COUNT_LENGTH, target, copied, length - COUNT_LENGTH);
            copied += length - COUNT_LENGTH;
        }
        return copied;
    }

    /** Whether there is a value. */
    boolean contains(MemorySegment key) {
        for (int i = maps.size() - 1; i >= 0; i--) {
            if (maps.get(i).contains(key, 0)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Puts a value or replaces it.
     *
     * @throws IOException if there is no room for it.
     */
    void put(MemorySegment key, MemorySegment value, int length) throws IOException {
        final int before = read(key, old) < 0 ? 0 : count(old);
        final int pieces = Math.max(1, (length + PIECE - 1) / PIECE);
        for (int piece = 0; piece < pieces; piece++) {
            final int from = piece * PIECE;
            final int part = Math.min(PIECE, length - from);
            entry.set(JAVA_SHORT_UNALIGNED, KEY_LENGTH, (short) (piece == 0 ? pieces : 0));
            MemorySegment.copy(value, from, entry, KEY_LENGTH + COUNT_LENGTH, part);
            if (piece == 0) {
                write(key, COUNT_LENGTH + part);
            } else {
                nameOfPiece(key, piece);
                write(pieceKey, COUNT_LENGTH + part);
            }
        }
        for (int piece = pieces; piece < before; piece++) {
            nameOfPiece(key, piece);
            remove(pieceKey);
        }
    }

    /** Shows the key and the first piece of each value, without its count, and whether that is all of it. */
    void forEach(Visitor visitor) {
        forEachEntry((key, value) -> {
            final int pieces = value.get(JAVA_SHORT_UNALIGNED, 0);
            if (pieces > 0) {
                visitor.value(key, value.asSlice(COUNT_LENGTH), pieces == 1);
            }
        });
    }

    int generations() {
        return maps.size();
    }

    void close() {
        arena.close();
    }

    private void forEachEntry(StoreMap.Visitor visitor) {
        maps.forEach(map -> map.forEach(visitor));
    }

    /** Copies an entry behind its key; gives its length, or a negative number. */
    private int read(MemorySegment key, MemorySegment target) {
        for (int i = maps.size() - 1; i >= 0; i--) {
            final int length = maps.get(i).get(key, 0, target, KEY_LENGTH);
            if (length >= 0) {
                return length;
            }
        }
        return ABSENT;
    }

    private void write(MemorySegment key, int length) throws IOException {
        MemorySegment.copy(key, 0, entry, 0, KEY_LENGTH);
        final int holder = holderOf(key);
        if (holder >= 0) {
            final int before = maps.get(holder).get(key, 0, old, KEY_LENGTH);
            MemorySegment.copy(key, 0, old, 0, KEY_LENGTH);
            addHash(sum, old, before, -1);
            if (maps.get(holder).put(key, 0, entry, KEY_LENGTH, length) >= 0) {
                addHash(sum, entry, length, 1);
                return;
            }
            require(maps.get(holder).remove(key, 0));
            entries--;
        }
        if (maps.isEmpty() || maps.getLast().put(key, 0, entry, KEY_LENGTH, length) == StoreMap.FULL) {
            StoreMaps.delete(store, NAME + maps.size());
            maps.add(openMap(maps.size()));
            require(maps.getLast().put(key, 0, entry, KEY_LENGTH, length));
        }
        addHash(sum, entry, length, 1);
        entries++;
    }

    private void remove(MemorySegment key) throws IOException {
        final int holder = holderOf(key);
        if (holder >= 0) {
            final int before = maps.get(holder).get(key, 0, old, KEY_LENGTH);
            MemorySegment.copy(key, 0, old, 0, KEY_LENGTH);
            addHash(sum, old, before, -1);
            require(maps.get(holder).remove(key, 0));
            entries--;
        }
    }

    private int holderOf(MemorySegment key) {
        for (int i = maps.size() - 1; i >= 0; i--) {
            if (maps.get(i).contains(key, 0)) {
                return i;
            }
        }
        return ABSENT;
    }

    private void require(long position) throws IOException {
        if (position < 0) {
            throw new IOException("the state takes no more entries: directory=" + store.directory());
        }
    }

    private void nameOfPiece(MemorySegment key, int piece) {
        MemorySegment.copy(key, 0, pieceName, 0, KEY_LENGTH);
        pieceName.set(ValueLayout.JAVA_INT, KEY_LENGTH, piece);
        Blake2b.hash(pieceKey, pieceName, secret);
    }

    private static int count(MemorySegment read) {
        return read.get(JAVA_SHORT_UNALIGNED, KEY_LENGTH);
    }

    private void addHash(long[] to, MemorySegment keyed, int length, int sign) {
        Blake2b.hash(hash, keyed.asSlice(0, KEY_LENGTH + length), secret);
        for (int i = 0; i < to.length; i++) {
            to[i] += sign * hash.getAtIndex(ValueLayout.JAVA_LONG, i);
        }
    }

    private StoreMap openMap(int number) throws IOException {
        final long capacity = Math.min(MAX_CAPACITY, firstCapacity << Math.min(30, GROWTH_SHIFT * number));
        return StoreMaps.open(store, new MapLayout(NAME + number, KEY_LENGTH, AVERAGE, COUNT_LENGTH + PIECE, capacity));
    }

    /** Sees values. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One value.
         *
         * @param key read-only, valid during the call.
         * @param first its first piece; read-only, valid during the call.
         * @param whole whether there are no more pieces.
         */
        void value(MemorySegment key, MemorySegment first, boolean whole);
    }
}

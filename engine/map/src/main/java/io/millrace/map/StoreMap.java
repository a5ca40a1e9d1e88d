package io.millrace.map;

import io.millrace.store.DurableFile;
import io.millrace.store.FilePlace;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.map.ChronicleMap;

/**
 * A map from keys of one length to values of any length up to a bound, both off the heap. A value is copied once on the
 * way in, twice if it replaces another ({@link RedoSlots}), and once on the way out; no operation allocates.
 *
 * <p>A change is atomic: after the death of the process an entry is as before or as after, never torn. A loss of power can
 * take an entry that was replaced after the last commit, but never leave half of one. All segments passed in are native.
 *
 * <p>Threading: any thread; entries are locked by segments of the map. Not to be used while or after the store closes.
 */
public final class StoreMap extends DurableFile {
    /** The map has as many entries or value bytes as its layout allows: nothing was changed. */
    public static final long FULL = -1;

    /** There is no such entry. */
    public static final int ABSENT = -2;

    /** The value does not fit into the target; nothing was copied. */
    public static final int TOO_SMALL = -3;

    /** {@link #putIfAbsent} found an entry: nothing was changed. */
    public static final long PRESENT = -4;

    /** The file has failed ({@link #failure()}): nothing was changed. */
    public static final long FAILED = -5;

    private final MapLayout layout;
    private final ChronicleMap<Span, Span> map;
    private final BoundedChanges changes;
    private final RedoSlots redo;
    private final MapCounts counts;
    private final FilePlace place;
    private final FileChannel channel;
    private final AtomicLong position = new AtomicLong();
    private final ThreadLocal<Spans> spans = ThreadLocal.withInitial(Spans::new);

    StoreMap(
            FilePlace place,
            MapLayout layout,
            ChronicleMap<Span, Span> map,
            BoundedChanges changes,
            RedoSlots redo,
            MapCounts counts)
            throws IOException {
        super(place.file(), 0);
        this.layout = layout;
        this.map = map;
        this.changes = changes;
        this.redo = redo;
        this.counts = counts;
        this.place = place;
        this.channel = FileChannel.open(place.file(), StandardOpenOption.WRITE);
    }

    /**
     * Puts or replaces an entry.
     *
     * @param key native; {@link MapLayout#keyLength()} bytes at {@code keyOffset} are the key.
     * @param keyOffset of the key in bytes.
     * @param value native.
     * @param valueOffset of the value in bytes.
     * @param length of the value in bytes, 0 to {@link MapLayout#maxValueLength()}.
     * @return the position that is durable when the change is; or {@link #FULL}, {@link #FAILED}.
     */
    public long put(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, int length) {
        return change(key, keyOffset, value, valueOffset, length, true);
    }

    /**
     * As {@link #put}, but leaves an entry that is there as it is and returns {@link #PRESENT}.
     *
     * @param key native; {@link MapLayout#keyLength()} bytes at {@code keyOffset} are the key.
     * @param keyOffset of the key in bytes.
     * @param value native.
     * @param valueOffset of the value in bytes.
     * @param length of the value in bytes.
     */
    public long putIfAbsent(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, int length) {
        return change(key, keyOffset, value, valueOffset, length, false);
    }

    /**
     * Copies a value out.
     *
     * @param key native.
     * @param keyOffset of the key in bytes.
     * @param target native; overwritten from {@code targetOffset} on.
     * @param targetOffset of the first byte to write.
     * @return length of the value in bytes, or {@link #ABSENT}, or {@link #TOO_SMALL}.
     */
    public int get(MemorySegment key, long keyOffset, MemorySegment target, long targetOffset) {
        final Spans local = spans.get();
        final long room = Math.min(target.byteSize() - targetOffset, layout.maxValueLength());
        final Span out = local.value.of(target, targetOffset, (int) room);
        try {
            if (map.getUsing(local.key.of(key, keyOffset, layout.keyLength()), out) == null) {
                return ABSENT;
            }
        } finally {
            Reference.reachabilityFence(key);
            Reference.reachabilityFence(target);
        }
        return out.length <= out.capacity ? out.length : TOO_SMALL;
    }

    /**
     * Whether there is an entry.
     *
     * @param key native.
     * @param keyOffset of the key in bytes.
     */
    public boolean contains(MemorySegment key, long keyOffset) {
        try {
            return map.containsKey(spans.get().key.of(key, keyOffset, layout.keyLength()));
        } finally {
            Reference.reachabilityFence(key);
        }
    }

    /**
     * Removes an entry.
     *
     * @param key native.
     * @param keyOffset of the key in bytes.
     * @return the position that is durable when the change is; or {@link #ABSENT}, {@link #FAILED}.
     */
    public long remove(MemorySegment key, long keyOffset) {
        if (hasFailed()) {
            return FAILED;
        }
        final Span span = spans.get().key.of(key, keyOffset, layout.keyLength());
        span.outcome = ABSENT;
        try {
            // Not while an older value of it is held, which would bring it back.
            synchronized (redo.slot(span)) {
                map.remove(span);
            }
        } finally {
            Reference.reachabilityFence(key);
        }
        return span.outcome == ABSENT ? ABSENT : changed();
    }

    /** Number of entries. */
    public long size() {
        return changes.entries();
    }

    /** The entries of the map. */
    public MapLayout layout() {
        return layout;
    }

    /**
     * Shows every entry to {@code visitor}, in no order, off the hot path: it allocates. Entries that change meanwhile are
     * shown before or after the change. The visitor must not use the map.
     *
     * @param visitor called for each entry.
     */
    public void forEach(Visitor visitor) {
        map.forEachEntry(entry -> {
            final MemorySegment key = view(entry.key());
            final MemorySegment value = view(entry.value());
            visitor.entry(key, value);
        });
    }

    @Override
    public long position() {
        return position.get();
    }

    @Override
    protected void force() throws IOException {
        channel.force(false);
        redo.force();
    }

    @Override
    protected void release() throws IOException {
        map.close();
        counts.leave(changes.counts());
        redo.close();
        channel.close();
    }

    private long change(
            MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, int length, boolean replace) {
        if (hasFailed()) {
            return FAILED;
        }
        final Spans local = spans.get();
        final Span name = local.key.of(key, keyOffset, layout.keyLength());
        final Span in = local.value.of(value, valueOffset, checkedLength(length));
        try {
            if (replace) {
                final RedoSlots.Slot slot = redo.slot(name);
                synchronized (slot) {
                    map.put(name, in);
                    slot.release();
                }
            } else {
                map.putIfAbsent(name, in);
            }
        } finally {
            Reference.reachabilityFence(key);
            Reference.reachabilityFence(value);
        }
        return switch (in.outcome) {
            case BoundedChanges.FULL -> FULL;
            case BoundedChanges.PRESENT -> PRESENT;
            default -> changed();
        };
    }

    private static MemorySegment view(net.openhft.chronicle.hash.Data<Span> data) {
        final long address = data.bytes().addressForRead(data.offset());
        return MemorySegment.ofAddress(address).reinterpret(data.size()).asReadOnly();
    }

    private int checkedLength(int length) {
        if (length > layout.maxValueLength()) {
            throw new IllegalArgumentException("longer than the map's layout allows: length=" + length
                    + ", maxValueLength=" + layout.maxValueLength());
        }
        return length;
    }

    private long changed() {
        final long done = position.incrementAndGet();
        place.done(done);
        return done;
    }

    /** Sees the entries of a map. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One entry.
         *
         * @param key read-only, valid during the call.
         * @param value read-only, valid during the call.
         */
        void entry(MemorySegment key, MemorySegment value);
    }

    private static final class Spans {
        final Span key = new Span();
        final Span value = new Span();
    }
}

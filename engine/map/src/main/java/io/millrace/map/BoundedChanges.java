package io.millrace.map;

import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.MapMethods;
import net.openhft.chronicle.map.MapQueryContext;
import net.openhft.chronicle.map.ReturnValue;

/**
 * Changes a map under the entry's lock and keeps count, so that the map is full when its layout says so and long before
 * the library finds out. The outcome is left in the value's {@link Span}.
 */
final class BoundedChanges implements MapMethods<Span, Span, Void> {
    static final int ADDED = 1;
    static final int REPLACED = 2;
    static final int FULL = 3;
    static final int PRESENT = 4;

    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong valueBytes = new AtomicLong();
    private final RedoSlots redo;
    private final long maxEntries;
    private final long maxValueBytes;

    BoundedChanges(MapLayout layout, RedoSlots redo) {
        this.redo = redo;
        this.maxEntries = layout.maxEntries();
        this.maxValueBytes = layout.maxValueBytes();
    }

    /** Counts the entries of an opened file. */
    void count(long valueLength) {
        entries.incrementAndGet();
        valueBytes.addAndGet(valueLength);
    }

    /** Takes the counts of a file that was opened. */
    void count(MapCounts.Counts counts) {
        entries.set(counts.entries());
        valueBytes.set(counts.valueBytes());
    }

    MapCounts.Counts counts() {
        return new MapCounts.Counts(entries.get(), valueBytes.get());
    }

    long entries() {
        return entries.get();
    }

    @Override
    public void put(MapQueryContext<Span, Span, Void> query, Data<Span> value, ReturnValue<Span> unused) {
        query.updateLock().lock();
        final MapEntry<Span, Span> entry = query.entry();
        if (entry == null) {
            insert(query, value);
        } else {
            replace(query, entry, value);
        }
    }

    @Override
    public void putIfAbsent(MapQueryContext<Span, Span, Void> query, Data<Span> value, ReturnValue<Span> unused) {
        query.updateLock().lock();
        if (query.entry() == null) {
            insert(query, value);
        } else {
            value.get().outcome = PRESENT;
        }
    }

    @Override
    public void remove(MapQueryContext<Span, Span, Void> query, ReturnValue<Span> unused) {
        query.updateLock().lock();
        final MapEntry<Span, Span> entry = query.entry();
        if (entry == null) {
            return;
        }
        final long length = entry.value().size();
        query.remove(entry);
        entries.decrementAndGet();
        valueBytes.addAndGet(-length);
        query.queriedKey().get().outcome = REPLACED;
    }

    private void insert(MapQueryContext<Span, Span, Void> query, Data<Span> value) {
        final Span span = value.get();
        if (entries.incrementAndGet() > maxEntries) {
            entries.decrementAndGet();
            span.outcome = FULL;
            return;
        }
        if (valueBytes.addAndGet(span.length) > maxValueBytes) {
            valueBytes.addAndGet(-span.length);
            entries.decrementAndGet();
            span.outcome = FULL;
            return;
        }
        query.insert(query.absentEntry(), value);
        span.outcome = ADDED;
    }

    private void replace(MapQueryContext<Span, Span, Void> query, MapEntry<Span, Span> entry, Data<Span> value) {
        final Span span = value.get();
        final long growth = span.length - entry.value().size();
        if (valueBytes.addAndGet(growth) > maxValueBytes && growth > 0) {
            valueBytes.addAndGet(-growth);
            span.outcome = FULL;
            return;
        }
        final Span key = query.queriedKey().get();
        final RedoSlots.Slot slot = redo.slot(key);
        assert Thread.holdsLock(slot);
        slot.hold(key, span);
        query.replaceValue(entry, value); // the caller releases the slot: the checksum comes later
        span.outcome = REPLACED;
    }
}

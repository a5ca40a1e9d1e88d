package io.millrace.crdt.type;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A map whose entries each keep their latest write. A deletion is a write too: it stays, so that an older write that comes
 * late does not bring the entry back.
 *
 * <p>Per key a join is the maximum in the total order of {@link Stamp}, which makes the whole a join-semilattice; a rule
 * that kept one side on equal clocks would not be.
 */
public final class LwwMap {
    private final Map<String, Entry> entries = new HashMap<>();
    private int size;

    /** An empty map. */
    public LwwMap() {}

    /**
     * Writes {@code value}; true if it is the latest write of the key now.
     *
     * @param key of the property.
     * @param value of the property.
     * @param stamp of the write.
     */
    public boolean set(String key, Value value, Stamp stamp) {
        return write(key, new Entry(value, stamp));
    }

    /**
     * Deletes the key; true if that is its latest write now.
     *
     * @param key of the property.
     * @param stamp of the deletion.
     */
    public boolean delete(String key, Stamp stamp) {
        return write(key, new Entry(null, stamp));
    }

    /**
     * Value of the key.
     *
     * @param key of the property.
     */
    public Optional<Value> get(String key) {
        final Entry entry = entries.get(key);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.value);
    }

    /** Keys that hold something. */
    public int size() {
        return size;
    }

    /**
     * Hands over every key that has a value, with the value, in no order.
     *
     * @param visitor called for each key.
     */
    public void forEach(BiConsumer<String, Value> visitor) {
        entries.forEach((key, entry) -> {
            if (entry.value != null) {
                visitor.accept(key, entry.value);
            }
        });
    }

    /**
     * Joins {@code other} into this map; true if something changed.
     *
     * @param other stays as it is.
     */
    public boolean join(LwwMap other) {
        boolean changed = false;
        for (final Map.Entry<String, Entry> entry : other.entries.entrySet()) {
            changed |= write(entry.getKey(), entry.getValue());
        }
        return changed;
    }

    private boolean write(String key, Entry entry) {
        final Entry before = entries.putIfAbsent(key, entry);
        if (before != null) {
            if (entry.stamp.compareTo(before.stamp) <= 0) {
                return false;
            }
            entries.put(key, entry);
        }
        size += (entry.value == null ? 0 : 1) - (before == null || before.value == null ? 0 : 1);
        return true;
    }

    /** Whether both are the same point of the lattice: entries and deletions. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LwwMap that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    private record Entry(Value value, Stamp stamp) {}
}

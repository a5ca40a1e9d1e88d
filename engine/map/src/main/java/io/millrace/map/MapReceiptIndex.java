package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.memory.TrackedArena;
import io.millrace.receipt.ReceiptIndex;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Index of a receipt log on disk: a store with maps from operation ids to indexes, off the heap.
 *
 * <p>The maps are generations. Each next one takes four times as many receipts, up to {@value #MAX_CAPACITY}; only the newest
 * grows, so that no receipt waits for a larger map to be filled. A look-up asks each, at most eight for 200 million
 * receipts. A generation whose receipts the log has deleted is deleted as a whole.
 *
 * <p>After an unclean stop the maps are deleted at the next opening, and the coverage is {@link Coverage#NONE}: the log
 * fills the index anew ({@link io.millrace.receipt.IndexCatchUp}). It needs the JVM flags of {@link StoreMaps}.
 *
 * <p>Threading: as {@link ReceiptIndex} says.
 */
public final class MapReceiptIndex implements ReceiptIndex {
    private static final int KEY_LENGTH = 2 * Long.BYTES;
    private static final long FIRST_CAPACITY = 1L << 20;
    private static final int GROWTH_SHIFT = 2;
    private static final int MAX_CAPACITY = 1 << 26;

    private final Store store;
    private final CoverageFile file;
    private final long firstCapacity;
    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment key = arena.allocate(KEY_LENGTH, Long.BYTES);
    private final MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
    private final List<Generation> generations = new ArrayList<>(); // the newest last
    private Coverage coverage;
    private boolean incomplete;
    private boolean closed;

    /**
     * One map.
     *
     * @param number of the generation, 0 or more.
     * @param from index of its first receipt.
     */
    private record Generation(int number, long from, StoreMap map) {}

    private MapReceiptIndex(Store store, long firstCapacity) throws IOException {
        this.store = store;
        this.firstCapacity = firstCapacity;
        this.file = new CoverageFile(store.directory());
        final CoverageFile.Content content = file.take();
        if (store.wasMended()) {
            content.generations().clear();
        }
        deleteOthers(content.generations());
        this.coverage = content.generations().isEmpty() ? Coverage.NONE : content.coverage();
        try {
            for (CoverageFile.Start start : content.generations()) {
                generations.add(open(start.number(), start.from()));
            }
        } catch (DamagedMapException e) {
            clear(); // it is made anew from the log
        }
    }

    /**
     * Opens an index, and makes it where there is none.
     *
     * @param directory of the index and nothing else; made if it is missing.
     * @return the index, as far as it was complete when it was closed.
     * @throws StoreException if another process has it open.
     * @throws IOException if it cannot be read or written.
     */
    public static MapReceiptIndex open(Path directory) throws IOException {
        return open(directory, FIRST_CAPACITY);
    }

    /** As above, with another capacity of the first generation, so that a test sees several. */
    static MapReceiptIndex open(Path directory, long firstCapacity) throws IOException {
        final Store store = Store.open(directory, CommitPolicy.DEFAULT);
        try {
            return new MapReceiptIndex(store, firstCapacity);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public long find(long operationHigh, long operationLow) {
        key.set(JAVA_LONG, 0, operationHigh);
        key.set(JAVA_LONG, Long.BYTES, operationLow);
        for (int i = generations.size() - 1; i >= 0; i--) {
            if (generations.get(i).map.get(key, 0, value, 0) == Long.BYTES) {
                return value.get(JAVA_LONG, 0);
            }
        }
        return ABSENT;
    }

    @Override
    public boolean add(long operationHigh, long operationLow, long index) {
        if (find(operationHigh, operationLow) != ABSENT) {
            return false;
        }
        value.set(JAVA_LONG, 0, index);
        if (generations.isEmpty() || put() == StoreMap.FULL) {
            begin(index);
            if (put() < 0) {
                incomplete = true;
                throw new IllegalStateException("the index cannot be written: directory=" + store.directory());
            }
        }
        return true;
    }

    @Override
    public Coverage coverage() {
        return coverage;
    }

    @Override
    public void cover(Coverage covered) {
        coverage = covered;
    }

    @Override
    public void clear() {
        while (!generations.isEmpty()) {
            delete(generations.getFirst());
        }
        coverage = Coverage.NONE;
        incomplete = false;
    }

    @Override
    public void release(long first) {
        while (generations.size() > 1 && generations.get(1).from <= first) {
            delete(generations.getFirst());
        }
    }

    /**
     * Closes it and keeps its coverage.
     *
     * @throws UncheckedIOException if that fails; then the next opening begins anew.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!incomplete) {
                final List<CoverageFile.Start> starts = new ArrayList<>();
                generations.forEach(each -> starts.add(new CoverageFile.Start(each.number, each.from)));
                file.leave(new CoverageFile.Content(coverage, starts));
            }
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            arena.close();
        }
    }

    /** Number of entries of all generations. */
    long size() {
        return generations.stream().mapToLong(each -> each.map.size()).sum();
    }

    /** Number of generations. */
    int generationCount() {
        return generations.size();
    }

    private long put() {
        return generations.getLast().map.put(key, 0, value, 0, Long.BYTES);
    }

    private void begin(long from) {
        final int number = generations.isEmpty() ? 0 : generations.getLast().number + 1;
        try {
            StoreMaps.delete(store, name(number));
            generations.add(open(number, from));
        } catch (IOException e) {
            incomplete = true;
            throw new IllegalStateException("the index cannot grow: directory=" + store.directory(), e);
        }
    }

    private void delete(Generation oldest) {
        generations.remove(oldest);
        try {
            store.release(oldest.map);
            StoreMaps.delete(store, name(oldest.number));
        } catch (IOException e) {
            incomplete = true;
            throw new IllegalStateException("the index cannot shrink: directory=" + store.directory(), e);
        }
    }

    private Generation open(int number, long from) throws IOException {
        final long capacity = Math.min(MAX_CAPACITY, firstCapacity << Math.min(30, GROWTH_SHIFT * number));
        final MapLayout layout = new MapLayout(name(number), KEY_LENGTH, Long.BYTES, Long.BYTES, capacity);
        return new Generation(number, from, StoreMaps.open(store, layout));
    }

    /** Deletes the maps that a killed process or another program left. */
    private void deleteOthers(List<CoverageFile.Start> kept) throws IOException {
        for (String name : StoreMaps.list(store)) {
            if (kept.stream().noneMatch(each -> name.equals(name(each.number())))) {
                StoreMaps.delete(store, name);
            }
        }
    }

    private static String name(int number) {
        return "receipts-" + number;
    }
}

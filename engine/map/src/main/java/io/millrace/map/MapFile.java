package io.millrace.map;

import io.millrace.store.OwnerOnly;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** Makes, opens and recovers the library's files. */
final class MapFile {
    /** Room beyond the layout's bounds before the library itself is full; the file is sparse, so it costs nothing. */
    private static final double SLACK = 4;

    /** Some memory for the library to measure a key with. */
    private static final MemorySegment SAMPLE = Arena.global().allocate(MapLayout.MAX_KEY_LENGTH);

    private static final String FLAGS = " (Chronicle Map needs the JVM flags that src/docs/internals/state.md lists)";

    private MapFile() {}

    /**
     * Opens a map, makes it where there is none, and mends it after an unclean stop.
     *
     * @param counts that the last process left; empty: to be counted.
     * @param clean whether the last process to write the file closed it.
     * @param found receives the faults, one line each.
     */
    static ChronicleMap<Span, Span> open(
            Path file,
            MapLayout layout,
            BoundedChanges changes,
            Optional<MapCounts.Counts> counts,
            boolean clean,
            List<String> found)
            throws IOException {
        try {
            if (!Files.exists(file)) {
                create(file, layout, changes);
            }
            final List<String> corruptions = new ArrayList<>();
            final ChronicleMap<Span, Span> map = clean
                    ? builder(layout, changes).createPersistedTo(file.toFile())
                    : builder(layout, changes)
                            .recoverPersistedTo(
                                    file.toFile(), true, corruption -> corruptions.add(corruption.message()));
            corruptions.forEach(each -> found.add(layout.name() + ": " + each));
            if (counts.isPresent() && counts.get().entries() == map.longSize()) {
                changes.count(counts.get());
            } else {
                map.forEachEntry(entry -> changes.count(entry.value().size()));
            }
            return map;
        } catch (StoreException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            final String what = "cannot open the map: file=" + file + ": " + e;
            throw lacksFlags(e)
                    ? new StoreException(what + FLAGS, e)
                    : new DamagedMapException(
                            what + " (restore the file from a copy, or remove it and lose its entries)", e);
        }
    }

    /** A file that was never finished is never seen: it gets its name when it is whole. */
    private static void create(Path file, MapLayout layout, BoundedChanges changes) throws IOException {
        final Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(unfinished);
            OwnerOnly.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .close();
            builder(layout, changes).createPersistedTo(unfinished.toFile()).close();
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | LinkageError e) {
            giveBack(unfinished, e);
            throw new StoreException(
                    "cannot make the map: file=" + file + ": " + e
                            + (lacksFlags(e) ? FLAGS : " (is there room on the disk?)"),
                    e);
        }
    }

    /** Deletes a part of a file, which keeps the disk full for others. */
    private static void giveBack(Path unfinished, Throwable failure) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static ChronicleMapBuilder<Span, Span> builder(MapLayout layout, BoundedChanges changes) {
        final Span sampleKey = new Span().of(SAMPLE, 0, layout.keyLength());
        return ChronicleMapBuilder.of(Span.class, Span.class)
                .name(layout.name())
                .entries(layout.maxEntries())
                .keyReaderAndDataAccess(new SpanReader(), new SpanAccess())
                .valueReaderAndDataAccess(new SpanReader(), new SpanAccess())
                .constantKeySizeBySample(sampleKey)
                .averageValueSize(layout.averageValueLength())
                .maxBloatFactor(SLACK)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .checksumEntries(true)
                .skipCloseOnExitHook(true)
                .mapMethods(changes);
    }

    private static boolean lacksFlags(Throwable e) {
        return e instanceof LinkageError || e instanceof java.lang.reflect.InaccessibleObjectException;
    }
}

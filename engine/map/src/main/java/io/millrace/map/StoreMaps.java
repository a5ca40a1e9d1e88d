package io.millrace.map;

import io.millrace.store.FilePlace;
import io.millrace.store.Store;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.map.ChronicleMap;

/**
 * Opens maps in a {@link Store}.
 *
 * <p>The first map in a JVM takes seconds to open: the library compiles classes. It needs the flags that
 * {@code src/docs/internals/state.md} lists; a store without maps needs none.
 */
public final class StoreMaps {
    private static final String MAP_ENDING = ".map";
    private static final String REDO_ENDING = ".redo";
    private static final String COUNTS_ENDING = ".counts";

    private StoreMaps() {}

    /**
     * Opens a map, and makes it where there is none. After an unclean stop it is mended first: torn entries are dropped,
     * and {@link Store#findings()} tells of them.
     *
     * @param store that holds the map; it commits and closes the map.
     * @param layout the one that the map was made with.
     * @return the map, open until the store closes.
     * @throws StoreException if the file cannot be opened or was made with another layout.
     * @throws IOException if a file of the map cannot be read or written.
     */
    public static StoreMap open(Store store, MapLayout layout) throws IOException {
        Libraries.requireNoAnalytics();
        return store.file(layout.name() + MAP_ENDING, place -> open(place, layout));
    }

    /**
     * Deletes the files of a map that is not open, if they are there: for a map that can be made anew.
     *
     * @param store that holds the map.
     * @param name of the map's layout.
     * @throws IOException if a file cannot be deleted.
     */
    public static void delete(Store store, String name) throws IOException {
        for (String ending : new String[] {MAP_ENDING, REDO_ENDING, COUNTS_ENDING}) {
            Files.deleteIfExists(store.directory().resolve(name + ending));
        }
    }

    /** Names of all maps that a store has. */
    static List<String> list(Store store) throws IOException {
        try (Stream<Path> files = Files.list(store.directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(MAP_ENDING))
                    .map(name -> name.substring(0, name.length() - MAP_ENDING.length()))
                    .toList();
        }
    }

    private static StoreMap open(FilePlace place, MapLayout layout) throws IOException {
        place.requireLayout(layout.line());
        final Path file = place.file();
        final RedoSlots redo = RedoSlots.open(file.resolveSibling(layout.name() + REDO_ENDING), layout);
        try {
            final MapCounts counts = new MapCounts(file.resolveSibling(layout.name() + COUNTS_ENDING));
            final BoundedChanges changes = new BoundedChanges(layout, redo);
            final List<String> found = new ArrayList<>();
            final ChronicleMap<Span, Span> map =
                    MapFile.open(file, layout, changes, counts.take(place.isClean()), place.isClean(), found);
            found.forEach(place::found);
            redo.replay(map::put);
            return new StoreMap(place, layout, map, changes, redo, counts);
        } catch (IOException | RuntimeException e) {
            redo.close();
            throw e;
        }
    }
}

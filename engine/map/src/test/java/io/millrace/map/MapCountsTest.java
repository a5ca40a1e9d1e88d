package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A map's bounds hold after a restart, whether its counts were kept, lost, damaged or left by a killed process. */
class MapCountsTest {
    private static final MapLayout LAYOUT = new MapLayout("bounded", Long.BYTES, 100, 400, 100);

    @TempDir
    private Path folder;

    @Test
    void aFullMapIsFullAfterARestart() throws IOException {
        final long entries = fill();
        assertThat(counts()).exists();
        requireFull(entries);
    }

    @Test
    void entriesAreCountedIfTheCountsAreMissingOrDamaged() throws IOException {
        final long entries = fill();
        Files.delete(counts());
        requireFull(entries);
        Files.writeString(counts(), "nonsense");
        requireFull(entries);
        Files.write(counts(), new byte[16]);
        requireFull(entries);
    }

    @Test
    void countsFromBeforeAKillAreNotBelieved() throws IOException {
        final long entries = fill();
        final byte[] old = Files.readAllBytes(counts());
        Arrays.fill(old, Long.BYTES, 2 * Long.BYTES, (byte) 0);
        Files.write(counts(), old);
        Files.delete(folder.resolve("clean"));
        requireFull(entries);
    }

    private Path counts() {
        return folder.resolve("bounded.counts");
    }

    /** Fills the map by the length of its values; gives the number of entries. */
    private long fill() throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                Arena arena = Arena.ofConfined()) {
            final StoreMap map = StoreMaps.open(store, LAYOUT);
            long entries = 0;
            while (put(map, arena, entries) != StoreMap.FULL) {
                entries++;
            }
            assertThat(entries).isEqualTo(25);
            return entries;
        }
    }

    private void requireFull(long entries) throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                Arena arena = Arena.ofConfined()) {
            final StoreMap map = StoreMaps.open(store, LAYOUT);
            assertThat(map.size()).isEqualTo(entries);
            assertThat(put(map, arena, entries)).isEqualTo(StoreMap.FULL);
            assertThat(counts()).doesNotExist();
        }
    }

    private static long put(StoreMap map, Arena arena, long number) {
        final MemorySegment key = arena.allocate(JAVA_LONG);
        key.set(JAVA_LONG, 0, number);
        return map.put(key, 0, arena.allocate(400), 0, 400);
    }
}

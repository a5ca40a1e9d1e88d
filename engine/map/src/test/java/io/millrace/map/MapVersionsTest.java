package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maps of a store of the version before are read and brought up to date. */
class MapVersionsTest {
    private static final MapLayout MAP = new MapLayout("old", 8, 8, 8, 100);

    @TempDir
    private Path folder;

    @Test
    void readsAStoreOfVersion0AndWritesTheLayoutOfItsMapsDown() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment entry = arena.allocate(JAVA_LONG);
            entry.set(JAVA_LONG, 0, 42);
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
                assertThat(StoreMaps.open(store, MAP).put(entry, 0, entry, 0, 8))
                        .isPositive();
            }
            // Version 0 is version 1 without the lines for maps.
            Files.writeString(folder.resolve("format"), "millrace-store 0\n");

            final MemorySegment value = arena.allocate(JAVA_LONG);
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
                assertThat(StoreMaps.open(store, MAP).get(entry, 0, value, 0)).isEqualTo(8);
            }
            assertThat(value.get(JAVA_LONG, 0)).isEqualTo(42);
            assertThat(folder.resolve("format")).hasContent("millrace-store 1\nmap old 8 8 8 100\n");
        }
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> StoreMaps.open(store, new MapLayout("old", 8, 16, 16, 100)))
                    .hasMessageContaining("made with another layout");
        }
    }
}

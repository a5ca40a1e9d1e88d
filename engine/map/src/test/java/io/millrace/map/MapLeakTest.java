package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.memory.TrackedArena;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import io.millrace.test.HeldFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that was closed has none of its maps mapped or open. */
class MapLeakTest {
    private static final MapLayout LAYOUT = new MapLayout("map", 8, 64, 64, 100);

    @TempDir
    private Path folder;

    @Test
    void aClosedStoreLeavesNothingMappedAndNoFileOpen() throws IOException {
        assumeTrue(HeldFiles.isKnown(), "needs Linux");
        final long before = TrackedArena.liveBytes();
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                    Arena arena = Arena.ofConfined()) {
                final MemorySegment bytes = arena.allocate(64);
                assertThat(StoreMaps.open(store, LAYOUT).put(bytes, 0, bytes, 0, 64))
                        .isPositive();
                assertThat(HeldFiles.below(folder)).as("while it is open").anyMatch(name -> name.endsWith("map.map"));
            }
            assertThat(HeldFiles.below(folder)).as("after opening %d", opening).isEmpty();
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    @Test
    void anOpeningThatFailsLeavesNothingEither() throws IOException {
        assumeTrue(HeldFiles.isKnown(), "needs Linux");
        final long before = TrackedArena.liveBytes();
        Files.writeString(folder.resolve("map.map"), "not a map ".repeat(1_000));
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> StoreMaps.open(store, LAYOUT)).hasMessageContaining("cannot open the map");
            assertThat(HeldFiles.below(folder)).noneMatch(name -> name.endsWith("map.map"));
        }
        assertThat(HeldFiles.below(folder)).isEmpty();
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }
}

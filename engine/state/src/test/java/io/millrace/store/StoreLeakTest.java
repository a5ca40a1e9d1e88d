package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that was closed has nothing of its files mapped or open: the kernel's own list says so. */
class StoreLeakTest {
    private static final Path MAPPED = Path.of("/proc/self/maps");
    private static final Path OPEN = Path.of("/proc/self/fd");

    @TempDir
    private Path folder;

    @Test
    void aClosedStoreLeavesNothingMappedAndNoFileOpen() throws IOException {
        assumeTrue(Files.exists(MAPPED), "needs Linux");
        final long before = TrackedArena.liveBytes();
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                    SecretKey key = SecretKey.copyOf(MemorySegment.ofArray(new byte[SecretKey.LENGTH]));
                    Arena arena = Arena.ofConfined()) {
                final MemorySegment bytes = arena.allocate(64);
                final StoreMap map = store.map(new MapLayout("map", 8, 64, 64, 100));
                assertThat(map.put(bytes, 0, bytes, 0, 64)).isPositive();
                final ReplayJournal kept = ReplayJournal.open(store, "key", 0, key, new SecureRandomness(), false);
                final ReplayJournal over = ReplayJournal.open(store, "key", 1, key, new SecureRandomness(), true);
                final long[] tags = {opening};
                assertThat(kept.append(1, tags, tags)).isTrue();
                assertThat(over.append(1, tags, tags)).isTrue();
                over.erase();
                assertThat(held()).as("while it is open").anyMatch(name -> name.endsWith("map.map"));
            }
            assertThat(held()).as("after opening %d", opening).isEmpty();
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    @Test
    void anOpeningThatFailsLeavesNothingEither() throws IOException {
        assumeTrue(Files.exists(MAPPED), "needs Linux");
        Files.writeString(folder.resolve("log.log"), "not a log ".repeat(1_000));
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> store.log(new LogLayout("log", 16, 4096))).hasMessageContaining("not a log");
            assertThat(held()).noneMatch(name -> name.endsWith("log.log"));
        }
        assertThat(held()).isEmpty();
    }

    /** What this process has mapped or open below the folder. */
    private List<String> held() throws IOException {
        final List<String> held = new ArrayList<>();
        final String below = folder.toRealPath().toString();
        Files.readAllLines(MAPPED).stream().filter(line -> line.contains(below)).forEach(held::add);
        try (Stream<Path> listed = Files.list(OPEN)) {
            for (Path each : listed.toList()) {
                try {
                    final String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith(below)) {
                        held.add(target);
                    }
                } catch (IOException e) {
                    assertThat(each).doesNotExist(); // was closed since it was listed
                }
            }
        }
        return held;
    }
}

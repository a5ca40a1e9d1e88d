package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.memory.TrackedArena;
import io.millrace.test.HeldFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that was closed has nothing of its files mapped or open: the kernel's own list says so. */
class StoreLeakTest {
    @TempDir
    private Path folder;

    @Test
    void aClosedStoreLeavesNothingMappedAndNoFileOpen() throws IOException {
        assumeTrue(HeldFiles.isKnown(), "needs Linux");
        final long before = TrackedArena.liveBytes();
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                    SecretKey key = SecretKey.copyOf(MemorySegment.ofArray(new byte[SecretKey.LENGTH]));
                    Arena arena = Arena.ofConfined()) {
                final MemorySegment bytes = arena.allocate(64);
                final AppendLog log = store.log(new LogLayout("log", 64, 4096));
                assertThat(log.append(bytes, 0, 64)).isPositive();
                final ReplayJournal kept = ReplayJournal.open(store, "key", 0, key, new SecureRandomness(), false);
                final ReplayJournal over = ReplayJournal.open(store, "key", 1, key, new SecureRandomness(), true);
                final long[] tags = {opening};
                assertThat(kept.append(1, tags, tags)).isTrue();
                assertThat(over.append(1, tags, tags)).isTrue();
                over.erase();
                assertThat(HeldFiles.below(folder)).as("while it is open").anyMatch(name -> name.endsWith("log.log"));
            }
            assertThat(HeldFiles.below(folder)).as("after opening %d", opening).isEmpty();
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    @Test
    void anOpeningThatFailsLeavesNothingEither() throws IOException {
        assumeTrue(HeldFiles.isKnown(), "needs Linux");
        Files.writeString(folder.resolve("log.log"), "not a log ".repeat(1_000));
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            assertThatThrownBy(() -> store.log(new LogLayout("log", 16, 4096))).hasMessageContaining("not a log");
            assertThat(HeldFiles.below(folder)).noneMatch(name -> name.endsWith("log.log"));
        }
        assertThat(HeldFiles.below(folder)).isEmpty();
    }
}

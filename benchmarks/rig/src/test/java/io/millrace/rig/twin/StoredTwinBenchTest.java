package io.millrace.rig.twin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Ed25519KeyPair;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTwinBenchTest {
    @TempDir
    private Path folder;

    @Test
    void readsInMapsAllocateNothingAndNoDocumentIsLeft() throws IOException {
        final Path document = Files.createDirectory(folder.resolve("document"));
        final StoredTwinFigures figures;
        try (Arena arena = Arena.ofConfined();
                Ed25519KeyPair key = Ed25519KeyPair.fromSeed(arena.allocate(32))) {
            figures = new StoredTwinBench(key).measure(1_000, document);
        }

        assertThat(figures.entries()).isEqualTo(1_000);
        assertThat(figures.openMapsNs()).isPositive();
        assertThat(figures.openReplayNs()).isPositive();
        assertThat(figures.firstChangeNs()).isPositive();
        assertThat(figures.getMaps().ns()).isPositive();
        assertThat(figures.getMaps().bytes()).as("bytes a read").isLessThan(1);
        assertThat(figures.getHeap().bytes()).isPositive();
        assertThat(figures.putMaps().ns()).isPositive();
        assertThat(figures.putHeap().ns()).isPositive();
        assertThat(document).doesNotExist();
    }
}

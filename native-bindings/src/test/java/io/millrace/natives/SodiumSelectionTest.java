package io.millrace.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One libsodium for a process: chosen before the first use or not at all. */
class SodiumSelectionTest {
    private final SodiumSelection selection = new SodiumSelection();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeALibrary() throws IOException {
        final EmbeddedSodium build =
                EmbeddedSodium.forPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
        file = Files.write(folder.resolve(build.fileName()), build.read());
    }

    @Test
    void takesTheEmbeddedBuildIfNothingIsChosen() {
        assertThat(selection.handle().origin()).startsWith("embedded ");
        assertThat(selection.handle()).isSameAs(selection.handle());
    }

    @Test
    void takesTheFileThatIsChosenFirst() throws IOException {
        selection.load(file);

        assertThat(selection.handle().origin()).isEqualTo(file.toRealPath().toString());
    }

    @Test
    void takesTheSameFileTwiceByWhateverName() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolve("link.so"), file);

        selection.load(file);
        final SodiumHandle first = selection.handle();
        selection.load(file);
        selection.load(link);

        assertThat(selection.handle()).isSameAs(first);
    }

    @Test
    void refusesAFileAfterTheFirstUse() {
        selection.handle();

        assertThatThrownBy(() -> selection.load(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("libsodium is already loaded, from embedded ")
                .hasMessageContaining(file.toString());
    }

    @Test
    void refusesAnotherFile() {
        selection.load(file);

        assertThatThrownBy(() -> selection.load(folder.resolve("other.so")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other.so");
    }

    @Test
    void staysUndecidedAfterAFailure() {
        assertThatThrownBy(() -> selection.load(folder.resolve("missing.so")))
                .isInstanceOf(LibraryUnavailableException.class);

        selection.load(file);

        assertThat(selection.handle().origin()).doesNotContain("embedded");
    }
}

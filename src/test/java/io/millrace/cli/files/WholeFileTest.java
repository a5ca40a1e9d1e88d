package io.millrace.cli.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("result");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNoPieces() throws IOException {
        Files.writeString(file, "old");

        assertThatThrownBy(() -> WholeFile.replace(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("No space left on device");
                }))
                .hasMessageContaining("No space left");

        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("result");
    }

    @Test
    void aFailedWriteOfANewFileLeavesNothing() throws IOException {
        assertThatThrownBy(() -> WholeFile.replace(file, out -> {
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class);

        assertThat(names()).isEmpty();
    }

    @Test
    void replacesAndKeepsThePermissions() throws IOException {
        Files.writeString(file, "a longer text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        WholeFile.replace(file, "new");

        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(names()).containsExactly("result");
    }

    @Test
    void aFileForItsOwnerAloneIsSoWhateverWasThere() throws IOException {
        Files.writeString(file, "old");

        WholeFile.replaceOwnerOnly(file, new byte[] {1});

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        final Path target = Files.writeString(folder.resolve("target"), "old");
        Files.createSymbolicLink(file, target);

        WholeFile.replace(file, "new");

        assertThat(file).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void theLongestNameIsPossible() throws IOException {
        final Path longest = folder.resolve("n".repeat(255));

        WholeFile.replace(longest, "text");

        assertThat(longest).hasContent("text");
    }

    @Test
    void aFullDeviceIsAnErrorAndStaysADevice() throws IOException {
        final Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full here");

        assertThatThrownBy(() -> WholeFile.replace(full, "text")).isInstanceOf(IOException.class);
        assertThat(Files.isRegularFile(full)).isFalse();
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).toList().stream();
        }
    }
}

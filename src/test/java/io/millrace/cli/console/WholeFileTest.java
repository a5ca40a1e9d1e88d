package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.ProgramRun;
import io.millrace.files.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Also those that the umask takes from a new file. */
    @Test
    void replacesAndKeepsThePermissions() throws IOException {
        Files.writeString(file, "a longer text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        WholeFile.replace(file, "new");

        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-rw-rw-");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec \"$@\" /dev/stdout",
                "exec \"$@\" /proc/self/fd/1",
                "exec 2>&1 && exec \"$@\" /dev/stderr",
                "exec \"$@\" \"$LINK\""
            })
    void standardOutputKeepsItsOrder(String command) throws Exception {
        Files.createSymbolicLink(file, Path.of("/dev/stdout"));
        final Path redirected =
                Files.writeString(folder.resolve("redirected"), "longer than all that the child writes");

        final ProgramRun piped = ProgramRun.ofProcess(child(command));
        final Process child = child(command).redirectOutput(redirected.toFile()).start();

        assertThat(piped).isEqualTo(new ProgramRun(0, "before\nresult\nafter\n", ""));
        assertThat(child.waitFor()).isZero();
        assertThat(redirected).hasContent("before\nresult\nafter\n");
        assertThat(names()).containsExactlyInAnyOrder("redirected", "result");
    }

    @Test
    void aDescriptorThatTheShellOpensIsWrittenTo() throws Exception {
        final ProgramRun piped = ProgramRun.ofProcess(child("exec \"$@\" /dev/fd/9 9>&1 >/dev/null"));
        final Path continued = Files.writeString(folder.resolve("continued"), "old\n");
        final ProgramRun redirected = ProgramRun.ofProcess(child("exec \"$@\" /dev/fd/9 9>>" + continued));

        assertThat(piped).isEqualTo(new ProgramRun(0, "result\n", ""));
        assertThat(redirected).isEqualTo(new ProgramRun(0, "before\nafter\n", ""));
        assertThat(continued).hasContent("old\nresult\n");
        assertThat(names()).containsExactly("continued");
    }

    private ProcessBuilder child(String command) {
        final ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh",
                "-c",
                command,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName());
        builder.environment().put("LINK", file.toString());
        return builder;
    }

    /** Writes a file between two lines of standard output. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            System.out.println("before");
            WholeFile.replace(Path.of(args[0]), "result\n");
            System.out.println("after");
        }
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).toList().stream();
        }
    }
}

package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Places in a folder in which not even the administrator makes a file. */
class ResultPlaceTest {
    /** A regular file that this process may write. */
    private static final Path WRITABLE = Path.of("/proc/self/comm");

    @TempDir
    private Path folder;

    @BeforeEach
    void requireProc() {
        assumeTrue(Files.isRegularFile(WRITABLE) && Files.isWritable(WRITABLE), "no /proc here");
    }

    @Test
    void aFileThatIsReplacedNeedsItsFolder() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolve("link"), WRITABLE);

        for (Path file : List.of(WRITABLE, link)) {
            assertThatThrownBy(() -> ResultPlace.require("--out", file, PathKind.WRITTEN_FILE, ""))
                    .isInstanceOf(UsageError.class)
                    .hasMessageStartingWith("--out=" + file + ": ")
                    .hasMessageContaining(
                            "in the folder " + WRITABLE.getParent().toRealPath() + ":")
                    .message()
                    .doesNotContain(".millrace-");
        }
    }

    @Test
    void aFileThatIsWrittenInPlaceDoesNot() throws IOException {
        assertThatCode(() -> ResultPlace.require("--out", WRITABLE, PathKind.WRITTEN_IN_PLACE, ""))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/none", "/proc/self/comm/none", "/proc/self"})
    void aFileThatIsToBeMadeDoes(String file) {
        assertThatThrownBy(() -> ResultPlace.require("--out", Path.of(file), PathKind.WRITTEN_IN_PLACE, ""))
                .isInstanceOf(UsageError.class)
                .message()
                .doesNotContain(".millrace-");
    }

    @Test
    void theMessageForAFolderNamesIt() {
        assertThatThrownBy(() -> ResultPlace.require("--out", Path.of("/proc/none/below"), PathKind.WRITTEN_FOLDER, ""))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("in the folder /proc:")
                .message()
                .doesNotContain(".millrace-");
    }

    /** The one is appended to, the other handed to the JDK. */
    @ParameterizedTest
    @CsvSource({"send, --verify-delays", "bench packets, --jfr"})
    void theseAreWrittenInPlace(String command, String option) {
        CommandLine named = Millrace.commandLine();
        for (String word : command.split(" ", -1)) {
            named = named.getSubcommands().get(word);
        }
        final Object field = named.getCommandSpec().findOption(option).userObject();

        assertThat(((AnnotatedElement) field).getAnnotation(PathOption.class).value())
                .isEqualTo(PathKind.WRITTEN_IN_PLACE);
    }

    /** Standard output of a program whose caller sends it to a file. */
    @Test
    void aDescriptorNeedsNoFolder() throws Exception {
        final List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" >" + WRITABLE, "sh"));
        command.addAll(ProgramRun.commandOf("receipts", "checkpoint", "--log", path("none"), "--out", "/dev/stdout"));

        final ProgramRun run = ProgramRun.ofProcess(new ProcessBuilder(command));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("no receipt log there");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MillraceTest {
    @TempDir
    private Path folder;

    static Stream<List<String>> wrongUsage() {
        return Stream.of(
                List.of(),
                List.of("--unknown"),
                List.of("unknown"),
                List.of("vectors"),
                List.of("vectors", "a", "b"),
                List.of("--sodium"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongUsage(List<String> args) {
        final ProgramRun run = ProgramRun.of(args.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("millrace: ").contains("--help").hasLineCount(1);
    }

    @Test
    void everyCommandHasHelpAndTakesJson() {
        final var commands = Millrace.commandLine().getSubcommands();

        assertThat(commands).isNotEmpty();
        commands.forEach((name, command) -> {
            if (command.getSubcommands().isEmpty()) {
                hasHelpAndTakesJson(name);
            }
            command.getSubcommands().keySet().forEach(below -> hasHelpAndTakesJson(name, below));
        });
    }

    private static void hasHelpAndTakesJson(String... command) {
        final List<String> args = new ArrayList<>(List.of(command));
        final String name = String.join(" ", args);
        args.add("--help");
        final ProgramRun run = ProgramRun.of(args.toArray(String[]::new));
        assertThat(run.exitCode()).as(name).isZero();
        assertThat(run.out()).as(name).contains("Usage: millrace " + name, "--json", "--sodium", "Exit codes:");
        assertThat(run.err()).as(name).isEmpty();
    }

    @Test
    void versionNamesProgramJdkAndLibrary() {
        final ProgramRun run = ProgramRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).containsPattern("millrace [0-9]+\\.[0-9]+").contains("JDK ", "libsodium ", "embedded");
    }

    @Test
    void aLibraryThatIsNotThereIsOneLine() throws Exception {
        final ProgramRun run =
                ProgramRun.inChild("--sodium", folder.resolve("libsodium.so").toString(), "vectors", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("millrace: ").contains("libsodium.so").hasLineCount(1);
    }
}

package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

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

    @ParameterizedTest
    @CsvSource({
        "nonsense --help, unknown command: nonsense; ",
        "benhc, unknown command: benhc; did you mean bench? (see",
        "rely, unknown command: rely; did you mean relay? (see",
        "htx lisen, unknown command: lisen; commands: serve",
        "relay --confg r1.toml, unknown option: --confg; did you mean --config? (see",
        "send --config=c --to=b --rout=r1 f, unknown option: --rout=r1; did you mean --route? (see",
        "relay --zzz=1, --config=FILE is missing (see millrace relay --help)",
        "demo, FILE is missing (see",
        "send f, --config=CONFIG and --to=NAME are missing (see",
        "bench --seconds, --seconds: needs a value: --seconds=N (see",
        "bench --seconds=abc, --seconds=abc: must be a whole number of at most 2147483647 (see",
        "bench --seconds=1 --seconds=2, --seconds: is given twice; give it once (see",
        "bench --json=foo, --json=foo: takes no value; give --json alone (see",
        "demo --link=foo f, --link=foo: must be udp or tcp (see",
        "benhc --version, unknown command: benhc; did you mean bench",
        "htx conect --help, unknown command: conect; did you mean connect",
        "zzz, unknown command: zzz; commands: bench",
        "bench --secnods 3 --help, unknown option: --secnods; did you mean --seconds",
        "doctor more --help, one argument too many: more"
    })
    void anUnknownWordIsNamedAlsoBesideHelp(String line, String message) {
        final ProgramRun run = ProgramRun.of(line.split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("millrace: " + message).hasLineCount(1);
    }

    @Test
    void helpIsGivenWhateverThePathsAre() {
        assertThat(ProgramRun.of("keygen", "--help", "/no/such/folder/x").exitCode())
                .isZero();
        assertThat(ProgramRun.of("demo", "src", "--help").exitCode()).isZero();
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
        assertThat(run.out())
                .containsPattern("millrace [0-9]+\\.[0-9]+")
                .contains("JDK ", "libsodium ", "embedded", "lanes ");
    }

    @Test
    void aLibraryThatIsNotThereIsOneLine() throws Exception {
        final ProgramRun run =
                ProgramRun.inChild("--sodium", folder.resolve("libsodium.so").toString(), "vectors", folder.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("millrace: ").contains("libsodium.so").hasLineCount(1);
    }

    @Test
    void aFileWhoseNameBeginsWithAtIsAFileLikeAnyOther() throws Exception {
        final Path key = folder.resolve("log.key");
        assertThat(ProgramRun.of("keygen", key.toString()).exitCode()).isZero();
        Files.writeString(folder.resolve("photo.bin"), "hello one two");

        // Relative, so that the argument itself begins with @.
        final ProcessBuilder append = new ProcessBuilder(
                ProgramRun.commandOf("receipts", "append", "--log", "l", "--key", "log.key", "--", "@photo.bin"));
        Files.writeString(folder.resolve("@photo.bin"), "the photo itself");
        assertThat(ProgramRun.ofProcess(append.directory(folder.toFile())).exitCode())
                .isZero();
    }

    @Test
    void noCommandTakesAFileOfArguments() throws IOException {
        final Path arguments = Files.writeString(folder.resolve("arguments"), "--help");
        final List<CommandLine> commands = new ArrayList<>(List.of(Millrace.commandLine()));
        for (int i = 0; i < commands.size(); i++) { // grows
            commands.addAll(commands.get(i).getSubcommands().values());
        }
        assertThat(commands).hasSizeGreaterThan(30);
        for (CommandLine each : commands) {
            final List<String> words = new ArrayList<>(
                    List.of(each.getCommandSpec().qualifiedName().split(" ", -1)));
            words.add("@" + arguments);
            final ProgramRun run = ProgramRun.of(words.subList(1, words.size()).toArray(String[]::new));
            assertThat(run.out()).as("%s", words).doesNotContain("Usage:");
        }
    }

    @Test
    void aSecretKeyFileIsNeverReadAsArgumentsAndPrinted() throws Exception {
        final Path key = folder.resolve("log.key");
        assertThat(ProgramRun.of("keygen", key.toString()).exitCode()).isZero();
        final List<String> secrets = Files.readAllLines(key).stream()
                .flatMap(line -> Stream.of(line.split("[^0-9a-f]+")))
                .filter(word -> word.length() == 64)
                .toList();
        assertThat(secrets).isNotEmpty();

        for (String[] args : List.of(
                new String[] {"@" + key}, new String[] {"keygen", "--show", "@" + key}, new String[] {"demo", "@" + key
                })) {
            final ProgramRun run = ProgramRun.of(args);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.out() + run.err()).doesNotContain(secrets);
        }
    }
}

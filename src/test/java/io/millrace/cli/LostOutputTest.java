package io.millrace.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.rig.chart.WaterfallChart;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Output that could not be written makes a run fail: every command, both streams, on a full disk and to a closed pipe. */
class LostOutputTest {
    private static final Path FULL = Path.of("/dev/full");

    /** Methods of the JDK that open a file to write, or write one. */
    private static final Set<String> FILE_WRITERS = Set.of(
            "Files.write",
            "Files.writeString",
            "Files.newOutputStream",
            "Files.newBufferedWriter",
            "ImageIO.write",
            "Recording.dump",
            "Recording.setDestination");

    /** A file that is received, files of a run in its own new folder, a recording that is written in place. */
    private static final Set<String> WRITERS = Set.of(
            "io.millrace.cli.htx.FileExchange",
            "io.millrace.cli.demo.DemoFiles",
            "io.millrace.cli.demo.DemoNetwork",
            "io.millrace.rig.recording.FlightRecording");

    @TempDir
    private Path folder;

    /** All commands of the tree, those that group others included. */
    static Stream<List<String>> commands() {
        final List<List<String>> found = new ArrayList<>();
        collect(Millrace.commandLine(), List.of(), found);
        assertThat(found).hasSizeGreaterThan(30);
        return found.stream();
    }

    private static void collect(CommandLine command, List<String> name, List<List<String>> found) {
        found.add(name);
        command.getSubcommands().forEach((word, below) -> {
            final List<String> longer = new ArrayList<>(name);
            longer.add(word);
            collect(below, List.copyOf(longer), found);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noCommandLosesItsHelp(List<String> command) throws IOException {
        final List<String> help = new ArrayList<>(command);
        help.add("--help");
        requireLost(help.toArray(String[]::new));
    }

    @Test
    void everyCommandWritesThroughTheOnePlace() {
        commands().forEach(name -> {
            CommandLine command = Millrace.commandLine();
            for (String word : name) {
                command = command.getSubcommands().get(word);
            }
            if (command.getSubcommands().isEmpty()) {
                assertThat(command.getCommandSpec().userObject()).isInstanceOf(ProgramCommand.class);
            }
        });
    }

    @Test
    void noResultIsLost() throws Exception {
        final String key = path("r1.key");
        final String log = path("log");
        final String document = path("d.cbor");
        assertThat(ProgramRun.of("keygen", key).exitCode()).isZero();
        Files.writeString(
                folder.resolve("actors.toml"),
                "[[actor]]\nname = \"r1\"\npublic-key = \""
                        + ProgramRun.of("keygen", "--json", "--show", key)
                                .json()
                                .path("actorKey")
                                .asText()
                        + "\"\n");

        requireLost("doctor");
        requireLost("keygen", "--psk");
        requireLost("keygen", "--show", key);
        requireLost("keygen", "--force", path("r2.key"));
        requireLost("receipts", "append", "--log", log, "--key", key, path("actors.toml"));
        requireLost("receipts", "list", "--log", log);
        final String id = "0".repeat(32);
        ProgramRun.of("receipts", "append", "--log", log, "--key", key, "--id", id, path("actors.toml"));
        requireLost("receipts", "find", "--log", log, id);
        requireLost("receipts", "checkpoint", "--log", log, "--out", path("kept"));
        requireLost("receipts", "prove", "--log", log, "--index", "0", "--out", path("proof"));
        requireLost("receipts", "verify", "--key", log + "/log.vkey", "--checkpoint", path("kept"));
        requireLost("receipts", "verify", "--key", log + "/log.vkey", "--log", log);
        final String actors = path("actors.toml");
        requireLost("twin", "apply", document, "--key", key, "--actors", actors, "set", "a", "b");
        requireLost("twin", "show", document);
        requireLost("twin", "verify", document, "--actors", actors);
        requireLost("twin", "sync", document, path("e.cbor"), "--actors", actors);
        assertThat(ProgramRun.of("receipts", "checkpoint", "--log", log, "--out", FULL.toString())
                        .exitCode())
                .isEqualTo(2);
        requireLost("trace", "--packets", "100", "--rate", "20000", "--mean-ms", "1");
    }

    @Test
    void aFailedCheckKeepsItsCode() throws IOException {
        final String key = path("r1.key");
        ProgramRun.of("keygen", key);
        ProgramRun.of("receipts", "append", "--log", path("log"), "--key", key, key);
        ProgramRun.of("receipts", "append", "--log", path("other"), "--key", key, "--origin", "x", key);
        ProgramRun.of("receipts", "checkpoint", "--log", path("log"), "--out", path("kept"));

        final Run run =
                run(full(), "receipts", "verify", "--key", path("other/log.vkey"), "--checkpoint", path("kept"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("cannot write to standard output");
    }

    @Test
    void lostWordsOnStandardErrorMakeARunFailToo() throws IOException {
        assumeTrue(Files.exists(FULL), "no /dev/full here");
        final int exitCode = Millrace.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(Files.newBufferedWriter(FULL)))
                .execute("keygen", path("r1.key"));

        assertThat(exitCode).isEqualTo(2);
    }

    /** A process: descriptors 1 and 2 are those of the system, and the message says why. */
    @Test
    void theProcessSaysWhyItsOutputIsLost() throws Exception {
        assumeTrue(Files.exists(FULL), "no /dev/full here");
        final ProgramRun full = shell(ProgramRun.commandOf("keygen", "--psk"), ">/dev/full");
        assertThat(full.exitCode()).isEqualTo(2);
        assertThat(full.err())
                .startsWith("millrace: ")
                .contains("standard output", "No space left")
                .hasLineCount(1);

        final ProgramRun silent = shell(ProgramRun.commandOf("keygen", path("r3.key")), "2>/dev/full");
        assertThat(silent.exitCode()).isEqualTo(2);
    }

    /** As head does: the reader knows why it gets no more. A failed check keeps its code. */
    @Test
    void aReaderThatClosedThePipeGetsNoMessage() throws Exception {
        assertThat(afterClosedPipe("--help")).isEqualTo("exit 141\n");
        assertThat(afterClosedPipe("keygen", "--psk")).isEqualTo("exit 141\n");
        assertThat(afterClosedPipe(
                        "vectors",
                        "--json",
                        Files.createDirectory(folder.resolve("none")).toString()))
                .endsWith("exit 3\n");
    }

    private static String afterClosedPipe(String... args) throws IOException, InterruptedException {
        final List<String> words =
                new ArrayList<>(List.of("sh", "-c", "{ \"$@\"; echo \"exit $?\" >&2; } | exec 0<&-", "sh"));
        words.addAll(ProgramRun.commandOf(args));
        return ProgramRun.ofProcess(new ProcessBuilder(words)).err();
    }

    /** A signal ends the process with the code that its lost output gives, not with that of the command. */
    @Test
    @Timeout(120)
    void aSignalledProcessSaysThatItsOutputIsLost() throws Exception {
        assumeTrue(Files.exists(FULL), "no /dev/full here");
        assertThat(ProgramRun.of("keygen", path("r4.key")).exitCode()).isZero();
        Files.writeString(folder.resolve("r4.toml"), """
            [relay]
            name = "r4"
            listen = "127.0.0.1:0"
            key = "r4.key"

            [engine]
            slots = 1024
            replay-tags = 1000
            """);
        final Process relay = new ProcessBuilder(ProgramRun.commandOf("relay", "--json", "--config", path("r4.toml")))
                .redirectOutput(FULL.toFile())
                .start();
        try (BufferedReader lines = relay.errorReader()) {
            String line = lines.readLine();
            while (line != null && !line.contains(" is ready at ")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            relay.toHandle().destroy();
            assertThat(lines.lines()).anyMatch(each -> each.contains("cannot write to standard output"));
            assertThat(relay.waitFor()).isEqualTo(2);
        } finally {
            relay.destroyForcibly();
        }
    }

    /** These writers hide a failed write, and these fields lead past the one place. */
    @Test
    void nothingGoesPastTheOnePlace() {
        final JavaClasses program = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.millrace.cli", "io.millrace.rig");
        final DescribedPredicate<JavaClass> elsewhere =
                DescribedPredicate.not(resideInAPackage("io.millrace.cli.console")
                        .or(DescribedPredicate.describe(
                                "the entry point", type -> type.getName().equals(Millrace.class.getName()))));
        noClasses().that(elsewhere).should().accessField(System.class, "out").check(program);
        noClasses().that(elsewhere).should().accessField(System.class, "err").check(program);
        noClasses()
                .that(elsewhere)
                .should()
                .callConstructor(PrintWriter.class, OutputStream.class, boolean.class)
                .orShould()
                .callConstructor(PrintWriter.class, Writer.class, boolean.class)
                .orShould()
                .callConstructor(PrintWriter.class, Writer.class)
                .orShould()
                .callConstructor(PrintStream.class, java.io.File.class, java.nio.charset.Charset.class)
                .orShould()
                .callConstructor(PrintStream.class, String.class)
                .check(program);
    }

    /** Other writers of files have a reason: these places leave nothing half-made, or name the missing part. */
    @Test
    void filesAreWrittenAsAWholeOrInFewPlaces() {
        final JavaClasses program = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.millrace.cli", "io.millrace.rig");
        final DescribedPredicate<JavaClass> elsewhere = DescribedPredicate.not(resideInAPackage("io.millrace.files")
                .or(DescribedPredicate.describe("a writer by itself", type -> WRITERS.contains(type.getName()))));
        final DescribedPredicate<JavaMethodCall> writes = DescribedPredicate.describe(
                "a call that writes a file",
                call -> FILE_WRITERS.contains(call.getTargetOwner().getSimpleName() + "."
                                + call.getTarget().getName())
                        && call.getTarget().getRawParameterTypes().stream()
                                .anyMatch(type -> type.isEquivalentTo(Path.class) || type.isEquivalentTo(File.class)));
        noClasses().that(elsewhere).should().callMethodWhere(writes).check(program);
        noClasses()
                .that(elsewhere)
                .should()
                .callConstructor(java.io.FileOutputStream.class, File.class)
                .orShould()
                .callConstructor(java.io.FileOutputStream.class, String.class)
                .orShould()
                .callConstructor(java.io.FileWriter.class, File.class)
                .orShould()
                .callConstructor(java.io.FileWriter.class, String.class)
                .orShould()
                .callConstructor(java.io.RandomAccessFile.class, File.class, String.class)
                .check(program);
    }

    @Test
    void aChartIsWrittenThroughALinkAndAsAWhole() throws IOException {
        final Path chart = Files.writeString(folder.resolve("chart.png"), "old");
        final Path link = Files.createSymbolicLink(folder.resolve("link.png"), chart);

        new WaterfallChart("title", "subtitle", "ns")
                .panel("panel", List.of(new WaterfallChart.Bar("a", 0, 1, 0, WaterfallChart.Kind.TOTAL, "1")), 1)
                .write(link);

        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllBytes(chart)).startsWith(0x89, 'P', 'N', 'G');
    }

    private static void requireLost(String... args) throws IOException {
        final String name = String.join(" ", args);
        if (Files.exists(FULL)) {
            final Run run = run(full(), args);
            assertThat(run.exitCode()).as("%s > /dev/full: %s", name, run.err()).isEqualTo(2);
            assertThat(run.err()).as(name).contains("cannot write to standard output");
        }
        final Run run = run(closedPipe(), args);
        assertThat(run.exitCode()).as("%s | closed: %s", name, run.err()).isEqualTo(2);
        assertThat(run.err()).as(name).contains("cannot write to standard output");
    }

    private record Run(int exitCode, String err) {}

    private static Run run(OutputStream out, String... args) throws IOException {
        final StringWriter err = new StringWriter();
        try (PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8)) {
            final int exitCode = Millrace.commandLine()
                    .setOut(writer)
                    .setErr(new PrintWriter(err))
                    .execute(args);
            return new Run(exitCode, err.toString());
        }
    }

    private static OutputStream full() throws IOException {
        assumeTrue(Files.exists(FULL), "no /dev/full here");
        return Files.newOutputStream(FULL);
    }

    private static OutputStream closedPipe() throws IOException {
        final Pipe pipe = Pipe.open();
        pipe.source().close();
        return Channels.newOutputStream(pipe.sink());
    }

    /** Runs a command in a shell with a redirection behind it. */
    private static ProgramRun shell(List<String> command, String redirection) throws IOException, InterruptedException {
        final List<String> words = new ArrayList<>(List.of("sh", "-c", "\"$@\" " + redirection, "sh"));
        words.addAll(command);
        return ProgramRun.ofProcess(new ProcessBuilder(words));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

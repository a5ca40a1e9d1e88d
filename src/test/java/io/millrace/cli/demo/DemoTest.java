package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as users start it: six processes, real sockets. Every test waits for conditions and never for time. */
class DemoTest {
    private static final int SMALL = 200_000;
    private static final int LARGE = 20_000_000;

    @TempDir
    private Path folder;

    private Path temporary;
    private Path keep;

    @BeforeEach
    void makeFolders() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp"));
        keep = folder.resolve("keep");
    }

    @Test
    void movesAFileThroughThreeRelaysAndLeavesNothingBehind() throws Exception {
        final Path file = file(SMALL);
        try (DemoProcess demo = DemoProcess.start(temporary, "--json", file.toString())) {
            final ProgramRun run = demo.await();

            assertThat(run.exitCode()).as(run.err()).isZero();
            final JsonNode report = run.json();
            assertThat(report.get("verified").asBoolean()).isTrue();
            assertThat(report.get("bytes").asInt()).isEqualTo(SMALL);
            assertThat(report.get("sha256").asText())
                    .isEqualTo(FileHash.sha256(file))
                    .isEqualTo(report.get("receivedSha256").asText());
            assertThat(report.get("keyRolls").isIntegralNumber()).isTrue();
            assertThat(report.get("lost").isIntegralNumber()).isTrue();
            assertThat(report.get("hops")).hasSize(3).allSatisfy(hop -> {
                assertThat(hop.get("forwarded").asInt()).isGreaterThan(SMALL / 1000);
                assertThat(hop.get("conserved").asBoolean()).isTrue();
                assertThat(hop.get("drained").asBoolean()).isTrue();
                assertThat(hop.get("links"))
                        .isNotEmpty()
                        .allSatisfy(link -> assertThat(link.get("hybrid").asBoolean())
                                .as("%s", link)
                                .isTrue());
                assertThat(hop.get("stages").get("peel").get("p50").asLong()).isPositive();
            });
            assertThat(run.err()).doesNotContain("millrace:");
            assertThat(demo.children()).isEmpty();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aRelayKilledInTheMiddleIsAClearFailureAndNeverAFile() throws Exception {
        try (DemoProcess demo = DemoProcess.start(
                temporary, "--keep", keep.toString(), file(LARGE).toString())) {
            final List<ProcessHandle> children = inTheMiddle(demo);
            final long relay = pid("r2");

            assertThat(ProcessHandle.of(relay).orElseThrow().destroyForcibly()).isTrue();
            final ProgramRun run = demo.await();

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines().filter(line -> line.startsWith("millrace:")))
                    .singleElement()
                    .asString()
                    .startsWith("millrace: the demo failed: relay r2 (pid " + relay
                            + ") ended in the middle of the transfer with exit code 137");
            assertThat(keep.resolve("received")).isEmptyDirectory();
            assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void aRelayThatHangsIsAClearFailureOnceThePatienceIsOver() throws Exception {
        try (DemoProcess demo = DemoProcess.start(
                temporary,
                "--json",
                "--patience",
                "5",
                "--keep",
                keep.toString(),
                file(LARGE).toString())) {
            final List<ProcessHandle> children = inTheMiddle(demo);

            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid("r1")))
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            final ProgramRun run = demo.await();

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.json().get("verified").asBoolean()).isFalse();
            assertThat(run.json().get("failure").asText())
                    .contains("for 5 s: are the receiver and every relay of both ways up?");
            assertThat(keep.resolve("received")).isEmptyDirectory();
            assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void aSignalEndsEverythingAndCleansUp() throws Exception {
        try (DemoProcess demo = DemoProcess.start(temporary, file(LARGE).toString())) {
            demo.awaitLine("moving ");
            final List<ProcessHandle> children = demo.children();

            demo.terminate();
            final ProgramRun run = demo.await();

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).endsWith("millrace: the demo failed: interrupted\n");
            assertThat(children).hasSizeGreaterThanOrEqualTo(4);
            for (ProcessHandle child : children) {
                child.onExit().get(3, TimeUnit.MINUTES);
            }
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void noProcessOutlivesTheDemoEvenIfItIsKilled() throws Exception {
        try (DemoProcess demo = DemoProcess.start(temporary, file(LARGE).toString())) {
            demo.awaitLine("moving ");
            final List<ProcessHandle> children = demo.children();

            demo.kill();

            assertThat(children).hasSizeGreaterThanOrEqualTo(4);
            for (ProcessHandle child : children) {
                child.onExit().get(3, TimeUnit.MINUTES);
            }
        }
    }

    @Test
    void refusesWhatCannotWork() throws IOException {
        Files.createDirectory(keep);
        Files.createFile(keep.resolve("something"));
        final String file = file(1).toString();

        assertUsage(ProgramRun.of("demo", folder.resolve("none").toString()), "no such file: ");
        assertUsage(ProgramRun.of("demo", folder.toString()), "a folder, not a file: ");
        assertUsage(ProgramRun.of("demo", "--delay", "often", file), "--delay=often: ");
        assertUsage(
                ProgramRun.of("demo", "--delay", "exponential(400ms,4s)", file),
                "--delay=exponential(400ms,4s) needs epochs of at least 16s, and --epoch is 10s by default: give --epoch=16s");
        assertUsage(
                ProgramRun.of("demo", "--delay", "uniform(1s,4s)", "--epoch", "15s", file),
                "--delay=uniform(1s,4s) needs epochs of at least 16s, and --epoch is 15s: give --epoch=16s or a delay");
        assertUsage(ProgramRun.of("demo", "--keep", keep.toString(), file), "the folder must be empty or new: --keep=");
    }

    /** Waits until the receiver has begun to write; returns all children. */
    private List<ProcessHandle> inTheMiddle(DemoProcess demo) throws IOException, InterruptedException {
        demo.awaitLine("moving ");
        demo.awaitEntryIn(keep.resolve("received"));
        return demo.children();
    }

    private long pid(String name) throws IOException {
        return Files.readAllLines(keep.resolve("pids")).stream()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findAny()
                .orElseThrow();
    }

    private Path file(int length) throws IOException {
        final byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return Files.write(folder.resolve("file.bin"), content);
    }

    private static void assertUsage(ProgramRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("millrace: " + message).hasLineCount(1);
    }
}

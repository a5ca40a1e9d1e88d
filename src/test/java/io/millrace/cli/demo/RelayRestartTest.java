package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.process.ChildEvent;
import io.millrace.cli.process.ChildProcess;
import io.millrace.cli.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network of real processes over real sockets, one of which is killed in the middle of a transfer and comes back. */
class RelayRestartTest {
    private static final int LENGTH = 400_000;
    private static final long PATIENCE_S = 120;

    @TempDir
    private Path folder;

    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final Map<String, ChildProcess> children = new HashMap<>();

    @AfterEach
    void killAll() {
        children.values().forEach(ChildProcess::kill);
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aRelayThatIsKilledAndComesBackCostsTimeAndNothingElse(String link) throws Exception {
        DemoFiles.write(folder, "uniform(0ns,5ms)", link, FreePorts.find(DemoFiles.count()));
        final Path received = Files.createDirectory(folder.resolve("received"));
        final Path file = Files.write(folder.resolve("file.bin"), content());
        for (String relay : DemoFiles.RELAYS) {
            start(relay, "relay", "--json");
            await(relay, line -> line.contains("is ready at"));
        }
        start(DemoFiles.RECEIVER, "receive", "--json", "--once", "--patience", "100", "--out", received.toString());
        await(DemoFiles.RECEIVER, line -> line.contains("is ready at"));
        start(
                DemoFiles.SENDER,
                "send",
                "--json",
                "--progress",
                "LINES",
                "--patience",
                "100",
                "--to",
                DemoFiles.RECEIVER,
                "--route",
                String.join(",", DemoFiles.RELAYS),
                file.toString());
        await(DemoFiles.SENDER, line -> line.matches("progress: [1-9][0-9]* of .*"));

        children.get("r2").kill();
        start("r2", "relay", "--json");

        assertThat(awaitExit(DemoFiles.SENDER)).isZero();
        assertThat(received.resolve("file.bin")).hasSameBinaryContentAs(file);
        children.get("r1").terminate();
        assertThat(awaitExit("r1")).isZero();
        final ProgramRun run = new ProgramRun(0, children.get("r1").output(), "");
        assertThat(run.json().get("conserved").asBoolean()).isTrue();
        assertThat(run.json().get("links").get(1).get("finished").asInt())
                .as("sessions of r1 with r2")
                .isGreaterThanOrEqualTo(2);
    }

    private void start(String name, String command, String... options) throws IOException {
        final List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName(),
                command,
                "--with-parent",
                "--config",
                DemoFiles.config(folder, name).toString()));
        line.addAll(List.of(options));
        children.put(name, ChildProcess.start(name, line, events));
    }

    private void await(String name, Predicate<String> wanted) throws InterruptedException {
        final List<ChildEvent> seen = new ArrayList<>();
        while (true) {
            final ChildEvent event = next(seen);
            if (event instanceof ChildEvent.Line line && line.child().equals(name) && wanted.test(line.text())) {
                return;
            }
            assertThat(event instanceof ChildEvent.Exited exited
                            && exited.child().equals(name))
                    .as("%s ended: %s", name, seen)
                    .isFalse();
        }
    }

    private int awaitExit(String name) throws InterruptedException {
        final List<ChildEvent> seen = new ArrayList<>();
        while (true) {
            if (next(seen) instanceof ChildEvent.Exited exited && exited.child().equals(name)) {
                return exited.exitCode();
            }
        }
    }

    private ChildEvent next(List<ChildEvent> seen) throws InterruptedException {
        final ChildEvent event = events.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(event).as("nothing happened after %s", seen).isNotNull();
        seen.add(event);
        return event;
    }

    private static byte[] content() {
        final byte[] content = new byte[LENGTH];
        new Random(LENGTH).nextBytes(content);
        return content;
    }
}

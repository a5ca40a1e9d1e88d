package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A shared arena that is closed while another thread's native call uses it never crashes the process: the arena is held open
 * during the call, the thread that closes gets an exception, and the first call after the close gets one.
 *
 * <p>The races run in a child process, because a fault ends it: the last race that it printed names the primitive.
 */
class CloseRaceTest {
    /** Ends a child that hangs; a run takes some seconds. */
    private static final int PATIENCE_MINUTES = 5;

    @Test
    void anArenaIsHeldOpenWhileANativeCallUsesIt() throws IOException, InterruptedException {
        final Process child =
                new ProcessBuilder(command()).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(PATIENCE_MINUTES, TimeUnit.MINUTES).execute(child::destroyForcibly);
        String last = "no race";
        String done = null;
        final List<String> rest = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("RACE ")) {
                    last = line;
                } else if (line.startsWith("DONE ")) {
                    done = line;
                } else if (rest.size() < 20) {
                    rest.add(line);
                }
            }
        }
        final int exit = child.waitFor();

        assertThat(done)
                .as("the process ended (%d) in: %s%n%s", exit, last, String.join("\n", rest))
                .isNotNull();
        assertThat(exit).isZero();
        System.out.println("CloseRaceTest: " + done);
        assertThat(Long.parseLong(done.replaceAll(".*refusals=(\\d+).*", "$1")))
                .as("closes that were refused")
                .isPositive();
    }

    private static List<String> command() {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-cp",
                System.getProperty("java.class.path"),
                CloseRace.class.getName()));
        return command;
    }
}

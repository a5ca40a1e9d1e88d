package io.millrace.rig.bed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The engine runs where nothing is ever collected, and every byte that packets leave in the heap is counted. As many packets
 * go through the whole path as {@code millrace.epsilon.packets} says, and two million from the relay's own
 * application through ring, sealing stage and egress queue.
 */
class EpsilonTest {
    private static final long RELAYED = Long.getLong("millrace.epsilon.packets", 50_000);
    private static final long ORIGINATED = 2_000_000;

    /** How many bytes the packets may leave in the heap, each: a quarter of the smallest object; and besides. */
    private static final long BYTES_PER_PACKET = 4;

    private static final long BYTES_BESIDES = 512 * 1_024;

    @Test
    void packetsPassTheWholePathWithoutAnyObject() throws IOException, InterruptedException {
        requireNoObjects("relayed", RELAYED);
    }

    @Test
    void theApplicationsPacketsLeaveWithoutAnyObject() throws IOException, InterruptedException {
        requireNoObjects("originated", ORIGINATED);
    }

    @Test
    void anObjectNowAndThenEndsTheProgram() throws IOException, InterruptedException {
        final Run run = run("wasteful", RELAYED);

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output()).contains("OutOfMemoryError");
    }

    /** Exit code of a process and everything that it wrote. */
    private record Run(int exitCode, String output) {}

    private static Run run(String kind, long count) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:+UseEpsilonGC",
                        "-XX:-UseTLAB", // each object is taken from the heap at once, and seen
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SteadyState.class.getName(),
                        kind,
                        Long.toString(count))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private static void requireNoObjects(String kind, long count) throws IOException, InterruptedException {
        final Run run = run(kind, count);

        assertThat(run.exitCode()).as(run.output()).isZero();
        final JsonNode used = new JsonMapper().readTree(run.output());
        System.out.println("EpsilonTest " + kind + " " + used);
        assertThat(used.get("packets").asLong()).isEqualTo(count);
        assertThat(used.get("bytes").asLong()).isBetween(0L, BYTES_PER_PACKET * count + BYTES_BESIDES);
    }
}

package io.millrace.cli.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.OperationLog;
import io.millrace.rig.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real program, killed while it writes. */
class TwinKillTest {
    private static final int ROUNDS = Integer.getInteger("millrace.twin.kills", 3);
    private static final int MOST_WRITTEN = 1_000;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void whatWasAcknowledgedIsThereAfterAKillAndNothingIsTorn() throws Exception {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final String key = folder.resolve("alice.key").toString();
        final Path actors = folder.resolve("actors.toml");
        final String printed = ProgramRun.of("keygen", key).out();
        Files.writeString(actors, printed.substring(printed.indexOf("[[actor]]"), printed.indexOf("For the conf")));
        final Path many = Files.write(
                folder.resolve("many"),
                IntStream.range(0, 200_000)
                        .mapToObj(i -> "[\"set\",\"key " + i % 100 + "\",\"value\"]")
                        .toList());
        final Path store = folder.resolve("store");

        for (int round = 1; round <= ROUNDS; round++) {
            final String[] acknowledged = {
                "twin", "apply", store.toString(), "--key", key, "--actors", actors.toString(), "increment", "n", "1"
            };
            assertThat(ProgramRun.of(acknowledged).exitCode())
                    .as("seed=" + seed)
                    .isZero();
            killWhileItWrites(
                    store,
                    1 + random.nextInt(MOST_WRITTEN),
                    "twin",
                    "apply",
                    store.toString(),
                    "--key",
                    key,
                    "--actors",
                    actors.toString(),
                    "--operations",
                    many.toString(),
                    "--batch",
                    "1");

            final JsonNode verified = ProgramRun.of(
                            "twin", "verify", store.toString(), "--actors", actors.toString(), "--json")
                    .json();
            // A record that was being written may be left; the next writer cuts it off.
            assertThat(verified.path("sound").asBoolean()).as("seed=" + seed).isTrue();
            final JsonNode shown =
                    ProgramRun.of("twin", "show", store.toString(), "--json").json();
            assertThat(shown.path("counters").path("n").asInt())
                    .as("seed=" + seed)
                    .isEqualTo(round);
            assertThat(shown.path("signed").asInt()).as("seed=" + seed).isGreaterThan(round);
        }
    }

    private static void killWhileItWrites(Path store, int written, String... args) throws Exception {
        final int target = records(store) + written;
        final Process writer = new ProcessBuilder(JavaCommand.of(List.of(args)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (writer.isAlive() && records(store) < target) {
                Thread.onSpinWait();
            }
            assertThat(writer.isAlive())
                    .as("ended by itself before it had written that much")
                    .isTrue();
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    /** Read while another process writes. */
    private static int records(Path store) throws IOException {
        try (OperationLog log = TwinStore.read(store)) {
            return log.size();
        }
    }
}

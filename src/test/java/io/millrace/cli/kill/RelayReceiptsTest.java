package io.millrace.cli.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.node.ReceiptKeys;
import io.millrace.node.keys.KeyFile;
import io.millrace.receipt.LogKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The receipts of a relay in a separate process, read while it runs. */
@Timeout(300)
class RelayReceiptsTest {
    private static final String ENGINE = "provider = \"sodium\"\nthreading = \"shared\"\nreceipts = \"receipts\""
            + "\nreceipts-packets = 1\nreceipts-period = \"10ms\"";
    private static final int ROUNDS = Integer.getInteger("millrace.kill.rounds", 4);
    private static final int PACKETS = 300;
    private static final int CAPACITY = 10_000;

    @TempDir
    private Path folder;

    private String key;

    @ParameterizedTest
    @ValueSource(strings = {"batch", "single"})
    void receiptsOfARunningRelayAreVerified(String mode) throws Exception {
        try (RelayUnderFire fire =
                new RelayUnderFire(folder, ENGINE + "\nreceipts-mode = \"" + mode + "\"", CAPACITY, true)) {
            fire.start();
            deriveKey();
            fire.load(PACKETS);
            awaitCheckpoint();
            Files.copy(folder.resolve("receipts/checkpoint"), folder.resolve("kept"));
            fire.load(PACKETS);
            final JsonNode running = verify("--checkpoint", path("kept"));
            assertThat(running.path("size").asLong()).isPositive();
            final JsonNode receipts = new ProgramRun(0, fire.stop(), "").json().path("receipts");

            assertThat(receipts.path("lost").asLong(-1)).isZero();
            final JsonNode stopped = verify("--checkpoint", path("kept"), "--checkpoint", path("receipts/checkpoint"));
            assertThat(stopped.path("size").asLong())
                    .isEqualTo(receipts.path("appended").asLong())
                    .isGreaterThan(running.path("size").asLong());
            assertThat(packets("forwarded")).isGreaterThanOrEqualTo(2 * PACKETS);
            assertThat(count("session-began")).isEqualTo(1);
            assertThat(count("session-ended")).isEqualTo(1);
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void noDurableReceiptIsLostOrTornByAKill() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("RelayReceiptsTest seed " + seed + ", rounds " + ROUNDS);
        final Random random = new Random(seed);
        try (RelayUnderFire fire = new RelayUnderFire(folder, ENGINE, (ROUNDS + 1) * 4 * PACKETS)) {
            long size = 0;
            for (int round = 0; round < ROUNDS; round++) {
                fire.start();
                deriveKey();
                fire.load(1 + random.nextInt(PACKETS));
                // A published checkpoint says that the receipts under it are durable.
                awaitCheckpoint();
                final Path kept = folder.resolve("kept" + round);
                Files.copy(folder.resolve("receipts/checkpoint"), kept);
                fire.load(1 + random.nextInt(PACKETS));
                final long seen = verify().path("size").asLong();
                fire.kill();

                final List<String> checkpoints = new ArrayList<>();
                for (int i = 0; i <= round; i++) {
                    checkpoints.addAll(List.of("--checkpoint", path("kept" + i)));
                }
                final long left =
                        verify(checkpoints.toArray(String[]::new)).path("size").asLong();
                assertThat(left).as("round %d", round).isGreaterThanOrEqualTo(Math.max(seen, size));
                size = left;
            }
            fire.start();
            fire.load(1);
            fire.stop();
            assertThat(verify("--checkpoint", path("kept0")).path("size").asLong())
                    .isGreaterThan(size);
        }
    }

    @Test
    void onlyWhatWasAskedForLeavesReceipts() throws Exception {
        try (RelayUnderFire fire = new RelayUnderFire(folder, ENGINE + "\nreceipts-of = \"session\"", CAPACITY, true)) {
            fire.start();
            deriveKey();
            fire.load(PACKETS);
            fire.stop();

            assertThat(verify().path("size").asLong()).isEqualTo(2);
            assertThat(count("forwarded")).isZero();
        }
    }

    private void deriveKey() throws IOException {
        try (KeyFile keys = KeyFile.read(folder.resolve("relay.key"));
                LogKey log = ReceiptKeys.derive(keys, null)) {
            key = log.verifierKey().toString();
        }
    }

    private void awaitCheckpoint() {
        while (Files.notExists(folder.resolve("receipts/checkpoint"))) {
            Thread.onSpinWait();
        }
    }

    private JsonNode verify(String... more) throws IOException {
        final List<String> args =
                new ArrayList<>(List.of("receipts", "verify", "--json", "--key", key, "--log", path("receipts")));
        args.addAll(List.of(more));
        final ProgramRun run = ProgramRun.of(args.toArray(String[]::new));
        assertThat(run.exitCode()).as("%s%s", run.out(), run.err()).isZero();
        return run.json();
    }

    private long packets(String operation) throws IOException {
        long sum = 0;
        for (JsonNode receipt : list()) {
            sum += receipt.path("operation").asText().equals(operation)
                    ? receipt.path("result").asLong()
                    : 0;
        }
        return sum;
    }

    private long count(String operation) throws IOException {
        long count = 0;
        for (JsonNode receipt : list()) {
            count += receipt.path("operation").asText().equals(operation) ? 1 : 0;
        }
        return count;
    }

    private JsonNode list() throws IOException {
        return ProgramRun.of("receipts", "list", "--json", "--limit", "100000", "--log", path("receipts"))
                .json()
                .path("receipts");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}

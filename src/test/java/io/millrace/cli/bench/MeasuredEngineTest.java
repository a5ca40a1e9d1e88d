package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.Node;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.EngineOccupancy;
import io.millrace.relay.Occupancy;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.packet.RelayListener;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.BenchSubject;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench --config} measures the engine that {@code relay --config} runs. */
class MeasuredEngineTest {
    /** Every setting of the engine is another than its default. */
    private static final String FILE = """
            [relay]
            name = "r1"
            listen = "127.0.0.1:0"
            key = "r1.key"

            [engine]
            threading = "parallel(2)"
            idle = "yielding"
            provider = "sodium"
            policy = "packet-vrf"
            delay = "uniform(1ms,7ms)"
            tick = "100us"
            wheel-slack = "2s"
            slots = 512
            batch = 8
            ring = 128
            egress = 64
            replay-tags = 5000
            journal = "state"
            journal-sync = "batch"
            receipts = "log"
            receipts-of = "forwarded"
            receipts-mode = "single"
            receipts-packets = 7
            receipts-period = "3s"

            [epochs]
            roll = false

            [[peer]]
            name = "r2"
            id = "00112233445566778899aabbccddeeff"
            address = "127.0.0.1:9"
            psk = "%s"
            """.formatted("12".repeat(32));

    @TempDir
    private Path folder;

    private Path config;

    @Command
    private static final class Options implements Runnable {
        @Mixin
        private final LoopOptions loop = new LoopOptions("split");

        @Override
        public void run() {}
    }

    @BeforeEach
    void write() throws IOException {
        config = OwnerFile.write(folder.resolve("r1.toml"), FILE);
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve("r1.key"), false);
        }
    }

    private static MeasuredPath measured(Optional<SigningMode> receipts, String... options) throws IOException {
        final Options parsed = new Options();
        new CommandLine(parsed).parseArgs(options);
        return parsed.loop.measured(ReplayMode.JOURNALLED, receipts);
    }

    @Test
    void theSettingsAreThoseOfTheRelay() throws IOException {
        final MeasuredPath path = measured(Optional.empty(), "--config", config.toString());

        assertThat(path.engine()).isEqualTo(ConfigFile.relay(config).engine());
        assertThat(path.replay()).isEqualTo(ReplayMode.JOURNALLED);
        assertThat(path.receipts()).contains(SigningMode.SINGLE);
    }

    @Test
    void aMeasuredEngineHasTheSizesAndThreadsOfTheRelay() throws IOException {
        final RelayFile file = ConfigFile.relay(config);
        final EngineOccupancy relay;
        final List<String> threads;
        try (KeyFile keys = KeyFile.read(file.relay().key());
                Node node = Node.open(file.relay(), keys, file.peers(), file.engine(), RelayListener.NONE)) {
            relay = node.engine().occupancy();
            threads = threads(node.engine());
        }
        final MeasuredPath path = measured(Optional.empty(), "--config", config.toString());
        final BatchCrypto crypto = path.engine().crypto();
        try (BenchFixture bed = new BenchFixture(crypto, SphinxProfile.MR1, 64, 2);
                BenchSubject subject = new BenchSubject(
                        bed, new BenchSubject.Parts(path, crypto, crypto, bed.undelayed(), false, () -> {}))) {
            final EngineOccupancy bench = subject.engine().occupancy();
            assertThat(bench.slots()).isEqualTo(relay.slots()).isEqualTo(new Occupancy(0, 512));
            assertThat(bench.ring()).isEqualTo(relay.ring()).isEqualTo(new Occupancy(0, 128));
            assertThat(bench.wheel()).isEqualTo(relay.wheel());
            assertThat(bench.egress().getFirst())
                    .isEqualTo(relay.egress().getFirst())
                    .isEqualTo(new Occupancy(0, 64));
            assertThat(threads(subject.engine())).isEqualTo(threads).hasSizeGreaterThan(2);
        }
    }

    @Test
    void optionsOverrideTheFile() throws IOException {
        final MeasuredPath path = measured(
                Optional.of(SigningMode.BATCH),
                "--config",
                config.toString(),
                "--batch",
                "9",
                "--wait",
                "backoff",
                "--replay",
                "exact");

        final EngineSettings file = ConfigFile.relay(config).engine();
        assertThat(path.engine().texts())
                .containsEntry("batch", "9")
                .containsEntry("idle", "backoff")
                .containsEntry("receipts-mode", "batch");
        assertThat(path.engine().texts().keySet()).isEqualTo(file.texts().keySet());
        assertThat(path.engine().texts().entrySet())
                .filteredOn(each -> !file.texts().entrySet().contains(each))
                .hasSize(3);
        assertThat(path.replay()).isEqualTo(ReplayMode.EXACT);
    }

    @Test
    void withoutAFileTheDefaultsAreARelaysButForShortDelays() throws IOException {
        final EngineSettings relay = EngineSettings.of(Map.of("delay", "exponential(1ms,10ms)"));

        assertThat(measured(Optional.empty()).engine()).isEqualTo(relay);
    }

    @Test
    void anOptionIsRefusedInTheWordsOfTheFile() {
        assertRefused("--batch=257: must be 1 to 256", "--batch", "257");
        assertRefused("--batch=many: must be 1 to 256", "--batch", "many");
        assertRefused(
                "--threading=solo: must be shared, split or parallel(N) with N from 1 to 64", "--threading", "solo");
        assertRefused("--wait=sleep: must be busy-spin, yielding or backoff", "--wait", "sleep");
        assertRefused("--policy=fair: must be sender, epoch-vrf or packet-vrf", "--policy", "fair");
        assertRefused(
                "--provider=rot13: must be auto, lanes, lanes:avx2, lanes:avx512, lanes:ifma, lanes:neon or sodium",
                "--provider",
                "rot13");
        assertRefused(
                "--batch=129, " + config
                        + ":14: [engine] slots=512: batch must be at most a quarter of slots, 128 of 512",
                "--config",
                config.toString(),
                "--batch",
                "129");
    }

    private static void assertRefused(String message, String... options) {
        assertThatThrownBy(() -> measured(Optional.empty(), options))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    /** Threads of the packet path: a measurement has pre-shared link keys, and so no thread for handshakes. */
    private static List<String> threads(RelayEngine engine) {
        engine.start();
        return engine.threads().stream()
                .map(Thread::getName)
                .filter(name -> !name.equals("millrace-links"))
                .sorted()
                .toList();
    }
}

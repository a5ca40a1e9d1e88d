package io.millrace.node.counters;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.Node;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.packet.RelayListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the counters makes little garbage: a collection would stop the engine's threads. */
class CopyCostTest {
    private static final int PASSES = 200;
    private static final int MOST_BYTES = 16 << 10; // per copy; a histogram alone has 220 KiB
    private static final long SECOND_NS = 1_000_000_000;

    @TempDir
    private Path folder;

    @Test
    void aCopyWithAllPercentilesMakesLessGarbageThanAHistogram() throws IOException {
        try (Node node = open()) {
            node.engine().start();
            final RelayCounters counters = new RelayCounters(
                    new MirrorSource(node.engine(), List.of(), Optional::empty, OptionalDouble::empty, () -> 0));
            try (CountersFile file = CountersFile.create(folder.resolve("counters"), "r1", "1", 0, counters.keys())) {
                pass(counters, file); // classes are loaded
                final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < PASSES; i++) {
                    pass(counters, file);
                }
                assertThat((threads.getCurrentThreadAllocatedBytes() - before) / PASSES)
                        .isLessThan(MOST_BYTES);
            }
        }
    }

    private static void pass(RelayCounters counters, CountersFile file) {
        counters.read(file);
        counters.readWindow(file, SECOND_NS);
        file.publish(0, RelayState.RUNNING);
    }

    private Node open() throws IOException {
        final Path config = folder.resolve("r1.toml");
        Files.writeString(config, """
                [relay]
                name = "r1"
                listen = "127.0.0.1:0"
                key = "r1.key"

                [engine]
                slots = 128
                replay-tags = 1000
                wait = "backoff"
                """);
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve("r1.key"), true);
            final RelayFile file = ConfigFile.relay(config);
            return Node.open(file.relay(), keys, file.peers(), file.engine(), RelayListener.NONE);
        }
    }
}

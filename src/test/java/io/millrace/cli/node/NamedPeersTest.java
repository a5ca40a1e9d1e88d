package io.millrace.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecureRandomness;
import io.millrace.http.DocumentSource;
import io.millrace.node.RelayNode;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.node.keys.PublicIdentity;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relay r1 knows its peers by names alone: r2 by one that has an address, and r3 by one that has none. */
class NamedPeersTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path folder;

    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private final List<RelayNode> relays = new ArrayList<>();

    @AfterEach
    void close() {
        relays.forEach(RelayNode::close);
    }

    @ParameterizedTest
    @CsvSource({"udp,udp", "tcp,tcp", "udp,tcp", "tcp,udp"})
    void aNameWithoutAnAddressKeepsNoOtherLinkDown(String link, String linkOfR3) throws IOException {
        final List<Integer> ports = FreePorts.find(2);
        final PublicIdentity r1 = keys("r1");
        final PublicIdentity r2 = keys("r2");
        final PublicIdentity r3 = keys("r3");
        Files.writeString(
                config("r1"),
                relay("r1", ports.get(0))
                        + peer("r2", r2, "localhost:" + ports.get(1), link)
                        + peer("r3", r3, "gone.invalid:9", linkOfR3));
        Files.writeString(config("r2"), relay("r2", ports.get(1)) + peer("r1", r1, "127.0.0.1:" + ports.get(0), link));

        final RelayNode first = open("r1");
        open("r2");

        final long start = System.nanoTime();
        while (!first.node().engine().isLinkUp(0)) {
            assertThat(System.nanoTime() - start).as("%s", notes).isLessThan(PATIENCE_NS);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(first.node().engine().isLinkUp(1)).isFalse();
    }

    private RelayNode open(String name) throws IOException {
        final RelayFile file = ConfigFile.relay(config(name));
        try (KeyFile keys = KeyFile.read(file.relay().key())) {
            final RelayNode relay =
                    RelayNode.open(file, keys, NetworkClock.system(), DocumentSource::fetchDescriptor, notes::add);
            relays.add(relay);
            relay.start();
            return relay;
        }
    }

    private PublicIdentity keys(String name) throws IOException {
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve(name + ".key"), false);
            return keys.publicIdentity();
        }
    }

    private static String relay(String name, int port) {
        return """
            [relay]
            name = "%s"
            listen = "127.0.0.1:%d"
            key = "%s.key"
            [engine]
            threading = "shared"
            replay-tags = 10000
            delay = "uniform(0ns,1ms)"
            """.formatted(name, port, name);
    }

    private static String peer(String name, PublicIdentity identity, String address, String link) {
        return """
            [[peer]]
            name = "%s"
            public-key = "%s"
            link-key = "%s"
            address = "%s"
            link = "%s"
            """.formatted(name, identity.publicKey(), identity.linkKey(), address, link);
    }

    private Path config(String name) {
        return folder.resolve(name + ".toml");
    }
}

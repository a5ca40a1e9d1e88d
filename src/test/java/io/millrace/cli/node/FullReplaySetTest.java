package io.millrace.cli.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.Node;
import io.millrace.node.NodePeers;
import io.millrace.node.config.ClientFile;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.keys.KeyFile;
import io.millrace.node.keys.PublicIdentity;
import io.millrace.relay.Offer;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.rig.process.ChildEvent;
import io.millrace.rig.process.ChildProcess;
import io.millrace.rig.process.FreePorts;
import io.millrace.rig.process.JavaCommand;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay process that keeps its key gets more packets than its replay set holds, and does not hide it. */
@Timeout(300)
class FullReplaySetTest {
    private static final int TAGS = 50;
    private static final int NEARLY = 42;
    private static final int PACKETS = 200;
    private static final int AFTER_RESTART = 20;
    private static final long PATIENCE_S = 60;
    private static final EngineSettings SETTINGS = EngineSettings.ofClient();

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final SphinxWrapper wrapper =
            new SphinxWrapper(arena, SETTINGS.crypto(), new SecureRandomness(), SphinxGeometry.MR1, 1);
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private SphinxPath way;
    private Node client;
    private ChildProcess relay;

    @AfterEach
    void close() {
        if (relay != null) {
            relay.kill();
        }
        if (client != null) {
            client.close();
        }
        arena.close();
    }

    @Test
    void saysSoOnStderrAndByItsExitCode() throws Exception {
        writeFiles();
        start();
        send(NEARLY);
        awaitLine("the replay set of key epoch 0 is 80 % full (");
        send(PACKETS - NEARLY);
        awaitLine("the replay set of key epoch 0 is full (" + TAGS + " tags): its packets are dropped as"
                + " replay-set-full; this relay keeps its key: leave out roll = false");
        assertMostDropped(PACKETS, PACKETS - TAGS);

        // The journal brings the full set back: a restart mends nothing, and the relay says that too.
        start();
        awaitLine("the replay set of key epoch 0 is full (" + TAGS + " tags)");
        send(AFTER_RESTART);
        assertMostDropped(AFTER_RESTART, AFTER_RESTART);
    }

    /** Waits until the relay has so many packets, and stops it. */
    private void assertMostDropped(int received, int dropped) throws Exception {
        awaitLine("relay: received " + received + ", forwarded " + (received - dropped) + ", delivered 0, dropped "
                + dropped + " (replay-set-full " + dropped + "), in flight 0");
        relay.terminate();
        awaitLine("most packets that relay relay received were dropped: received " + received);
        assertThat(next()).isEqualTo(new ChildEvent.Exited("relay", ExitCode.FAILED));
        final JsonNode report = new ProgramRun(ExitCode.FAILED, relay.output(), "").json();
        assertThat(report.get("mostDropped").asBoolean()).isTrue();
        assertThat(report.get("conserved").asBoolean()).isTrue();
        assertThat(report.get("dropped").path("replay-set-full").asInt()).isEqualTo(dropped);
        client.close();
        client = null;
    }

    private void start() throws Exception {
        relay = ChildProcess.start(
                "relay",
                JavaCommand.of(List.of(
                        "relay",
                        "--json",
                        "--with-parent",
                        "--stats-seconds",
                        "1",
                        "--config",
                        folder.resolve("relay.toml").toString())),
                events);
        awaitLine("relay relay is ready at ");
        final ClientFile file = ConfigFile.client(folder.resolve("client.toml"));
        try (KeyFile keys = KeyFile.read(file.client().key())) {
            client = Node.open(file.client(), keys, file.peers(), SETTINGS, new RelayListener() {
                @Override
                public boolean onDeliver(Delivery delivery) {
                    return true;
                }
            });
        }
        client.engine().start();
        await("the link is up", () -> client.engine().isLinkUp(0));
    }

    private void send(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            wrapper.wrap(way, MemorySegment.ofArray(new int[] {i}), packet, 0);
            await("the client takes a packet", () -> client.engine().originate(0, packet, 0) == Offer.OK);
        }
    }

    private void awaitLine(String part) throws InterruptedException {
        final long start = System.nanoTime();
        String before = "";
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
            final ChildEvent event = next();
            if (event == null) {
                break;
            }
            if (!(event instanceof ChildEvent.Line line)) {
                throw new AssertionError(event + " instead of: " + part + "; " + before);
            }
            if (line.text().contains(part)) {
                return;
            }
            before = line.text();
        }
        throw new AssertionError("does not say: " + part + "; last line: " + before);
    }

    private ChildEvent next() throws InterruptedException {
        return events.poll(PATIENCE_S, TimeUnit.SECONDS);
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        final long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("waits for: %s", what)
                    .isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void writeFiles() throws IOException {
        final PublicIdentity relayKeys = keys("relay");
        final PublicIdentity clientKeys = keys("client");
        final List<Integer> ports = FreePorts.find(2);
        Files.writeString(folder.resolve("relay.toml"), """
            [relay]
            name = "relay"
            listen = "127.0.0.1:%d"
            key = "relay.key"

            [engine]
            delay = "exponential(1ms,10ms)"
            replay-tags = %d
            journal = "state"

            [epochs]
            roll = false

            %s
            """.formatted(
                        ports.get(0), TAGS, peer("client", clientKeys, ports.get(1))));
        Files.writeString(
                folder.resolve("client.toml"), """
                    [client]
                    name = "client"
                    listen = "127.0.0.1:%d"
                    key = "client.key"

                    %s
                    """.formatted(ports.get(1), peer("relay", relayKeys, ports.get(0))));
        way = SphinxPath.toRecipient(
                List.of(
                        new SphinxHop(NodePeers.publicKey("relay", relayKeys.publicKey()), 0),
                        new SphinxHop(NodePeers.publicKey("client", clientKeys.publicKey()), 0)),
                0,
                0);
    }

    private static String peer(String name, PublicIdentity keys, int port) {
        return """
            [[peer]]
            name = "%s"
            public-key = "%s"
            link-key = "%s"
            address = "127.0.0.1:%d"
            link = "tcp"
            """.formatted(name, keys.publicKey(), keys.linkKey(), port);
    }

    private PublicIdentity keys(String owner) throws IOException {
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve(owner + ".key"), false);
            return keys.publicIdentity();
        }
    }
}

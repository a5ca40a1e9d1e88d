package io.millrace.cli.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecureRandomness;
import io.millrace.node.Node;
import io.millrace.node.NodePeers;
import io.millrace.node.config.ClientFile;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.Offer;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
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
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two relays in separate processes, linked over TCP to a client in this one; one of them is stopped by SIGSTOP. */
@Timeout(300)
@EnabledOnOs({OS.LINUX, OS.MAC})
class StoppedPeerTest {
    private static final List<String> RELAYS = List.of("r1", "r2");
    private static final int R1 = 0;
    private static final int R2 = 1;
    private static final int STOPPED_SHARE = 64;
    private static final int LEAST_RETURNED = 20;
    private static final int LEAST_DROPPED = 100;
    private static final int MOST_ROUNDS = 10_000;
    private static final long PATIENCE_S = 60;
    private static final long RESEND_MS = 200;
    private static final EngineSettings SETTINGS = EngineSettings.ofClient();

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final SphinxWrapper wrapper =
            new SphinxWrapper(arena, SETTINGS.crypto(), new SecureRandomness(), SphinxGeometry.MR1, 1);
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final List<BlockingQueue<Integer>> arrivals =
            List.of(new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
    private final List<ChildProcess> relays = new ArrayList<>();
    private final SphinxHop[] hops = new SphinxHop[RELAYS.size() + 1];
    private Node client;
    private int sent;

    @AfterEach
    void close() {
        relays.forEach(ChildProcess::kill);
        if (client != null) {
            client.close();
        }
        arena.close();
    }

    @Test
    void losesOnlyItsOwnPacketsAndEachIsCounted() throws Exception {
        writeFiles();
        for (String relay : RELAYS) {
            start(relay);
        }
        openClient();
        awaitLink(R1);
        awaitLink(R2);

        signal("STOP");
        final long before = droppedForPeer();
        int returned = 0;
        while (returned < LEAST_RETURNED || droppedForPeer() < before + LEAST_DROPPED) {
            // The same packet again and again: the stopped relay does not notice, and it is made once only.
            send(R2);
            for (int i = 1; i < STOPPED_SHARE; i++) {
                originate(R2);
            }
            awaitReturn(send(R1));
            returned++;
            assertThat(returned).as("%s", client.engine().counters()).isLessThan(MOST_ROUNDS);
        }
        assertThat(client.engine().counters().dropped().keySet())
                .isSubsetOf(EnumSet.of(Verdict.EGRESS_FULL, Verdict.LINK_DOWN));

        signal("CONT");
        arrivals.get(R2).clear();
        awaitLink(R2);
        assertThat(client.engine().counters().conserved()).isTrue();
    }

    /** Sends until something comes back: links may be down at first, or again. */
    private void awaitLink(int relay) throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        do {
            assertThat(System.nanoTime() - deadline)
                    .as("nothing comes back: %s", client.engine().counters())
                    .isNegative();
            send(relay);
        } while (arrivals.get(relay).poll(RESEND_MS, TimeUnit.MILLISECONDS) == null);
    }

    /** Of the relay that runs; packets from before that were slow may come first. */
    private void awaitReturn(int number) throws InterruptedException {
        Integer arrived;
        do {
            arrived = arrivals.get(R1).poll(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(arrived)
                    .as(
                            "packet %d of the relay that runs; %s",
                            number, client.engine().counters())
                    .isNotNull();
        } while (arrived != number);
    }

    private int send(int relay) {
        final SphinxPath path = SphinxPath.toRecipient(List.of(hops[relay], hops[RELAYS.size()]), 0, 0);
        wrapper.wrap(path, MemorySegment.ofArray(new int[] {relay, sent}), packet, 0);
        originate(relay);
        return sent++;
    }

    private void originate(int relay) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (client.engine().originate(relay, packet, 0) != Offer.OK) {
            assertThat(System.nanoTime() - deadline)
                    .as("the client takes no packet")
                    .isNegative();
            Thread.onSpinWait();
        }
    }

    /** Its queue is full, or it was not heard for so long that the link is down. */
    private long droppedForPeer() {
        final Map<Verdict, Long> dropped = client.engine().counters().dropped();
        return dropped.getOrDefault(Verdict.EGRESS_FULL, 0L) + dropped.getOrDefault(Verdict.LINK_DOWN, 0L);
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(
                                "kill", "-" + name, Long.toString(relays.get(R2).pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private void start(String name) throws IOException, InterruptedException {
        relays.add(ChildProcess.start(
                name,
                JavaCommand.of(List.of(
                        "relay",
                        "--with-parent",
                        "--config",
                        folder.resolve(name + ".toml").toString())),
                events));
        while (true) {
            final ChildEvent event = events.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(event).as("%s does not get ready", name).isNotNull();
            if (event instanceof ChildEvent.Line line && line.text().contains(" is ready at ")) {
                return;
            }
        }
    }

    private void openClient() throws IOException {
        final ClientFile file = ConfigFile.client(folder.resolve("client.toml"));
        try (KeyFile keys = KeyFile.read(file.client().key())) {
            client = Node.open(file.client(), keys, file.peers(), SETTINGS, new Returns());
        }
        client.engine().start();
    }

    private void writeFiles() throws IOException {
        final List<String> names = List.of("r1", "r2", "client");
        final List<Integer> ports = FreePorts.find(names.size());
        final List<String> peers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
                keys.write(folder.resolve(names.get(i) + ".key"), false);
                hops[i] = new SphinxHop(
                        NodePeers.publicKey(names.get(i), keys.publicIdentity().publicKey()), 0);
                peers.add("""
                    [[peer]]
                    name = "%s"
                    public-key = "%s"
                    link-key = "%s"
                    address = "127.0.0.1:%d"
                    link = "tcp"
                    """.formatted(
                                names.get(i),
                                keys.publicIdentity().publicKey(),
                                keys.publicIdentity().linkKey(),
                                ports.get(i)));
            }
        }
        for (Map.Entry<Integer, String> each : Map.of(0, peers.get(2), 1, peers.get(2), 2, peers.get(0) + peers.get(1))
                .entrySet()) {
            final String name = names.get(each.getKey());
            Files.writeString(folder.resolve(name + ".toml"), """
                [%s]
                name = "%s"
                listen = "127.0.0.1:%d"
                key = "%s.key"

                %s
                %s
                """.formatted(
                            name.equals("client") ? "client" : "relay",
                            name,
                            ports.get(each.getKey()),
                            name,
                            name.equals("client") ? "" : "[epochs]\nroll = false\n",
                            each.getValue()));
        }
    }

    /** Counts on the client's engine thread returning packets, and from which relay. */
    private final class Returns implements RelayListener {
        @Override
        public boolean onDeliver(Delivery delivery) {
            final int relay = delivery.payload().get(ValueLayout.JAVA_INT_UNALIGNED, 0);
            return arrivals.get(relay).offer(delivery.payload().get(ValueLayout.JAVA_INT_UNALIGNED, Integer.BYTES));
        }
    }
}

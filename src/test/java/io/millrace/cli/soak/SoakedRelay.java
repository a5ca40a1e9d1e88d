package io.millrace.cli.soak;

import io.millrace.cli.kill.AnnouncedKeys;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DisclosureLog;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.FolderPublisher;
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
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * One relay in a separate process and a client in this one: each packet passes the relay and comes back. One packet in a
 * hundred is sent twice.
 */
final class SoakedRelay implements AutoCloseable {
    private static final long PATIENCE_S = 120;
    private static final int REPEAT_EVERY = 100;
    private static final EngineSettings SETTINGS = EngineSettings.ofClient();

    private final String name;
    private final Path folder;
    private final Arena arena = Arena.ofConfined();
    private final SphinxWrapper wrapper =
            new SphinxWrapper(arena, SETTINGS.crypto(), new SecureRandomness(), SphinxGeometry.MR1, 1);
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final AtomicLong slowestNs = new AtomicLong();
    private final AtomicLong returned = new AtomicLong();
    private final SphinxHop own;
    private final Node client;
    private final ChildProcess relay;
    private final AnnouncedKeys announced;
    private long firstEpoch;
    private long lastEpoch;
    private long sent;
    private long repeated;

    /**
     * Writes the files and starts the relay.
     *
     * @param threading of the relay.
     * @param link {@code udp} or {@code tcp}.
     * @param epochMs length of its epochs.
     */
    SoakedRelay(Path folder, String threading, String link, long epochMs) throws IOException {
        this.name = threading + " " + link;
        this.folder = Files.createDirectories(folder);
        final PublicIdentity relayKeys = keys("relay");
        final PublicIdentity clientKeys = keys("client");
        final List<Integer> ports = FreePorts.find(2);
        Files.writeString(folder.resolve("relay.toml"), """
            [relay]
            name = "%s"
            listen = "127.0.0.1:%d"
            key = "relay.key"

            [engine]
            threading = "%s"
            wait = "backoff"
            delay = "exponential(1ms,10ms)"
            tick = "500us"
            slots = 1024
            replay-tags = 200000
            journal = "state"

            [epochs]
            length = "%dms"

            [[peer]]
            name = "client"
            public-key = "%s"
            link-key = "%s"
            address = "127.0.0.1:%d"
            link = "%s"
            """.formatted(
                        name,
                        ports.get(0),
                        threading,
                        epochMs,
                        clientKeys.publicKey(),
                        clientKeys.linkKey(),
                        ports.get(1),
                        link));
        Files.writeString(folder.resolve("client.toml"), """
            [client]
            name = "client"
            listen = "127.0.0.1:%d"
            key = "client.key"

            [[peer]]
            name = "relay"
            identity = "%s"
            descriptor = "relay.public"
            link-key = "%s"
            address = "127.0.0.1:%d"
            link = "%s"
            """.formatted(
                        ports.get(1), relayKeys.identity(), relayKeys.linkKey(), ports.get(0), link));
        this.own = new SphinxHop(NodePeers.publicKey("client", clientKeys.publicKey()), 0);
        final ClientFile file = ConfigFile.client(folder.resolve("client.toml"));
        try (KeyFile clientKey = KeyFile.read(file.client().key())) {
            this.client = Node.open(file.client(), clientKey, file.peers(), SETTINGS, new Returns());
        }
        client.engine().start();
        this.announced = new AnnouncedKeys(relayKeys, folder.resolve("relay.public"));
        this.relay = ChildProcess.start(
                name,
                JavaCommand.of(List.of(
                        "relay",
                        "--json",
                        "--with-parent",
                        "--config",
                        folder.resolve("relay.toml").toString())),
                events);
    }

    String name() {
        return name;
    }

    /** Waits until the relay announces keys and the link is up. */
    void awaitReady() throws InterruptedException {
        firstEpoch = announced.now().number();
        await("the link is up", () -> client.engine().isLinkUp(0));
    }

    /** Sends a packet, and one in a hundred twice. */
    void send() throws InterruptedException {
        final EpochPublicKey key = announced.now();
        lastEpoch = key.number();
        wrapper.wrap(
                SphinxPath.toRecipient(List.of(new SphinxHop(key.key(), 0), own), 0, 0),
                MemorySegment.ofArray(new long[] {System.nanoTime()}),
                packet,
                0);
        originate(key.number());
        if (++sent % REPEAT_EVERY == 0) {
            originate(key.number());
            repeated++;
        }
    }

    /** Waits until every packet came back, or none does any more. */
    void settle() throws InterruptedException {
        long before = -1;
        while (returned.get() < sent && returned.get() > before) {
            before = returned.get();
            for (int i = 0; i < 200 && returned.get() < sent; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    /** Stops the relay; its report. */
    String stop() throws InterruptedException {
        relay.terminate();
        await("the relay stops", () -> !relay.output().isEmpty());
        return relay.output();
    }

    /** Number of disclosures, all verified, without a gap. */
    int disclosures() throws Exception {
        final FolderPublisher published = FolderPublisher.reader(folder.resolve("relay.public"));
        final DisclosureLog log = new DisclosureLog(announced.descriptor(), 100_000);
        for (long epoch : published.epochs()) {
            log.add(DelayDisclosure.decode(
                    published.disclosure(epoch).orElseThrow(),
                    announced.descriptor().identity()));
        }
        return log.size();
    }

    /** Resident memory of the relay in MiB. */
    long residentMb() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + relay.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }

    /** Lines that the relay wrote to stderr, but for those that say that it is ready and that it mixes little. */
    List<String> complaints() {
        return events.stream()
                .filter(ChildEvent.Line.class::isInstance)
                .map(event -> ((ChildEvent.Line) event).text())
                .filter(line -> !line.contains(" is ready at ") && !line.contains("the delays hide"))
                .toList();
    }

    /** Whether the relay says that it accepted an epoch too late. */
    boolean wasLate() {
        return complaints().stream().anyMatch(line -> line.contains(" ms late, "));
    }

    /** Changes of the key that packets were wrapped for. */
    long rolls() {
        return lastEpoch - firstEpoch;
    }

    /** Packets that the client's own engine dropped, by reason. */
    Map<String, Long> clientDropped() {
        final Map<String, Long> dropped = new TreeMap<>();
        client.engine().counters().dropped().forEach((verdict, count) -> dropped.put(verdict.label(), count));
        return dropped;
    }

    long sent() {
        return sent;
    }

    long repeated() {
        return repeated;
    }

    /** The longest way through the relay and back, in milliseconds. */
    long slowestMs() {
        return slowestNs.get() / 1_000_000;
    }

    long returned() {
        return returned.get();
    }

    @Override
    public void close() {
        relay.kill();
        announced.close();
        client.close();
        arena.close();
    }

    private void originate(long epoch) throws InterruptedException {
        await("the client takes a packet", () -> client.engine().originate(0, epoch, packet, 0) == Offer.OK);
    }

    private void await(String what, BooleanSupplier holds) throws InterruptedException {
        final long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
                throw new AssertionError(name + ": does not happen: " + what + "; relay: " + relay.lastLine()
                        + ", client: " + client.engine().counters());
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private PublicIdentity keys(String owner) throws IOException {
        try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
            keys.write(folder.resolve(owner + ".key"), false);
            return keys.publicIdentity();
        }
    }

    /** Counts on the client's engine thread returning packets. */
    private final class Returns implements RelayListener {
        @Override
        public boolean onDeliver(Delivery delivery) {
            final long tookNs = System.nanoTime() - delivery.payload().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            slowestNs.accumulateAndGet(tookNs, Math::max);
            returned.incrementAndGet();
            return true;
        }
    }
}

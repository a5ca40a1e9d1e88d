package io.millrace.cli.kill;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.RelayDescriptor;
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
import io.millrace.relay.packet.Verdict;
import io.millrace.rig.process.ChildEvent;
import io.millrace.rig.process.ChildProcess;
import io.millrace.rig.process.FreePorts;
import io.millrace.rig.process.JavaCommand;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import io.millrace.test.OwnerFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The program's relay in a separate process, and a client in this one whose packets pass the relay and come back. Each
 * packet carries its number, and is kept, so that it can be sent again.
 *
 * <p>A packet that comes back is acknowledged. One that comes back twice is counted, whether the client's own replay check
 * finds it or the packet's number does.
 */
final class RelayUnderFire implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String KEEPS_ITS_KEY = "roll = false";
    private static final int WINDOW = 64;
    private static final long LOST_AFTER_MS = 500;
    private static final int SILENCES = 20;
    private static final long STRIDE = 2_112;
    private static final EngineSettings SETTINGS = EngineSettings.ofClient();

    private final Path folder;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment packets;
    private final SphinxWrapper wrapper;
    private final AnnouncedKeys announced; // null: the relay keeps its key
    private final long[] epochs; // of the relay, by packet
    private final BlockingQueue<Integer> arrivals = new LinkedBlockingQueue<>();
    private final AtomicInteger repeated = new AtomicInteger();
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final boolean[] acknowledged;
    private final Map<String, SphinxHop> hops = new HashMap<>();
    private final List<String> outerCommand = new ArrayList<>();
    private Node client;
    private ChildProcess relay;
    private int starts;
    private int sent;
    private int acknowledgedCount;

    /**
     * Writes the files of both.
     *
     * @param engineLines more lines for the section {@code [engine]} of the relay.
     * @param capacity most packets that will be sent.
     */
    RelayUnderFire(Path folder, String engineLines, int capacity) throws IOException {
        this(folder, engineLines, capacity, false);
    }

    /** As above; with {@code handshaked} the link begins with a handshake, and packets before it are lost. */
    RelayUnderFire(Path folder, String engineLines, int capacity, boolean handshaked) throws IOException {
        this(folder, engineLines, KEEPS_ITS_KEY, capacity, handshaked);
    }

    /** As above; with {@code epochLines} for the section {@code [epochs]} of the relay. */
    RelayUnderFire(Path folder, String engineLines, String epochLines, int capacity, boolean handshaked)
            throws IOException {
        this.folder = folder;
        this.packets = arena.allocate(capacity * STRIDE, 64);
        this.acknowledged = new boolean[capacity];
        this.epochs = new long[capacity];
        final boolean rolling = !epochLines.equals(KEEPS_ITS_KEY);
        writeFiles(engineLines, epochLines, rolling, handshaked);
        this.announced = rolling ? new AnnouncedKeys(identity("relay"), folder.resolve("relay.public")) : null;
        this.wrapper = new SphinxWrapper(arena, SETTINGS.crypto(), new SecureRandomness(), SphinxGeometry.MR1, 1);
    }

    /**
     * From the next start on no file of the relay may grow beyond so many bytes: to it, the disk is full. Of a multiple of
     * 512; 0: as the system allows.
     */
    void limitFiles(long length) {
        outerCommand.clear();
        if (length > 0) {
            outerCommand.addAll(List.of("sh", "-c", "ulimit -f " + length / 512 + " && exec \"$@\"", "sh"));
        }
    }

    /** Starts the relay and returns when it is ready. It ends with this process, if that ends before. */
    void start() throws IOException, InterruptedException {
        openClient();
        events.clear();
        final List<String> command = new ArrayList<>(outerCommand);
        command.addAll(JavaCommand.of(List.of(
                "relay",
                "--json",
                "--with-parent",
                "--stats-seconds",
                "1",
                "--config",
                folder.resolve("relay.toml").toString())));
        relay = ChildProcess.start("start " + ++starts, command, events);
        final String ready = awaitLine(" is ready at ");
        if (!ready.contains(" is ready at ")) {
            throw new AssertionError("the relay does not get ready: " + ready);
        }
    }

    /** Waits until the relay says {@code text} on stderr; gives the line, or its last one if it ends or says nothing more. */
    String awaitLine(String text) throws InterruptedException {
        final long deadline = deadline();
        while (true) {
            final ChildEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event instanceof ChildEvent.Line line
                    && line.child().equals(relay.name())
                    && line.text().contains(text)) {
                return line.text();
            }
            if (event == null
                    || (event instanceof ChildEvent.Exited exited
                            && exited.child().equals(relay.name()))) {
                return relay.lastLine();
            }
        }
    }

    /** Sends fresh packets, a window of them at a time, until {@code count} have come back. */
    void load(int count) throws InterruptedException {
        final int goal = acknowledgedCount + count;
        int inFlight = 0;
        int silences = 0;
        while (acknowledgedCount < goal) {
            while (inFlight < WINDOW) {
                sendFresh();
                inFlight++;
            }
            final int before = acknowledgedCount;
            collect(LOST_AFTER_MS * (1 + silences)); // longer and longer: a minute and a half in all
            if (acknowledgedCount > before) {
                inFlight -= acknowledgedCount - before;
                silences = 0;
            } else if (++silences == SILENCES) {
                throw new AssertionError(
                        "nothing comes back: client " + client.engine().counters() + ", relay " + relay.lastLine());
            } else {
                inFlight = 0;
            }
        }
    }

    /** Sends every packet once more that has come back already. */
    void sendAcknowledgedAgain() throws InterruptedException {
        for (int number = 0; number < sent; number++) {
            if (acknowledged[number]) {
                send(number);
            }
        }
    }

    /** Kills the relay with SIGKILL, and closes the client. */
    void kill() {
        relay.kill();
        client.close();
        drain();
    }

    /** Tells the relay to stop, and returns its report. */
    String stop() throws InterruptedException {
        relay.terminate();
        final long deadline = deadline();
        while (relay.output().isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the relay does not stop: " + relay.lastLine());
            }
            events.poll(10, TimeUnit.MILLISECONDS);
        }
        client.close();
        drain();
        return relay.output();
    }

    /** Sends fresh packets, whether they come back or not. */
    void sendFresh(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            sendFresh();
        }
    }

    /** By which the relay's journal is called. */
    String relayId() throws IOException {
        try (KeyFile keys = KeyFile.read(folder.resolve("relay.key"))) {
            return keys.publicIdentity().relayId();
        }
    }

    /** Opens the relay's files in its folder {@code state}, which the caller closes, and the journal in it. */
    ReplayJournal journal(Store store) throws IOException {
        try (KeyFile keys = KeyFile.read(folder.resolve("relay.key"));
                RelaySphinxKey sphinx = keys.sphinxKey();
                SecretKey key = sphinx.journalKey()) {
            return ReplayJournal.open(store, relayId(), 0, key, new SecureRandomness(), false);
        }
    }

    /** Packets that came back. */
    int acknowledgedCount() {
        return acknowledgedCount;
    }

    /** Packets that came back a second time. */
    int repeatedCount() {
        return repeated.get();
    }

    @Override
    public void close() {
        try {
            if (relay != null) {
                relay.kill();
            }
        } finally {
            if (announced != null) {
                announced.close();
            }
            if (client != null) {
                client.close();
            }
            arena.close();
        }
    }

    private void sendFresh() throws InterruptedException {
        if (sent == acknowledged.length) {
            throw new AssertionError("more packets than planned: capacity=" + acknowledged.length);
        }
        final MemorySegment payload = MemorySegment.ofArray(new int[] {sent});
        SphinxHop first = hop("relay");
        if (announced != null) {
            final EpochPublicKey key = announced.now();
            epochs[sent] = key.number();
            first = new SphinxHop(key.key(), 0);
        }
        wrapper.wrap(SphinxPath.toRecipient(List.of(first, hop("client")), 0, 0), payload, packets, sent * STRIDE);
        send(sent++);
    }

    private void send(int number) throws InterruptedException {
        final long deadline = deadline();
        while (client.engine().originate(0, epochs[number], packets, number * STRIDE) != Offer.OK) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "the client takes no packet: " + client.engine().counters() + ", failure "
                                + client.engine().failure());
            }
            collect(1);
        }
        if (number % WINDOW == 0) {
            collect(1);
        }
    }

    private void collect(long waitMs) throws InterruptedException {
        final Integer first = arrivals.poll(waitMs, TimeUnit.MILLISECONDS);
        if (first != null) {
            acknowledge(first);
            drain();
        }
    }

    private void drain() {
        for (Integer number = arrivals.poll(); number != null; number = arrivals.poll()) {
            acknowledge(number);
        }
    }

    private void acknowledge(int number) {
        if (acknowledged[number]) {
            repeated.incrementAndGet();
        } else {
            acknowledged[number] = true;
            acknowledgedCount++;
        }
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    }

    /** A link with a pre-shared key refuses counters that began more than two minutes ago: each round has a fresh one. */
    private void openClient() throws IOException {
        final ClientFile file = ConfigFile.client(folder.resolve("client.toml"));
        try (KeyFile keys = KeyFile.read(file.client().key())) {
            client = Node.open(file.client(), keys, file.peers(), SETTINGS, new Returns());
        }
        client.engine().start();
    }

    /** The relay's newest descriptor. */
    RelayDescriptor descriptor() {
        return announced.descriptor();
    }

    private SphinxHop hop(String name) {
        return hops.computeIfAbsent(
                name,
                each -> new SphinxHop(NodePeers.publicKey(each, identity(each).publicKey()), 0));
    }

    private PublicIdentity identity(String name) {
        try (KeyFile keys = KeyFile.read(folder.resolve(name + ".key"))) {
            return keys.publicIdentity();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeFiles(String engineLines, String epochLines, boolean rolling, boolean handshaked)
            throws IOException {
        final List<String> identities = new ArrayList<>();
        final List<String> links = new ArrayList<>();
        for (String name : List.of("relay", "client")) {
            try (KeyFile keys = KeyFile.generate(new SecureRandomness())) {
                keys.write(folder.resolve(name + ".key"), false);
                identities.add(keys.publicIdentity().publicKey());
                links.add(
                        handshaked
                                ? "link-key = \"" + keys.publicIdentity().linkKey() + "\""
                                : "psk = \"" + "5a".repeat(32) + "\"");
            }
        }
        final String relayKeys = rolling
                ? "identity = \"" + identity("relay").identity() + "\"\ndescriptor = \"relay.public\""
                : "public-key = \"" + identities.get(0) + "\"";
        final List<Integer> ports = FreePorts.find(2);
        OwnerFile.write(folder.resolve("relay.toml"), """
            [relay]
            name = "r1"
            listen = "127.0.0.1:%d"
            key = "relay.key"

            [engine]
            delay = "uniform(0ns,1ms)"
            %s

            [epochs]
            %s

            [[peer]]
            name = "client"
            public-key = "%s"
            address = "127.0.0.1:%d"
            %s
            """.formatted(
                        ports.get(0), engineLines, epochLines, identities.get(1), ports.get(1), links.get(1)));
        OwnerFile.write(
                folder.resolve("client.toml"), """
                    [client]
                    name = "client"
                    listen = "127.0.0.1:%d"
                    key = "client.key"

                    [[peer]]
                    name = "r1"
                    %s
                    address = "127.0.0.1:%d"
                    %s
                    """.formatted(ports.get(1), relayKeys, ports.get(0), links.get(0)));
    }

    /** Counts on the client's engine thread returning packets. */
    private final class Returns implements RelayListener {
        @Override
        public boolean onDeliver(Delivery delivery) {
            return arrivals.offer(delivery.payload().get(ValueLayout.JAVA_INT_UNALIGNED, 0));
        }

        @Override
        public void onDrop(Verdict verdict, int peer) {
            if (verdict == Verdict.REPLAY) {
                repeated.incrementAndGet();
            }
        }
    }
}

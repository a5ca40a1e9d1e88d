package io.millrace.cli.client;

import io.millrace.cli.client.AddressBook.Route;
import io.millrace.cli.config.NodeEntry;
import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.directory.DocumentSource;
import io.millrace.cli.keys.KeyFile;
import io.millrace.cli.node.EngineSettings;
import io.millrace.cli.node.EpochComplaints;
import io.millrace.cli.node.Node;
import io.millrace.cli.node.NodePeers;
import io.millrace.cli.node.RelayReport;
import io.millrace.cli.peers.DescriptorListener;
import io.millrace.cli.peers.DescriptorWatch;
import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.NetworkClock;
import io.millrace.directory.ProbeHop;
import io.millrace.directory.RelayDescriptor;
import io.millrace.relay.Delivery;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.Offer;
import io.millrace.relay.RelayListener;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends and receives messages as the payloads of Sphinx packets: an engine that is the last hop of its packets.
 *
 * <p>Messages may be lost, repeated or reordered. Arrived messages that are not taken are bounded: the engine then refuses
 * and counts them.
 *
 * <p>Threading: {@link #send} and {@link #receive} belong to one thread.
 */
final class EndPoint implements AutoCloseable {
    /** Longest message in bytes. */
    static final int MESSAGE_LIMIT = SphinxGeometry.MR1.payloadCapacity();

    private static final int INBOX_LIMIT = 4096;
    private static final long LINK_PATIENCE_NS = 3_000_000_000L;
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final BlockingQueue<ByteBuffer> inbox;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final WrapBatch batch = new WrapBatch(SphinxGeometry.MR1, packet, 1);
    private final SphinxWrapper wrapper;
    private final Node node;
    private final List<PeerEntry> neighbours;
    private final Set<PeerEntry> toldOf = new HashSet<>();
    private final long openedNs = System.nanoTime();
    private final DescriptorWatch watch;
    private final RouteKeys keys;
    private final EpochComplaints complaints =
            new EpochComplaints(number -> "this client keeps its key: make a new one with keygen");

    private EndPoint(
            Node node,
            List<PeerEntry> neighbours,
            DescriptorWatch watch,
            BatchCrypto crypto,
            BlockingQueue<ByteBuffer> inbox) {
        this.neighbours = neighbours;
        this.inbox = inbox;
        this.node = node;
        this.watch = watch;
        this.keys = new RouteKeys(watch, NetworkClock.system());
        this.wrapper = new SphinxWrapper(arena, crypto, new SecureRandomness(), SphinxGeometry.MR1, 1);
    }

    /**
     * Opens the socket, starts the engine, and begins to read the descriptors of the relays.
     *
     * @param entry of the client.
     * @param keys stay the caller's.
     * @param book of the parties.
     * @param notes takes lines for people, from any thread.
     */
    static EndPoint open(NodeEntry entry, KeyFile keys, AddressBook book, Consumer<String> notes) {
        final EngineSettings settings = EngineSettings.ofClient();
        final BlockingQueue<ByteBuffer> inbox = new ArrayBlockingQueue<>(INBOX_LIMIT);
        final Node node = Node.open(entry, keys, book.neighbours(), settings, new Deliveries(inbox), notes);
        NodePeers.warnings(book.neighbours()).forEach(notes);
        node.engine().start();
        final DescriptorWatch watch =
                DescriptorWatch.start(book.parties(), DocumentSource::fetchDescriptor, new Messages(node, book, notes));
        return new EndPoint(node, book.neighbours(), watch, settings.crypto(), inbox);
    }

    /** Where it receives. */
    InetSocketAddress address() {
        return node.address();
    }

    /** Counters of the engine. */
    EngineCounters counters() {
        return node.engine().counters();
    }

    /**
     * Waits until packets can leave that way: before, they would be lost.
     *
     * @return whether they can; false after {@code waitNs}.
     */
    boolean awaitLink(Route route, long waitNs) throws InterruptedException {
        final long start = System.nanoTime();
        while (!node.engine().isLinkUp(route.neighbour())) {
            if (System.nanoTime() - start >= waitNs) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return true;
    }

    /**
     * Wraps a message and sends it on its way; without room in the engine it is lost, as on the network.
     *
     * @throws IllegalStateException if the engine does not run, with its failure as the cause.
     */
    void send(Route route, ByteBuffer message) {
        final Optional<RouteKeys.Keyed> keyed = keys.of(route);
        if (keyed.isEmpty()) {
            return; // a relay without a key for now: the watch complains of it
        }
        wrapper.wrap(keyed.get().path(), MemorySegment.ofBuffer(message), packet, 0);
        if (node.engine().originate(route.neighbour(), keyed.get().firstEpoch(), packet, 0) == Offer.CLOSED) {
            throw new IllegalStateException(
                    "the engine does not run: state=" + node.engine().state(),
                    node.engine().failure().orElse(null));
        }
    }

    /**
     * Sends a probe on a loop of relays with key epochs; it comes back to {@link #receive}.
     *
     * @param loop ends at this client; see {@link AddressBook#loop}.
     * @param payload of the probe.
     * @return the relays on its way and its delay tags; empty if it did not leave.
     */
    List<ProbeHop> sendProbe(Route loop, ByteBuffer payload) {
        final Optional<RouteKeys.Keyed> keyed = keys.of(loop);
        if (keyed.isEmpty()) {
            return List.of();
        }
        batch.add(keyed.get().path(), MemorySegment.ofBuffer(payload), 0);
        try {
            wrapper.wrap(batch);
            if (node.engine().originate(loop.neighbour(), keyed.get().firstEpoch(), packet, 0) != Offer.OK) {
                return List.of();
            }
            final List<ProbeHop> hops = new ArrayList<>();
            for (int hop = 0; hop < loop.contacts().size() - 1; hop++) {
                final AddressBook.Contact.Rolling relay =
                        (AddressBook.Contact.Rolling) loop.contacts().get(hop);
                final EpochPublicKey key = (EpochPublicKey) keyed.get().choice().get(hop);
                hops.add(new ProbeHop(
                        watch.party(relay.party()).identity(),
                        key.number(),
                        batch.delayTagLow(0, hop),
                        batch.delayTagHigh(0, hop)));
            }
            return hops;
        } finally {
            batch.clear();
        }
    }

    /**
     * Waits until all relays of a route have announced their keys.
     *
     * @return why they have not after {@code waitNs}; empty if they have.
     */
    Optional<String> awaitKeys(Route route, long waitNs) throws InterruptedException {
        final List<Integer> rolling = route.contacts().stream()
                .filter(AddressBook.Contact.Rolling.class::isInstance)
                .map(contact -> ((AddressBook.Contact.Rolling) contact).party())
                .toList();
        final Optional<Integer> missing = watch.await(rolling, Duration.ofNanos(waitNs));
        return missing.map(party -> "no descriptor of " + watch.party(party).name() + ": "
                + watch.trouble(party).orElse("none came yet"));
    }

    /** New complaints about the replay set and about links that are down, lines for people; usually none. */
    List<String> complaints() {
        final List<String> lines = new ArrayList<>(complaints.look(node.engine().epochs()));
        if (System.nanoTime() - openedNs >= LINK_PATIENCE_NS) {
            for (int i = 0; i < neighbours.size(); i++) {
                if (!node.engine().isLinkUp(i) && toldOf.add(neighbours.get(i))) {
                    lines.add(linkDown(neighbours.get(i)));
                }
            }
        }
        return lines;
    }

    /** The usual mistake is the wrong one of public key and identity: the relay knows another id of itself then. */
    private static String linkDown(PeerEntry peer) {
        final String line = "the link to " + peer.name() + " at " + peer.address() + " is not up yet; trying on ...";
        if (peer.rolling().isPresent()) {
            return line + " (if " + peer.name() + " is a relay that keeps its key, name it by public-key and link-key"
                    + " instead of identity and descriptor)";
        }
        return peer.publicKey().isEmpty() || peer.psk().isPresent()
                ? line
                : line + " (if " + peer.name()
                        + " is a relay whose keys change, as they do by default, name it by identity"
                        + " and descriptor instead of public-key)";
    }

    /** Whether more than half of the received packets were dropped. */
    boolean mostDropped() {
        return RelayReport.mostDropped(counters());
    }

    /** The next message that arrived, waiting for it up to {@code waitNs}; null if there is none. */
    ByteBuffer receive(long waitNs) throws InterruptedException {
        return waitNs <= 0 ? inbox.poll() : inbox.poll(waitNs, TimeUnit.NANOSECONDS);
    }

    /** Lets sent messages leave, then stops. */
    @Override
    public void close() {
        watch.close();
        node.engine().stop(DRAIN);
        node.close();
        arena.close();
    }

    /** Begins links that wait for a descriptor, and passes messages on; Sphinx keys are looked up for each packet. */
    private record Messages(Node node, AddressBook book, Consumer<String> notes) implements DescriptorListener {
        @Override
        public void onDescriptor(int index, RelayDescriptor descriptor) {
            final OptionalInt neighbour = book.neighbourOf(index);
            if (neighbour.isPresent()) {
                final PeerEntry peer = book.neighbours().get(neighbour.getAsInt());
                if (peer.psk().isEmpty()) {
                    NodePeers.link(node.engine(), neighbour.getAsInt(), peer.name(), descriptor)
                            .ifPresent(notes);
                }
            }
        }

        @Override
        public void onMessage(String message) {
            notes.accept(message);
        }
    }

    /** Copies what arrives, because it is only there during the call. */
    private record Deliveries(BlockingQueue<ByteBuffer> inbox) implements RelayListener {
        @Override
        public boolean onDeliver(Delivery delivery) {
            return inbox.offer(ByteBuffer.wrap(delivery.payload().toArray(ValueLayout.JAVA_BYTE)));
        }
    }
}

package io.millrace.node;

import io.millrace.client.AddressBook;
import io.millrace.client.Arrivals;
import io.millrace.client.EndPoint;
import io.millrace.directory.DescriptorListener;
import io.millrace.directory.DescriptorWatch;
import io.millrace.directory.RelayDescriptor;
import io.millrace.http.DocumentSource;
import io.millrace.node.config.ClientFile;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.PathNode;
import io.millrace.node.config.PeerEntry;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.text.ConfigException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A client as its file says: an engine on its socket, the descriptors of the relays that it knows, and the end point that
 * sends and receives.
 *
 * <p>Threading: one owner.
 */
public final class ClientNode implements AutoCloseable {
    private static final long LINK_PATIENCE_NS = 3_000_000_000L;
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Node node;
    private final List<PeerEntry> neighbours;
    private final DescriptorWatch watch;
    private final EndPoint endPoint;
    private final Set<PeerEntry> toldOf = new HashSet<>();
    private final long openedNs = System.nanoTime();
    private final EpochComplaints complaints =
            new EpochComplaints(number -> "this client keeps its key: make a new one with keygen");

    private ClientNode(Node node, List<PeerEntry> neighbours, DescriptorWatch watch, EndPoint endPoint) {
        this.node = node;
        this.neighbours = neighbours;
        this.watch = watch;
        this.endPoint = endPoint;
    }

    /**
     * Reads the public keys and identities of a client's file.
     *
     * @param file of the client.
     * @return its parties by name.
     * @throws ConfigException if the client has no neighbour, or a key is none.
     */
    public static AddressBook book(ClientFile file) {
        final AddressBook book = new AddressBook(file.profile());
        for (PeerEntry peer : file.peers()) {
            if (peer.rolling().isPresent()) {
                book.add(NodePeers.party(peer.name(), peer.rolling().get()), peer.isLinked());
            } else {
                book.add(
                        peer.name(),
                        NodePeers.publicKey(peer.name(), peer.publicKey().orElseThrow(), file.profile()),
                        peer.isLinked());
            }
        }
        for (PathNode node : file.nodes()) {
            if (node.rolling().isPresent()) {
                book.add(NodePeers.party(node.name(), node.rolling().get()), false);
            } else {
                book.add(
                        node.name(),
                        NodePeers.publicKey(node.name(), node.publicKey().orElseThrow(), file.profile()),
                        false);
            }
        }
        if (neighbours(file).isEmpty()) {
            throw new ConfigException(
                    "the client has no neighbour: a [[peer]] needs a link-key, a psk, or a descriptor: client="
                            + file.client().name());
        }
        return book;
    }

    /**
     * Opens the socket, starts the engine, and begins to read the descriptors of the relays.
     *
     * @param file of the client.
     * @param keys stay the caller's.
     * @param book of the same file.
     * @param notes takes lines for people, from any thread.
     */
    public static ClientNode open(ClientFile file, KeyFile keys, AddressBook book, Consumer<String> notes) {
        final EngineSettings settings = EngineSettings.ofClient(file.profile());
        final List<PeerEntry> neighbours = neighbours(file);
        final Arrivals arrivals = new Arrivals();
        final Node node = Node.open(file.client(), keys, neighbours, settings, arrivals, notes);
        NodePeers.warnings(neighbours).forEach(notes);
        node.engine().start();
        final DescriptorWatch watch = DescriptorWatch.start(
                book.parties(), DocumentSource::fetchDescriptor, new Messages(node, book, neighbours, notes));
        return new ClientNode(
                node,
                neighbours,
                watch,
                new EndPoint(node.engine(), arrivals, watch, NetworkClock.system(), settings.crypto()));
    }

    /** Sends and receives; closed with this. */
    public EndPoint endPoint() {
        return endPoint;
    }

    /** Where it receives. */
    public InetSocketAddress address() {
        return node.address();
    }

    /** Counters of the engine. */
    public EngineCounters counters() {
        return node.engine().counters();
    }

    /** New complaints about the replay set and about links that are down, lines for people; usually none. */
    public List<String> complaints() {
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

    /** Lets sent messages leave, then stops. */
    @Override
    public void close() {
        watch.close();
        node.engine().stop(DRAIN);
        node.close();
        endPoint.close();
    }

    private static List<PeerEntry> neighbours(ClientFile file) {
        return file.peers().stream().filter(PeerEntry::isLinked).toList();
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

    /** Begins links that wait for a descriptor, and passes messages on; Sphinx keys are looked up for each packet. */
    private record Messages(Node node, AddressBook book, List<PeerEntry> neighbours, Consumer<String> notes)
            implements DescriptorListener {
        @Override
        public void onDescriptor(int index, RelayDescriptor descriptor) {
            final OptionalInt neighbour = book.neighbourOf(index);
            if (neighbour.isPresent()) {
                final PeerEntry peer = neighbours.get(neighbour.getAsInt());
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
}

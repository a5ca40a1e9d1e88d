package io.millrace.node;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.DescriptorFetch;
import io.millrace.directory.DescriptorListener;
import io.millrace.directory.DescriptorWatch;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.Party;
import io.millrace.directory.RelayDescriptor;
import io.millrace.http.DocumentServer;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.EpochsEntry;
import io.millrace.node.config.PeerEntry;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.PeerKey;
import io.millrace.sphinx.RelayId;
import io.millrace.text.ConfigException;
import io.millrace.text.HostPort;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A relay as its file says: an engine with its key epochs, its journal, and the descriptors of its neighbours.
 *
 * <p>Threading: one owner.
 */
public final class RelayNode implements AutoCloseable {
    private final Node node;
    private final Optional<NodeJournal> journal;
    private final Optional<RelayEpochs> epochs;
    private final DescriptorWatch watch;
    private final Optional<DocumentServer> server;

    private RelayNode(
            Node node,
            Optional<NodeJournal> journal,
            Optional<RelayEpochs> epochs,
            DescriptorWatch watch,
            Optional<DocumentServer> server) {
        this.server = server;
        this.node = node;
        this.journal = journal;
        this.epochs = epochs;
        this.watch = watch;
    }

    /**
     * Opens sockets and stores and builds the engine, which is not started.
     *
     * @param file of the relay.
     * @param keys stay the caller's.
     * @param clock network time.
     * @param fetch of the neighbours' descriptors.
     * @param notes takes lines for people, from any thread.
     * @throws ConfigException if the file does not fit this machine, or the files of earlier runs.
     * @throws IOException if a folder cannot be read or written.
     */
    public static RelayNode open(
            RelayFile file, KeyFile keys, NetworkClock clock, DescriptorFetch fetch, Consumer<String> notes)
            throws IOException {
        final EngineSettings settings = file.engine();
        Optional<NodeJournal> journal = Optional.empty();
        Optional<RelayEpochs> epochs = Optional.empty();
        Optional<DocumentServer> server = Optional.empty();
        Node node = null;
        boolean opened = false;
        try {
            final RelayId id = file.epochs().roll() ? NodeKeys.identityId(keys) : NodeKeys.keyId(keys);
            journal = settings.journal().map(each -> NodeJournal.open(each, id.toString()));
            if (file.epochs().roll()) {
                epochs = Optional.of(epochs(file.epochs(), settings, keys, id, clock, journal));
            }
            final NodeKeys first = epochs.isPresent()
                    ? new NodeKeys(id, epochs.get().rolling())
                    : Node.onlyEpoch(keys, settings, journal);
            node = Node.open(file.relay(), keys, first, file.peers(), settings, RelayListener.NONE, notes);
            if (epochs.isPresent()) {
                epochs.get().attach(node.engine());
                if (file.epochs().listen().isPresent()) {
                    server = Optional.of(DocumentServer.open(
                            file.epochs().listen().get(), file.epochs().publish()));
                }
            }
            final RelayNode relay =
                    new RelayNode(node, journal, epochs, watch(file.peers(), node, fetch, notes), server);
            NodePeers.warnings(file.peers()).forEach(notes);
            if (file.epochs().keepsKeyUnasked()) {
                notes.accept(keepsKey(file.relay().name(), settings.replayTags()));
            }
            opened = true;
            return relay;
        } finally {
            if (!opened) {
                server.ifPresent(DocumentServer::close);
                close(node, epochs, journal);
            }
        }
    }

    /** The engine and its socket. */
    public Node node() {
        return node;
    }

    /** The replay journal, if there is one. */
    public Optional<NodeJournal> journal() {
        return journal;
    }

    /** The key epochs, unless the relay keeps its key. */
    public Optional<RelayEpochs> epochs() {
        return epochs;
    }

    /** Starts the engine. */
    public void start() {
        node.engine().start();
    }

    /** Address of the documents, for the end of the line that says that the relay is ready; may be empty. */
    public String ready() {
        return server.map(each -> "; documents at http://" + HostPort.text(each.address()))
                .orElse("");
    }

    /** Stops the engine if it runs, then closes everything. */
    @Override
    public void close() {
        watch.close();
        server.ifPresent(DocumentServer::close);
        close(node, epochs, journal);
    }

    private static void close(Node node, Optional<RelayEpochs> epochs, Optional<NodeJournal> journal) {
        if (node != null) {
            node.close();
        }
        epochs.ifPresent(RelayEpochs::close);
        journal.ifPresent(NodeJournal::close);
    }

    private static String keepsKey(String name, long replayTags) {
        return "warning: relay " + name
                + " keeps its key, because its file has no section [epochs] and names no peer by identity: a stolen"
                + " key opens its layer of every packet recorded before, delays cannot be verified, and after "
                + replayTags + " packets all others are dropped; to change keys, write [epochs] here, and identity and"
                + " descriptor of this relay in the files of its peers; to keep the key, write roll ="
                + " false in [epochs]";
    }

    private static RelayEpochs epochs(
            EpochsEntry entry,
            EngineSettings settings,
            KeyFile keys,
            RelayId id,
            NetworkClock clock,
            Optional<NodeJournal> journal)
            throws IOException {
        final EpochSchedule schedule = EpochSchedule.of(entry.length(), entry.overlap());
        final EpochKeyStore store = EpochKeyStore.open(entry.keys());
        EpochMaker maker = null;
        EpochDocuments documents = null;
        boolean made = false;
        try (EcvrfSecretKey vrf = keys.vrfKey();
                SecretKey linkSecret = keys.linkSecret();
                X25519KeyPair link = X25519KeyPair.of(linkSecret.segment())) {
            final byte[] vrfKey = vrf.publicKey().toArray(ValueLayout.JAVA_BYTE);
            maker = new EpochMaker(
                    store,
                    NodeKeys.bytesOf(id),
                    keys.vrfKey(),
                    settings.policy() == DelayPolicy.EPOCH_VRF,
                    settings.replayTags(),
                    journal);
            documents = new EpochDocuments(
                    keys.identityKey(),
                    link.publicKey().toArray(ValueLayout.JAVA_BYTE),
                    vrfKey,
                    schedule,
                    FolderPublisher.open(entry.publish(), FolderPublisher.DEFAULT_CAPACITY));
            final RelayEpochs epochs = new RelayEpochs(
                    schedule,
                    new DelayLaw(settings.policy(), settings.distribution()),
                    settings.profile(),
                    store,
                    maker,
                    documents,
                    clock,
                    new SecureRandomness());
            made = true;
            return epochs;
        } finally {
            if (!made) {
                if (documents != null) {
                    documents.close();
                }
                if (maker != null) {
                    maker.close();
                }
                store.close();
            }
        }
    }

    private static DescriptorWatch watch(
            List<PeerEntry> peers, Node node, DescriptorFetch fetch, Consumer<String> notes) {
        final List<Party> parties = new ArrayList<>();
        final List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < peers.size(); i++) {
            if (peers.get(i).rolling().isPresent()) {
                parties.add(NodePeers.party(
                        peers.get(i).name(), peers.get(i).rolling().get()));
                indexes.add(i);
            }
        }
        return DescriptorWatch.start(parties, fetch, new DescriptorListener() {
            @Override
            public void onDescriptor(int index, RelayDescriptor descriptor) {
                final int peer = indexes.get(index);
                if (!peers.get(peer).psk().isPresent()) {
                    NodePeers.link(node.engine(), peer, parties.get(index).name(), descriptor)
                            .ifPresent(notes);
                }
                try {
                    node.engine()
                            .updatePeerKeys(
                                    peer,
                                    descriptor.keys().stream()
                                            .map(key -> new PeerKey(key.key().id(), key.number()))
                                            .toList());
                } catch (IllegalArgumentException e) {
                    notes.accept("the keys of " + parties.get(index).name() + " are not taken: " + e.getMessage());
                }
            }

            @Override
            public void onMessage(String message) {
                notes.accept(message);
            }
        });
    }
}

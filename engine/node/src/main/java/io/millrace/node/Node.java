package io.millrace.node;

import io.millrace.crypto.SecureRandomness;
import io.millrace.link.LinkIdentity;
import io.millrace.names.NameWatch;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.NodeEntry;
import io.millrace.node.config.PeerEntry;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.text.ConfigException;
import io.millrace.text.FileTrouble;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An engine on a UDP socket, a TCP socket or both, not started.
 *
 * @param engine its peers have the indexes of the peers it was opened with.
 * @param address where it receives, with the port that was chosen.
 * @param receipts closed with the engine.
 * @param delays closed with the engine.
 * @param names looks up those peers whose addresses are names; closed with the engine.
 */
public record Node(
        RelayEngine engine,
        InetSocketAddress address,
        Optional<NodeReceipts> receipts,
        NodeDelays delays,
        NameWatch names)
        implements AutoCloseable {
    /** Number of the only epoch of a node that keeps its key. */
    static final long ONLY_EPOCH = 0;

    /**
     * Opens a node that has the Sphinx key of its key file for ever.
     *
     * @param entry name, address and key file.
     * @param keys stay the caller's.
     * @param peers all with a link key or a pre-shared key, which is wiped.
     * @param settings sizes, threads and delays; its journal is the caller's business.
     * @param listener called for packets.
     * @throws ConfigException if the address cannot be had or a peer cannot be.
     */
    public static Node open(
            NodeEntry entry, KeyFile keys, List<PeerEntry> peers, EngineSettings settings, RelayListener listener) {
        return open(entry, keys, peers, settings, listener, line -> {});
    }

    /**
     * Opens a node that has the Sphinx key of its key file for ever, and says what becomes of its peers' names.
     *
     * @param entry name, address and key file.
     * @param keys stay the caller's.
     * @param peers all with a link key or a pre-shared key, which is wiped.
     * @param settings sizes, threads and delays; its journal is the caller's business.
     * @param listener called for packets.
     * @param notes takes lines for people, from any thread.
     * @throws ConfigException if the address cannot be had or a peer cannot be.
     */
    public static Node open(
            NodeEntry entry,
            KeyFile keys,
            List<PeerEntry> peers,
            EngineSettings settings,
            RelayListener listener,
            Consumer<String> notes) {
        return open(entry, keys, onlyEpoch(keys, settings, Optional.empty()), peers, settings, listener, notes);
    }

    /**
     * Opens the sockets and builds the engine.
     *
     * @param first taken over.
     */
    static Node open(
            NodeEntry entry,
            KeyFile keys,
            NodeKeys first,
            List<PeerEntry> peers,
            EngineSettings settings,
            RelayListener listener,
            Consumer<String> notes) {
        final List<Peer> linked = new ArrayList<>();
        LinkIdentity identity = null;
        final NodeDelays delays = NodeDelays.of(keys);
        NodeCarrier carrier = null;
        Optional<NodeReceipts> receipts = Optional.empty();
        boolean handedOver = false;
        boolean opened = false;
        try {
            identity = first.linkIdentity(keys, entry.hybrid());
            final Set<RelayId> ownIds = Set.of(NodeKeys.keyId(keys), NodeKeys.identityId(keys));
            for (PeerEntry peer : peers) {
                linked.add(NodePeers.linked(peer, first.id(), ownIds));
            }
            carrier = NodeCarrier.open(entry.listen(), peers);
            receipts = settings.receipts().map(each -> NodeReceipts.open(each, keys, first.id()));
            handedOver = true; // from here on, the engine's builder closes its parts
            final RelayEngine engine = build(
                    settings,
                    new NodeEngine.Parts(
                            settings.crypto(),
                            delays.key(),
                            first.epochs(),
                            carrier.carrier(),
                            Optional.of(identity),
                            linked,
                            listener,
                            receipts.map(NodeReceipts::service)));
            final NameWatch names = PeerNames.watch(peers, engine, notes);
            final Node node = new Node(engine, carrier.address(), receipts, delays, names);
            opened = true;
            return node;
        } catch (IOException e) {
            throw new ConfigException("cannot listen: " + e.getMessage(), e);
        } finally {
            if (!handedOver) {
                close(first.epochs(), identity, linked, carrier);
            }
            if (!opened) {
                receipts.ifPresent(NodeReceipts::close);
                delays.close();
            }
        }
    }

    /** The epoch of a node that keeps its key; its owner closes it. */
    static NodeKeys onlyEpoch(KeyFile keys, EngineSettings settings, Optional<NodeJournal> journal) {
        final RelaySphinxKey key = keys.sphinxKey(settings.profile());
        ReplaySet set = null;
        boolean made = false;
        try {
            set = ReplaySet.create(settings.replayTags(), new SecureRandomness());
            final ReplayFilter filter =
                    journal.isPresent() ? journal.get().filter(ONLY_EPOCH, key, set) : ReplayFilter.inMemory(set);
            final NodeKeys only = new NodeKeys(
                    key.id(),
                    new NodeEngine.First(new SphinxEpoch(ONLY_EPOCH, key, filter, onlyDelays(keys, key, settings))));
            made = true;
            return only;
        } catch (IOException e) {
            throw new ConfigException("[engine] journal: " + e.getMessage(), e);
        } finally {
            if (!made) {
                key.close();
                if (set != null) {
                    set.close();
                }
            }
        }
    }

    private static DelayEpoch onlyDelays(KeyFile keys, RelaySphinxKey key, EngineSettings settings) {
        try (EcvrfSecretKey vrf = keys.vrfKey()) {
            return NodeEngine.delayEpoch(settings, vrf, NodeKeys.bytesOf(key.id()), ONLY_EPOCH);
        }
    }

    private static RelayEngine build(EngineSettings settings, NodeEngine.Parts parts) {
        try {
            return NodeEngine.build(settings, parts);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("the parts of the configuration do not fit each other: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof IOException disk) {
                throw new ConfigException("the key epochs cannot begin: " + FileTrouble.describe(disk), e);
            }
            throw e;
        }
    }

    private static void close(NodeEngine.Epochs epochs, LinkIdentity identity, List<Peer> linked, NodeCarrier carrier) {
        for (Peer peer : linked) {
            if (peer instanceof Peer.PreShared shared) {
                shared.keys().close();
            }
        }
        if (epochs instanceof NodeEngine.First first) {
            first.epoch().close();
        }
        if (identity != null) {
            identity.close();
        }
        if (carrier != null) {
            carrier.carrier().close();
        }
    }

    /** Stops the engine if it runs, wipes its keys and closes its sockets and the receipts. */
    @Override
    public void close() {
        names.close();
        engine.close();
        receipts.ifPresent(NodeReceipts::close);
        delays.close();
    }
}

package io.millrace.cli.node;

import io.millrace.cli.config.NodeEntry;
import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.keys.KeyFile;
import io.millrace.crypto.SecretKey;
import io.millrace.htx.LinkIdentity;
import io.millrace.htx.LinkKeys;
import io.millrace.relay.KeyEpoch;
import io.millrace.relay.Peer;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.relay.RelayListener;
import io.millrace.relay.ReplayFilter;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An engine on a UDP socket, a TCP socket or both, not started.
 *
 * @param engine its peers have the indexes of the peers it was opened with.
 * @param address where it receives, with the port that was chosen.
 * @param journal closed with the engine.
 * @param receipts closed with the engine.
 */
public record Node(
        RelayEngine engine, InetSocketAddress address, Optional<NodeJournal> journal, Optional<NodeReceipts> receipts)
        implements AutoCloseable {
    /** The program has one key epoch for each key. */
    private static final long KEY_EPOCH = 0;

    /**
     * Opens the sockets and builds the engine.
     *
     * @param keys stay the caller's.
     * @param peers all with a link key or a pre-shared key, which is wiped.
     * @param sampler taken over.
     * @throws UsageError if the address cannot be had or a peer cannot be.
     */
    public static Node open(
            NodeEntry entry,
            KeyFile keys,
            List<PeerEntry> peers,
            EngineSettings settings,
            DelaySampler sampler,
            RelayListener listener) {
        final RelaySphinxKey key = keys.sphinxKey();
        final LinkIdentity identity = identity(keys, key.id());
        final List<Peer> linked = new ArrayList<>();
        NodeCarrier carrier = null;
        Optional<NodeJournal> journal = Optional.empty();
        Optional<NodeReceipts> receipts = Optional.empty();
        ReplaySet replaySet = null;
        boolean handedOver = false;
        boolean opened = false;
        try {
            for (PeerEntry peer : peers) {
                linked.add(linked(peer, key.id()));
            }
            carrier = NodeCarrier.open(entry.listen(), peers);
            final SecureRandom random = new SecureRandom();
            replaySet = new ReplaySet(settings.replayTags(), random.nextLong(), random.nextLong());
            journal = settings.journal().map(each -> NodeJournal.open(each, key, KEY_EPOCH));
            final ReplayFilter filter =
                    journal.isPresent() ? journal.get().filter(replaySet) : ReplayFilter.inMemory(replaySet);
            receipts = settings.receipts().map(each -> NodeReceipts.open(each, keys, key.id()));
            final RelayEngineBuilder builder = RelayEngine.builder()
                    .config(settings.config())
                    .crypto(settings.crypto())
                    .keyEpoch(new KeyEpoch(KEY_EPOCH, key, filter, delays(keys, key.id(), sampler.policy())))
                    .delay(sampler)
                    .carrier(carrier.carrier())
                    .identity(identity)
                    .listener(listener);
            linked.forEach(builder::peer);
            receipts.ifPresent(each -> builder.receipts(
                    each.service(),
                    settings.receipts().orElseThrow().operations(),
                    settings.receipts().orElseThrow().packets()));
            handedOver = true; // from here on, the builder closes what it has been given
            final Node node = new Node(build(builder), carrier.address(), journal, receipts);
            opened = true;
            return node;
        } catch (IOException e) {
            throw new UsageError("cannot listen: " + e.getMessage(), e);
        } finally {
            if (!handedOver) {
                linked.stream()
                        .filter(peer -> !peer.isHandshaked())
                        .forEach(peer -> peer.keys().close());
                key.close();
                identity.close();
                sampler.close();
                if (replaySet != null) {
                    replaySet.close();
                }
                if (carrier != null) {
                    carrier.carrier().close();
                }
            }
            if (!opened) {
                receipts.ifPresent(NodeReceipts::close);
                journal.ifPresent(NodeJournal::close);
            }
        }
    }

    private static EpochKey delays(KeyFile keys, RelayId id, DelayPolicy policy) {
        if (policy != DelayPolicy.EPOCH_VRF) {
            return null;
        }
        try (EcvrfSecretKey key = keys.vrfKey()) {
            return EpochKey.prepare(key, bytesOf(id), KEY_EPOCH);
        }
    }

    private static RelayEngine build(RelayEngineBuilder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new UsageError("the parts of the configuration do not fit each other: " + e.getMessage(), e);
        }
    }

    /**
     * The public key of a peer or path node.
     *
     * @param name for the message.
     * @param hex 32 bytes.
     */
    public static RelayPublicKey publicKey(String name, String hex) {
        try {
            return RelayPublicKey.copyOf(MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
        } catch (IllegalArgumentException e) {
            throw new UsageError("not a public key of X25519: name=" + name + ", public-key=" + hex, e);
        }
    }

    /** Stops the engine if it runs, wipes its keys and closes its sockets, the receipts and the journal. */
    @Override
    public void close() {
        engine.close();
        receipts.ifPresent(NodeReceipts::close);
        journal.ifPresent(NodeJournal::close);
    }

    private static RelayId idOf(PeerEntry peer) {
        return peer.id()
                .map(RelayId::ofHex)
                .orElseGet(() ->
                        publicKey(peer.name(), peer.publicKey().orElseThrow()).id());
    }

    private static LinkIdentity identity(KeyFile keys, RelayId id) {
        try (SecretKey secret = keys.linkSecret()) {
            return new LinkIdentity(secret, bytesOf(id));
        }
    }

    private static Peer linked(PeerEntry peer, RelayId own) {
        final RelayId id = idOf(peer);
        if (id.equals(own)) {
            throw new UsageError("is this program itself, not a peer: name=" + peer.name());
        }
        if (peer.linkKey().isEmpty()) {
            return Peer.linked(peer.name(), id, linkKeys(peer, id, own));
        }
        // A key of low order would be refused later, and less clearly.
        publicKey(peer.name(), peer.linkKey().get());
        return Peer.handshaked(
                peer.name(), id, HexFormat.of().parseHex(peer.linkKey().get()));
    }

    private static LinkKeys linkKeys(PeerEntry peer, RelayId id, RelayId own) {
        final var secret = peer.psk().orElseThrow();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment bytes = arena.allocate(SecretKey.LENGTH);
            secret.copyTo(bytes);
            try (SecretKey psk = SecretKey.copyOf(bytes)) {
                return LinkKeys.preShared(psk, bytesOf(own), bytesOf(id), Instant.now());
            } finally {
                bytes.fill((byte) 0);
            }
        } finally {
            secret.wipe();
        }
    }

    private static byte[] bytesOf(RelayId id) {
        final MemorySegment bytes = MemorySegment.ofArray(new byte[RelayId.LENGTH]);
        id.writeTo(bytes, 0);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
}

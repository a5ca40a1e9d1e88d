package io.millrace.node;

import io.millrace.directory.IdentityKey;
import io.millrace.directory.Party;
import io.millrace.directory.RelayDescriptor;
import io.millrace.link.LinkKeys;
import io.millrace.node.config.DescriptorEntry;
import io.millrace.node.config.LinkSecret;
import io.millrace.node.config.PeerEntry;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.peer.PeerKey;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.text.ConfigException;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the peers of a file into those of an engine. */
public final class NodePeers {
    private NodePeers() {}

    /**
     * A party whose keys change.
     *
     * @param name for messages.
     * @param entry identity and descriptor of the party.
     */
    public static Party party(String name, DescriptorEntry entry) {
        return new Party(name, IdentityKey.ofHex(entry.identity()), entry.location());
    }

    /**
     * The public key of a peer or path node that speaks mr1.
     *
     * @param name for the message.
     * @param hex 32 bytes.
     */
    public static RelayPublicKey publicKey(String name, String hex) {
        return publicKey(name, hex, SphinxProfile.MR1);
    }

    /**
     * The public key of a peer or path node.
     *
     * @param name for the message.
     * @param hex 32 bytes.
     * @param profile that the key speaks.
     */
    public static RelayPublicKey publicKey(String name, String hex, SphinxProfile profile) {
        try {
            return RelayPublicKey.copyOf(MemorySegment.ofArray(HexFormat.of().parseHex(hex)), profile);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("not a public key of X25519: name=" + name + ", public-key=" + hex, e);
        }
    }

    /**
     * A peer with a link.
     *
     * @param own id of this node in its links.
     * @param ownIds all ids that could be meant for this node.
     * @return its keys, if it has any, are the caller's.
     */
    static Peer linked(PeerEntry peer, RelayId own, Set<RelayId> ownIds) {
        final RelayId id = idOf(peer);
        if (ownIds.contains(id)) {
            throw new ConfigException("is this program itself, not a peer: name=" + peer.name());
        }
        final List<PeerKey> keys = peer.rolling().isPresent() ? List.of() : List.of(new PeerKey(id, 0));
        if (peer.linkKey().isEmpty() && peer.psk().isEmpty()) {
            return Peer.withoutLinkKey(peer.name(), id, keys);
        }
        if (peer.linkKey().isEmpty()) {
            return new Peer.PreShared(peer.name(), id, linkKeys(peer, id, own), keys);
        }
        // A key of low order would be refused later, and less clearly.
        publicKey(peer.name(), peer.linkKey().get());
        final byte[] linkKey = HexFormat.of().parseHex(peer.linkKey().get());
        return Peer.handshaked(peer.name(), id, linkKey, keys);
    }

    /**
     * Begins the link of a peer with the link key of its descriptor, unless the configuration gave the key.
     *
     * @param engine of this node.
     * @param index of the peer in the engine.
     * @param name for the message.
     * @param descriptor of the peer, verified.
     * @return a complaint if the two keys differ; empty if the link is under the key of the descriptor.
     */
    public static Optional<String> link(RelayEngine engine, int index, String name, RelayDescriptor descriptor) {
        try {
            if (engine.updatePeerLink(index, descriptor.linkKey())) {
                return Optional.empty();
            }
            return Optional.of("the link-key of peer " + name + " is not the one in its descriptor, "
                    + HexFormat.of().formatHex(descriptor.linkKey()) + ": correct it, or leave it out");
        } catch (IllegalArgumentException e) {
            return Optional.of("the link key in the descriptor of " + name + " is not taken: " + e.getMessage());
        }
    }

    /**
     * Warns of links without forward secrecy.
     *
     * @param peers of this node.
     * @return one line for each peer with a pre-shared key; empty if there is none.
     */
    public static List<String> warnings(List<PeerEntry> peers) {
        return peers.stream()
                .filter(peer -> peer.psk().isPresent())
                .map(peer -> "warning: the link to " + peer.name()
                        + " has a pre-shared key and no forward secrecy: a stolen key opens its recorded traffic;"
                        + " give link-key, or identity with descriptor, instead of psk")
                .toList();
    }

    private static RelayId idOf(PeerEntry peer) {
        if (peer.rolling().isPresent()) {
            return RelayId.ofHex(
                    party(peer.name(), peer.rolling().get()).identity().idHex());
        }
        return peer.id()
                .map(RelayId::ofHex)
                .orElseGet(() ->
                        publicKey(peer.name(), peer.publicKey().orElseThrow()).id());
    }

    private static LinkKeys linkKeys(PeerEntry peer, RelayId id, RelayId own) {
        try (LinkSecret secret = peer.psk().orElseThrow()) {
            return LinkKeys.preShared(secret.key(), NodeKeys.bytesOf(own), NodeKeys.bytesOf(id), Instant.now());
        }
    }
}

package io.millrace.cli.node;

import io.millrace.cli.config.DescriptorEntry;
import io.millrace.cli.config.LinkSecret;
import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.peers.Party;
import io.millrace.crypto.SecretKey;
import io.millrace.directory.IdentityKey;
import io.millrace.htx.LinkKeys;
import io.millrace.htx.LinkPeer;
import io.millrace.relay.Peer;
import io.millrace.relay.PeerKey;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Turns the peers of a file into those of an engine. */
public final class NodePeers {
    private NodePeers() {}

    /**
     * A party whose keys change.
     *
     * @param name for messages.
     */
    public static Party party(String name, DescriptorEntry entry) {
        return new Party(name, IdentityKey.ofHex(entry.identity()), entry.location());
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

    /**
     * A peer with a link.
     *
     * @param own id of this node.
     * @param ownKey id of the Sphinx key in this node's key file.
     * @return its keys, if it has any, are the caller's.
     */
    static Peer linked(PeerEntry peer, RelayId own, RelayId ownKey) {
        final RelayId id = idOf(peer);
        if (id.equals(own) || id.equals(ownKey)) {
            throw new UsageError("is this program itself, not a peer: name=" + peer.name());
        }
        final List<PeerKey> keys = peer.rolling().isPresent() ? List.of() : List.of(new PeerKey(id, 0));
        if (peer.linkKey().isEmpty()) {
            return new Peer(peer.name(), id, linkKeys(peer, id, own), null, keys);
        }
        // A key of low order would be refused later, and less clearly.
        publicKey(peer.name(), peer.linkKey().get());
        final byte[] linkKey = HexFormat.of().parseHex(peer.linkKey().get());
        return new Peer(peer.name(), id, null, new LinkPeer(linkKey, NodeKeys.bytesOf(id)), keys);
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
        final LinkSecret secret = peer.psk().orElseThrow();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment bytes = arena.allocate(SecretKey.LENGTH);
            secret.copyTo(bytes);
            try (SecretKey psk = SecretKey.copyOf(bytes)) {
                return LinkKeys.preShared(psk, NodeKeys.bytesOf(own), NodeKeys.bytesOf(id), Instant.now());
            } finally {
                bytes.fill((byte) 0);
            }
        } finally {
            secret.wipe();
        }
    }
}

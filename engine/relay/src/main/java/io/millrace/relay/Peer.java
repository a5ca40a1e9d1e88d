package io.millrace.relay;

import io.millrace.link.LinkKeys;
import io.millrace.link.LinkPeer;
import io.millrace.sphinx.RelayId;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * A neighbour of this relay.
 *
 * @param name for reports.
 * @param id permanent id of the peer, in links and receipts: that of its identity, or of its Sphinx key if it has only one.
 * @param keys keys of a link that is not handshaked; null otherwise. Taken over.
 * @param remote the other end of a handshaked link; null otherwise. With neither, the peer is direct: the application
 *     carries its packets itself.
 * @param sphinxKeys ids by which routing commands name it, one per key epoch, at most {@value #MAX_KEYS}; copied.
 */
public record Peer(String name, RelayId id, LinkKeys keys, LinkPeer remote, List<PeerKey> sphinxKeys) {
    /** Most Sphinx keys of one peer that are known at once. */
    public static final int MAX_KEYS = 8;

    /** Checks and copies. */
    public Peer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(id, "id");
        sphinxKeys = List.copyOf(sphinxKeys);
        if (sphinxKeys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "a peer has at most " + MAX_KEYS + " keys: name=" + name + ", keys=" + sphinxKeys.size());
        }
        if (keys != null && remote != null) {
            throw new IllegalArgumentException("a link has keys or handshakes, not both: name=" + name);
        }
    }

    /**
     * A peer with one Sphinx key for ever, reached over the engine's carrier, by frames under {@code keys}.
     *
     * @param name for reports.
     * @param id of its Sphinx key.
     * @param keys of the link; taken over.
     */
    public static Peer linked(String name, RelayId id, LinkKeys keys) {
        return new Peer(name, id, Objects.requireNonNull(keys, "keys"), null, onlyKey(id));
    }

    /**
     * A peer with one Sphinx key for ever, reached over the engine's carrier, by frames under keys from handshakes.
     *
     * @param name for reports.
     * @param id of its Sphinx key.
     * @param linkKey its static public key for links, 32 bytes; copied.
     */
    public static Peer handshaked(String name, RelayId id, byte[] linkKey) {
        return handshaked(name, id, linkKey, onlyKey(id));
    }

    /**
     * A peer with a Sphinx key per epoch, reached over the engine's carrier, by frames under keys from handshakes.
     *
     * @param name for reports.
     * @param id of its identity.
     * @param linkKey its static public key for links, 32 bytes; copied.
     * @param sphinxKeys known so far, at most {@value #MAX_KEYS}; {@link RelayEngine#updatePeerKeys} replaces them.
     */
    public static Peer handshaked(String name, RelayId id, byte[] linkKey, List<PeerKey> sphinxKeys) {
        return new Peer(name, id, null, new LinkPeer(linkKey, bytesOf(id)), sphinxKeys);
    }

    /**
     * A peer whose link key is not known yet; {@link RelayEngine#updatePeerLink} begins its link.
     *
     * @param name for reports.
     * @param id of its identity.
     * @param sphinxKeys known so far, at most {@value #MAX_KEYS}; {@link RelayEngine#updatePeerKeys} replaces them.
     */
    public static Peer withoutLinkKey(String name, RelayId id, List<PeerKey> sphinxKeys) {
        return new Peer(name, id, null, LinkPeer.withoutKey(bytesOf(id)), sphinxKeys);
    }

    /**
     * A peer with one Sphinx key for ever, whose packets go to {@link RelayListener#onForward} bare, because the
     * application carries them.
     *
     * @param name for reports.
     * @param id of its Sphinx key.
     */
    public static Peer direct(String name, RelayId id) {
        return new Peer(name, id, null, null, onlyKey(id));
    }

    /** This peer with other Sphinx keys. */
    Peer withKeys(List<PeerKey> newKeys) {
        return new Peer(name, id, keys, remote, newKeys);
    }

    /** This peer with a link key. */
    Peer withLinkKey(byte[] linkKey) {
        return new Peer(name, id, keys, new LinkPeer(linkKey, bytesOf(id)), sphinxKeys);
    }

    private static byte[] bytesOf(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private static List<PeerKey> onlyKey(RelayId id) {
        return List.of(new PeerKey(id, 0));
    }

    /** Whether the application carries this peer's packets. */
    public boolean isDirect() {
        return keys == null && remote == null;
    }

    /** Whether the keys of its link come from handshakes. */
    public boolean isHandshaked() {
        return remote != null;
    }
}

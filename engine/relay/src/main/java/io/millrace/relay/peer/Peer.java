package io.millrace.relay.peer;

import io.millrace.link.LinkKeys;
import io.millrace.link.LinkPeer;
import io.millrace.sphinx.RelayId;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/** A neighbour of this relay: {@link Direct}, {@link PreShared} or {@link Handshaked}, by the way packets reach it. */
public sealed interface Peer {
    /** Most Sphinx keys of one peer that are known at once. */
    int MAX_KEYS = 8;

    /** Its name in reports. */
    String name();

    /** Its permanent id, in links and receipts: that of its identity, or of its Sphinx key if it has only one. */
    RelayId id();

    /** Ids by which routing commands name it, one per key epoch, at most {@value #MAX_KEYS}. */
    List<PeerKey> sphinxKeys();

    /**
     * This peer with other Sphinx keys.
     *
     * @param keys at most {@value #MAX_KEYS}; copied.
     */
    Peer withKeys(List<PeerKey> keys);

    /** Whether the application carries this peer's packets. */
    default boolean isDirect() {
        return this instanceof Direct;
    }

    /** Whether the keys of its link come from handshakes. */
    default boolean isHandshaked() {
        return this instanceof Handshaked;
    }

    /**
     * A peer whose packets go to {@link io.millrace.relay.packet.RelayListener#onForward} bare, because the application
     * carries them.
     *
     * @param name for reports.
     * @param id permanent id of the peer.
     * @param sphinxKeys at most {@value #MAX_KEYS}; copied.
     */
    record Direct(String name, RelayId id, List<PeerKey> sphinxKeys) implements Peer {
        /** Checks and copies. */
        public Direct {
            sphinxKeys = checked(name, id, sphinxKeys);
        }

        @Override
        public Direct withKeys(List<PeerKey> keys) {
            return new Direct(name, id, keys);
        }
    }

    /**
     * A peer that the engine's carrier reaches, by frames under keys that both ends have from elsewhere.
     *
     * @param name for reports.
     * @param id permanent id of the peer.
     * @param keys of the link; taken over by the engine.
     * @param sphinxKeys at most {@value #MAX_KEYS}; copied.
     */
    record PreShared(String name, RelayId id, LinkKeys keys, List<PeerKey> sphinxKeys) implements Peer {
        /** Checks and copies. */
        public PreShared {
            sphinxKeys = checked(name, id, sphinxKeys);
            Objects.requireNonNull(keys, "keys");
        }

        @Override
        public PreShared withKeys(List<PeerKey> newKeys) {
            return new PreShared(name, id, keys, newKeys);
        }
    }

    /**
     * A peer that the engine's carrier reaches, by frames under keys from handshakes.
     *
     * @param name for reports.
     * @param id permanent id of the peer.
     * @param remote the other end of the link.
     * @param sphinxKeys known so far, at most {@value #MAX_KEYS}; copied.
     */
    record Handshaked(String name, RelayId id, LinkPeer remote, List<PeerKey> sphinxKeys) implements Peer {
        /** Checks and copies. */
        public Handshaked {
            sphinxKeys = checked(name, id, sphinxKeys);
            Objects.requireNonNull(remote, "remote");
        }

        @Override
        public Handshaked withKeys(List<PeerKey> keys) {
            return new Handshaked(name, id, remote, keys);
        }

        /**
         * This peer with a link key.
         *
         * @param linkKey its static public key for links, X25519, 32 bytes; copied.
         */
        public Handshaked withLinkKey(byte[] linkKey) {
            return new Handshaked(name, id, new LinkPeer(linkKey, bytesOf(id)), sphinxKeys);
        }
    }

    /**
     * A peer with one Sphinx key for ever, reached over the engine's carrier, by frames under {@code keys}.
     *
     * @param name for reports.
     * @param id of its Sphinx key.
     * @param keys of the link; taken over by the engine.
     */
    static Peer linked(String name, RelayId id, LinkKeys keys) {
        return new PreShared(name, id, keys, onlyKey(id));
    }

    /**
     * A peer with one Sphinx key for ever, reached over the engine's carrier, by frames under keys from handshakes.
     *
     * @param name for reports.
     * @param id of its Sphinx key.
     * @param linkKey its static public key for links, X25519, 32 bytes; copied.
     */
    static Peer handshaked(String name, RelayId id, byte[] linkKey) {
        return handshaked(name, id, linkKey, onlyKey(id));
    }

    /**
     * A peer with a Sphinx key per epoch, reached over the engine's carrier, by frames under keys from handshakes.
     *
     * @param name for reports.
     * @param id of its identity.
     * @param linkKey its static public key for links, X25519, 32 bytes; copied.
     * @param sphinxKeys known so far, at most {@value #MAX_KEYS}; {@link io.millrace.relay.RelayEngine#updatePeerKeys}
     *     replaces them.
     */
    static Peer handshaked(String name, RelayId id, byte[] linkKey, List<PeerKey> sphinxKeys) {
        return new Handshaked(name, id, new LinkPeer(linkKey, bytesOf(id)), sphinxKeys);
    }

    /**
     * A peer whose link key is not known yet; {@link io.millrace.relay.RelayEngine#updatePeerLink} begins its link.
     *
     * @param name for reports.
     * @param id of its identity.
     * @param sphinxKeys known so far, at most {@value #MAX_KEYS}; {@link io.millrace.relay.RelayEngine#updatePeerKeys}
     *     replaces them.
     */
    static Peer withoutLinkKey(String name, RelayId id, List<PeerKey> sphinxKeys) {
        return new Handshaked(name, id, LinkPeer.withoutKey(bytesOf(id)), sphinxKeys);
    }

    /**
     * A peer with one Sphinx key for ever, whose packets go to {@link io.millrace.relay.packet.RelayListener#onForward} bare,
     * because the
     * application carries them.
     *
     * @param name for reports.
     * @param id of its Sphinx key.
     */
    static Peer direct(String name, RelayId id) {
        return new Direct(name, id, onlyKey(id));
    }

    private static List<PeerKey> checked(String name, RelayId id, List<PeerKey> sphinxKeys) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(id, "id");
        if (sphinxKeys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "a peer has at most " + MAX_KEYS + " keys: name=" + name + ", keys=" + sphinxKeys.size());
        }
        return List.copyOf(sphinxKeys);
    }

    private static byte[] bytesOf(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private static List<PeerKey> onlyKey(RelayId id) {
        return List.of(new PeerKey(id, 0));
    }
}

package io.millrace.relay;

import io.millrace.htx.LinkKeys;
import io.millrace.htx.LinkPeer;
import io.millrace.sphinx.RelayId;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A neighbour of this relay.
 *
 * @param name for reports.
 * @param id relay id by which routing commands name it.
 * @param keys keys of a link that is not handshaked; null otherwise.
 * @param remote the other end of a handshaked link; null otherwise. With neither, the peer is direct: the application
 *     carries its packets itself.
 */
public record Peer(String name, RelayId id, LinkKeys keys, LinkPeer remote) {
    public Peer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(id, "id");
    }

    /** A peer that is reached over the engine's carrier, by frames under {@code keys}. */
    public static Peer linked(String name, RelayId id, LinkKeys keys) {
        return new Peer(name, id, Objects.requireNonNull(keys, "keys"), null);
    }

    /**
     * A peer that is reached over the engine's carrier, by frames under keys from handshakes.
     *
     * @param linkKey its static public key for links, 32 bytes.
     */
    public static Peer handshaked(String name, RelayId id, byte[] linkKey) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return new Peer(name, id, null, new LinkPeer(linkKey, bytes));
    }

    /** A peer whose packets go to {@link RelayListener#onForward} bare, because the application carries them. */
    public static Peer direct(String name, RelayId id) {
        return new Peer(name, id, null, null);
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

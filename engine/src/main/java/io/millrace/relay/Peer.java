package io.millrace.relay;

import io.millrace.htx.LinkKeys;
import io.millrace.sphinx.RelayId;
import java.util.Objects;

/**
 * A neighbour of this relay.
 *
 * @param name for reports.
 * @param id relay id by which routing commands name it.
 * @param keys keys of the link; null for a direct peer, whose packets the application carries itself.
 */
public record Peer(String name, RelayId id, LinkKeys keys) {
    public Peer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(id, "id");
    }

    /** A peer that is reached over the engine's carrier, by frames under {@code keys}. */
    public static Peer linked(String name, RelayId id, LinkKeys keys) {
        return new Peer(name, id, Objects.requireNonNull(keys, "keys"));
    }

    /** A peer whose packets go to {@link RelayListener#onForward} bare, because the application carries them. */
    public static Peer direct(String name, RelayId id) {
        return new Peer(name, id, null);
    }

    /** Whether the application carries this peer's packets. */
    public boolean isDirect() {
        return keys == null;
    }
}

package io.millrace.relay.peer;

import io.millrace.sphinx.RelayId;
import java.util.Objects;

/**
 * One Sphinx key of a peer, as routing commands name it.
 *
 * @param id of the key: the next hop of a packet that was wrapped for it.
 * @param epoch number of the peer's key epoch, 0 or more; 0 for a peer without epochs. Its low 8 bits go into the frames
 *     of these packets.
 */
public record PeerKey(RelayId id, long epoch) {
    /** Checks the number. */
    public PeerKey {
        Objects.requireNonNull(id, "id");
        if (epoch < 0) {
            throw new IllegalArgumentException("the number of an epoch must be 0 or more: epoch=" + epoch);
        }
    }
}

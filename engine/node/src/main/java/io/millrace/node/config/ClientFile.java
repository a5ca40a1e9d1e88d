package io.millrace.node.config;

import io.millrace.sphinx.SphinxProfile;
import java.util.List;

/**
 * The configuration file of a client, for sending and receiving.
 *
 * @param client who it is.
 * @param profile wire profile of the client's key and of the public keys here.
 * @param peers the relays and clients it may wrap for, in the file's order; each has a public key, and those that it
 *     sends to directly a link key or a pre-shared key.
 * @param nodes those that it only wraps for, in the file's order.
 */
public record ClientFile(NodeEntry client, SphinxProfile profile, List<PeerEntry> peers, List<PathNode> nodes) {
    /** Copies the lists. */
    public ClientFile {
        peers = List.copyOf(peers);
        nodes = List.copyOf(nodes);
    }

    /**
     * The same file with another profile.
     *
     * @param other profile of the client's key and of the public keys.
     */
    public ClientFile with(SphinxProfile other) {
        return new ClientFile(client, other, peers, nodes);
    }
}

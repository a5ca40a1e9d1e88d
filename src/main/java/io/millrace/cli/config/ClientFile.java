package io.millrace.cli.config;

import java.util.List;

/**
 * The configuration file of a client, for sending and receiving.
 *
 * @param client who it is.
 * @param peers the relays and clients it may wrap for, in the file's order; each has a public key, and those that it
 *     sends to directly a pre-shared key.
 */
public record ClientFile(NodeEntry client, List<PeerEntry> peers) {
    /** Copies the list. */
    public ClientFile {
        peers = List.copyOf(peers);
    }
}

package io.millrace.cli.config;

import java.util.List;

/**
 * The configuration file of a relay.
 *
 * @param relay who it is.
 * @param engine how it runs.
 * @param peers its neighbours, in the file's order; each has a link key or a pre-shared key.
 */
public record RelayFile(NodeEntry relay, EngineEntry engine, List<PeerEntry> peers) {
    /** Copies the list. */
    public RelayFile {
        peers = List.copyOf(peers);
    }
}

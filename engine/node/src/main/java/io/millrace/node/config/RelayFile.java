package io.millrace.node.config;

import java.util.List;
import java.util.Optional;

/**
 * The configuration file of a relay.
 *
 * @param relay who it is.
 * @param engine how it runs.
 * @param epochs how long its keys live.
 * @param metrics where it answers scrapes, if it does.
 * @param peers its neighbours, in the file's order; each has a link key or a pre-shared key.
 */
public record RelayFile(
        NodeEntry relay,
        EngineEntry engine,
        EpochsEntry epochs,
        Optional<MetricsEntry> metrics,
        List<PeerEntry> peers) {
    /** Copies the list. */
    public RelayFile {
        peers = List.copyOf(peers);
    }
}

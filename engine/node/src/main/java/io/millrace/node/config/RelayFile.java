package io.millrace.node.config;

import java.util.List;
import java.util.Optional;

/**
 * The configuration file of a relay.
 *
 * @param relay name, address and key.
 * @param engine sizes, threads, delays, journal and receipts.
 * @param epochs how long its keys live.
 * @param metrics where it answers scrapes, if it does.
 * @param peers its neighbours, in the file's order; each has a link key or a pre-shared key.
 */
public record RelayFile(
        NodeEntry relay,
        EngineSettings engine,
        EpochsEntry epochs,
        Optional<MetricsEntry> metrics,
        List<PeerEntry> peers) {
    /** Copies the list. */
    public RelayFile {
        peers = List.copyOf(peers);
    }
}

package io.millrace.node;

import io.millrace.names.NameLookup;
import io.millrace.names.NameWatch;
import io.millrace.node.config.PeerEntry;
import io.millrace.relay.RelayEngine;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Tells the engine of a node where its peers are whose addresses are names. */
final class PeerNames {
    private PeerNames() {}

    /**
     * Starts to look the names up, if there are any.
     *
     * @param peers by their indexes in the engine.
     * @param engine asked which links are up, and told where their peers are; closed after the watch.
     * @param notes takes lines for people.
     */
    static NameWatch watch(List<PeerEntry> peers, RelayEngine engine, Consumer<String> notes) {
        return NameWatch.start(
                peers.stream().map(PeerEntry::address).toList(), NameLookup.SYSTEM, new NameWatch.Listener() {
                    @Override
                    public boolean isUp(int peer) {
                        return engine.isLinkUp(peer);
                    }

                    @Override
                    public void onAddress(int peer, InetSocketAddress address) {
                        engine.movePeer(peer, address);
                    }

                    @Override
                    public void onMessage(String message) {
                        notes.accept(message);
                    }
                });
    }
}

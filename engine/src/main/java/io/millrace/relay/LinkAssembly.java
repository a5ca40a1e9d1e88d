package io.millrace.relay;

import io.millrace.htx.LinkCounters;
import io.millrace.htx.LinkHandshake;
import io.millrace.htx.LinkListener;
import io.millrace.htx.SessionCells;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** The parts of an engine that its handshaked links need, put together; owns their keys. */
final class LinkAssembly implements AutoCloseable {
    private final List<Peer> peers;
    private final Neighbours neighbours;
    private final LinkCounters[] counters;
    private final LinkAgent agent;
    private final LinkMessages messages;

    private LinkAssembly(
            RelayEngineBuilder builder, Neighbours neighbours, Rounds rounds, Arena arena, Callbacks callbacks) {
        this.peers = List.copyOf(builder.peers);
        this.neighbours = neighbours;
        this.counters = new LinkCounters[peers.size()];
        final MessageQueue inbound = new MessageQueue(arena);
        final MessageQueue outbound = new MessageQueue(arena);
        final int count = (int) peers.stream().filter(Peer::isHandshaked).count();
        final SessionCells cells = new SessionCells(count, rounds);
        final LinkListener listener = (builder.receipts == null ? LinkListener.NONE : builder.receipts.sessions())
                .andThen(callbacks::onTransition);
        final List<LinkHandshake> handshakes = new ArrayList<>();
        for (int peer = 0; peer < counters.length; peer++) {
            counters[peer] = new LinkCounters();
            handshakes.add(
                    peers.get(peer).isHandshaked()
                            ? new LinkHandshake(
                                    peer,
                                    builder.identity,
                                    peers.get(peer).remote(),
                                    neighbours.link(peer),
                                    counters[peer],
                                    cells,
                                    new LinkAgent.Port(outbound, peer),
                                    builder.linkTiming,
                                    builder.linkRandomness,
                                    listener)
                            : null);
        }
        this.agent = new LinkAgent(handshakes, inbound, cells, builder.clock, builder.wallClock);
        this.messages = new LinkMessages(builder.carrier, neighbours, inbound, outbound);
    }

    /** Null if no peer's link is handshaked. */
    static LinkAssembly of(
            RelayEngineBuilder builder, Neighbours neighbours, Rounds rounds, Arena arena, Callbacks callbacks) {
        return builder.peers.stream().anyMatch(Peer::isHandshaked)
                ? new LinkAssembly(builder, neighbours, rounds, arena, callbacks)
                : null;
    }

    LinkAgent agent() {
        return agent;
    }

    LinkMessages messages() {
        return messages;
    }

    List<LinkReport> reports() {
        final List<LinkReport> reports = new ArrayList<>();
        for (int peer = 0; peer < counters.length; peer++) {
            if (peers.get(peer).isHandshaked()) {
                reports.add(LinkReport.of(
                        peers.get(peer).name(), neighbours.link(peer).isUp(), counters[peer]));
            }
        }
        return reports;
    }

    /** Wipes all keys; after all threads have ended. */
    @Override
    public void close() {
        agent.close();
    }
}

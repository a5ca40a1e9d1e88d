package io.millrace.relay.live;

import io.millrace.link.LinkCounters;
import io.millrace.link.LinkHandshake;
import io.millrace.link.LinkKeySlots;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.queue.MessageQueue;
import io.millrace.relay.thread.QuiescentStateTracker;
import io.millrace.relay.thread.Wakeups;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The parts of an engine that its handshaked links need, put together; owns their keys. */
public final class LinkAssembly implements AutoCloseable {
    private final LinkSettings settings;
    private final EnginePeers neighbours;
    private final AtomicReferenceArray<LinkCounters> counters; // by peer
    private final LinkKeySlots keySlots;
    private final MessageQueue outbound;
    private final LinkAgent agent;
    private final LinkMessages messages;
    private final Wakeups wakeups = new Wakeups();

    private LinkAssembly(LinkSettings settings, EnginePeers neighbours, QuiescentStateTracker rounds, Arena arena) {
        this.settings = settings;
        this.neighbours = neighbours;
        this.counters = new AtomicReferenceArray<>(neighbours.limit());
        this.keySlots = new LinkKeySlots(neighbours.limit(), rounds);
        final MessageQueue inbound = new MessageQueue(arena);
        this.outbound = new MessageQueue(arena);
        this.agent = new LinkAgent(
                rounds.newRound(),
                neighbours.limit(),
                inbound,
                keySlots,
                settings.clock(),
                settings.wallClock(),
                settings.packets());
        this.messages = new LinkMessages(settings.carrier(), neighbours, inbound, outbound, wakeups);
        for (int peer = 0; peer < neighbours.count(); peer++) {
            if (neighbours.at(peer) != null && neighbours.at(peer).peer() instanceof Peer.Handshaked linked) {
                add(peer, linked);
            }
        }
    }

    /**
     * Null if no peer's link can be handshaked: the engine has no identity, or no carrier.
     *
     * @param neighbours the engine's, of which the handshaked ones get their links.
     */
    public static LinkAssembly of(
            LinkSettings settings, EnginePeers neighbours, QuiescentStateTracker rounds, Arena arena) {
        return settings.identity() == null || settings.carrier() == null
                ? null
                : new LinkAssembly(settings, neighbours, rounds, arena);
    }

    /** Begins to look after the link of a peer, which has its place already. */
    void add(int place, Peer.Handshaked peer) {
        final LinkCounters counted = new LinkCounters();
        if (!peer.remote().isKnown()) {
            counters.set(place, counted); // its link is down until the key is known
            return;
        }
        final LinkHandshake handshake = new LinkHandshake(
                place,
                settings.identity(),
                peer.remote(),
                neighbours.link(place),
                counted,
                keySlots,
                new LinkAgent.Port(outbound, place),
                settings.timing(),
                settings.randomness(),
                settings.listener());
        counters.set(place, counted);
        agent.add(place, handshake);
        wakeups.ring();
    }

    /** Begins a handshake with a peer, whose link stays up. */
    void renew(int place) {
        agent.renew(place);
        wakeups.ring();
    }

    /** Ends the link of a peer. */
    void remove(int place) {
        agent.remove(place);
        wakeups.ring();
        counters.set(place, null);
    }

    public LinkAgent agent() {
        return agent;
    }

    /** Wakes the thread of {@link #agent()} if packets move for the first time in a while; after a fence. */
    public void onPackets() {
        if (agent.isAsleepForLong()) {
            wakeups.ring();
        }
    }

    /** Rung when a message has come for {@link #agent()}; not for packets, or each one would wake its thread. */
    public Wakeups wakeups() {
        return wakeups;
    }

    public LinkMessages messages() {
        return messages;
    }

    public List<LinkReport> reports() {
        final List<LinkReport> reports = new ArrayList<>();
        for (int peer = 0; peer < counters.length(); peer++) {
            final Neighbour neighbour = neighbours.at(peer);
            final LinkCounters counted = counters.get(peer);
            if (neighbour != null && counted != null) {
                reports.add(report(neighbour, counted));
            }
        }
        return reports;
    }

    private static LinkReport report(Neighbour neighbour, LinkCounters counted) {
        return new LinkReport(
                neighbour.peer().name(),
                neighbour.link().isUp(),
                counted.isHybrid(),
                counted.started(),
                counted.finished(),
                counted.rekeys(),
                counted.failures());
    }

    /** Wipes all keys; after all threads have ended. */
    @Override
    public void close() {
        agent.close();
    }
}

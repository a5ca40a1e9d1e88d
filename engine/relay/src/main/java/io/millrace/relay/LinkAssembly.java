package io.millrace.relay;

import io.millrace.link.LinkCounters;
import io.millrace.link.LinkHandshake;
import io.millrace.link.LinkKeySlots;
import io.millrace.link.LinkListener;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/** The parts of an engine that its handshaked links need, put together; owns their keys. */
final class LinkAssembly implements AutoCloseable {
    private final RelayEngineBuilder settings;
    private final EnginePeers neighbours;
    private final AtomicReferenceArray<LinkCounters> counters; // by peer
    private final LinkKeySlots keySlots;
    private final MessageQueue outbound;
    private final LinkListener listener;
    private final LinkAgent agent;
    private final LinkMessages messages;
    private final Wakeups wakeups = new Wakeups();

    private LinkAssembly(
            RelayEngineBuilder builder,
            EnginePeers neighbours,
            QuiescentStateTracker rounds,
            Arena arena,
            Callbacks callbacks,
            LongSupplier packets) {
        this.settings = builder;
        this.neighbours = neighbours;
        this.counters = new AtomicReferenceArray<>(neighbours.limit());
        this.keySlots = new LinkKeySlots(neighbours.limit(), rounds);
        this.listener = (builder.receipts == null ? LinkListener.NONE : builder.receipts.sessions())
                .andThen(callbacks::onTransition);
        final MessageQueue inbound = new MessageQueue(arena);
        this.outbound = new MessageQueue(arena);
        this.agent = new LinkAgent(
                rounds.newRound(), neighbours.limit(), inbound, keySlots, builder.clock, builder.wallClock, packets);
        this.messages = new LinkMessages(builder.carrier, neighbours, inbound, outbound, wakeups);
        for (int peer = 0; peer < builder.peers.size(); peer++) {
            if (builder.peers.get(peer) instanceof Peer.Handshaked linked) {
                add(peer, linked);
            }
        }
    }

    /**
     * Null if no peer's link can be handshaked: the engine has no identity, or no carrier.
     *
     * @param packets number of packets that the engine has had so far.
     */
    static LinkAssembly of(
            RelayEngineBuilder builder,
            EnginePeers neighbours,
            QuiescentStateTracker rounds,
            Arena arena,
            Callbacks callbacks,
            LongSupplier packets) {
        return builder.identity == null || builder.carrier == null
                ? null
                : new LinkAssembly(builder, neighbours, rounds, arena, callbacks, packets);
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
                settings.identity,
                peer.remote(),
                neighbours.link(place),
                counted,
                keySlots,
                new LinkAgent.Port(outbound, place),
                settings.linkTiming,
                settings.linkRandomness,
                listener);
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

    LinkAgent agent() {
        return agent;
    }

    /** Wakes the thread of {@link #agent()} if packets move for the first time in a while; after a fence. */
    void onPackets() {
        if (agent.isAsleepForLong()) {
            wakeups.ring();
        }
    }

    /** Rung when a message has come for {@link #agent()}; not for packets, or each one would wake its thread. */
    Wakeups wakeups() {
        return wakeups;
    }

    LinkMessages messages() {
        return messages;
    }

    List<LinkReport> reports() {
        final List<LinkReport> reports = new ArrayList<>();
        for (int peer = 0; peer < counters.length(); peer++) {
            final Neighbour neighbour = neighbours.at(peer);
            final LinkCounters counted = counters.get(peer);
            if (neighbour != null && counted != null) {
                reports.add(
                        LinkReport.of(neighbour.peer().name(), neighbour.link().isUp(), counted));
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

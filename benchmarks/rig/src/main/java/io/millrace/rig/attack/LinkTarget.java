package io.millrace.rig.attack;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.UdpCarrier;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.LinkFailure;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkPeer;
import io.millrace.link.LinkTiming;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.peer.LinkReport;
import io.millrace.relay.peer.Peer;
import io.millrace.rig.bed.DelegatingCarrier;
import io.millrace.rig.flood.HtxFlood;
import io.millrace.sphinx.RelayId;
import io.millrace.vrf.DelaySampler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A relay engine on a UDP socket and its honest peers, whose packets it forwards to each other without delay. A newcomer is a
 * further peer that makes its link anew, on the same socket; it is in once its end of the link is up, which the relay's last
 * message proves.
 */
final class LinkTarget implements AttackTarget {
    /** Newcomers in turn: one peer may begin 2 handshakes a second. */
    private static final int NEWCOMERS = 16;

    private static final long NEWCOMER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(70);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /** Bytes that an engine may allocate after its links are up: nothing in proportion to any traffic. */
    private static final long SLACK_BYTES = 1 << 20;

    private final LinkBed bed;
    private final RelayEngine engine;
    private final int port;
    private final LinkLoad load;
    private final List<LinkNeighbour> newcomers = new ArrayList<>();
    private final long bytesAtStart;
    private AttackSource attackedFrom; // null before the first attack

    /**
     * Starts a relay, and waits until the links of its honest peers are up.
     *
     * @param bed stays the caller's and outlives this.
     * @param honest peers that send, the number that the bed was made for.
     */
    LinkTarget(LinkBed bed, InetAddress address, int honest, BatchCrypto crypto) throws IOException {
        this.bed = bed;
        final List<LinkNeighbour> peers = new ArrayList<>();
        RelayEngine started = null;
        boolean ready = false;
        try {
            final LinkPeer relay = LinkBed.peer(bed.seed(), LinkBed.Party.RELAY, 0);
            final InetSocketAddress local = new InetSocketAddress(address, 0);
            for (int i = 0; i < honest; i++) {
                peers.add(new LinkNeighbour(
                        local,
                        LinkBed.identity(bed.seed(), LinkBed.Party.HONEST, i, LinkBed.bytes(bed.honestId(i))),
                        relay,
                        LinkTiming.DEFAULT));
            }
            for (int i = 0; i < NEWCOMERS; i++) {
                newcomers.add(new LinkNeighbour(
                        local, LinkBed.identity(bed.seed(), LinkBed.Party.NEWCOMER, i), relay, LinkTiming.DEFAULT));
            }
            final UdpCarrier carrier = UdpCarrier.open(local, addresses(peers));
            started = engine(crypto, new Loopback(carrier));
            this.engine = started;
            this.port = carrier.localAddress().getPort();
            engine.start();
            peers.forEach(each -> each.relayAt(carrier.localAddress()));
            newcomers.forEach(each -> each.relayAt(carrier.localAddress()));
            this.load = new LinkLoad(crypto, bed.packets(), peers);
            awaitLinks(peers);
            this.bytesAtStart = TrackedArena.liveBytes();
            ready = true;
        } finally {
            if (!ready) {
                if (started != null) {
                    started.close();
                }
                peers.forEach(LinkNeighbour::close);
                newcomers.forEach(LinkNeighbour::close);
            }
        }
    }

    private List<InetSocketAddress> addresses(List<LinkNeighbour> peers) {
        final List<InetSocketAddress> all = new ArrayList<>();
        peers.forEach(each -> all.add(each.address()));
        newcomers.forEach(each -> all.add(each.address()));
        return all;
    }

    private RelayEngine engine(BatchCrypto crypto, Carrier carrier) {
        final RelayEngineBuilder builder = RelayEngine.builder()
                .crypto(crypto)
                .keyEpoch(new SphinxEpoch(1, bed.sphinxKey(), ReplayFilter.noneInClosedLoop(), null))
                .delay(DelaySampler.sender(0))
                .carrier(carrier)
                .identity(LinkBed.identity(bed.seed(), LinkBed.Party.RELAY, 0))
                .peerLimit(bed.honestCount() + NEWCOMERS + LinkAttackers.MOST);
        for (int i = 0; i < bed.honestCount(); i++) {
            builder.peer(Peer.handshaked(
                    "honest-" + i, bed.honestId(i), LinkBed.publicKey(bed.seed(), LinkBed.Party.HONEST, i)));
        }
        for (int i = 0; i < NEWCOMERS; i++) {
            builder.peer(peer(LinkBed.Party.NEWCOMER, i));
        }
        return builder.build();
    }

    private Peer peer(LinkBed.Party party, int index) {
        return Peer.handshaked(
                HtxFlood.name(party) + "-" + index,
                RelayId.ofHex(HexFormat.of().formatHex(LinkBed.id(party, index))),
                LinkBed.publicKey(bed.seed(), party, index));
    }

    private void awaitLinks(List<LinkNeighbour> peers) throws IOException {
        final long startNs = System.nanoTime();
        peers.forEach(LinkNeighbour::begin);
        while (honestLinks() < peers.size()
                || !peers.stream().allMatch(each -> each.link().isUp())) {
            final long nowNs = System.nanoTime();
            if (nowNs - startNs > PATIENCE_NS) {
                throw new IOException("a link of the relay did not come up");
            }
            for (LinkNeighbour each : peers) {
                each.receive(nowNs);
                each.poll(nowNs);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private int honestLinks() {
        int up = 0;
        for (int i = 0; i < bed.honestCount(); i++) {
            up += engine.isLinkUp(i) ? 1 : 0;
        }
        return up;
    }

    /** The first attack adds the peers whose addresses the attackers have. */
    @Override
    public AttackChild.Setup setup(Attack attack, AttackSource source) {
        if (attackedFrom == null) {
            attackedFrom = source;
            for (int i = 0; i < LinkAttackers.count(source); i++) {
                engine.addPeer(peer(LinkBed.Party.ATTACKER, i), LinkAttackers.address(source, i, port));
            }
        }
        return new AttackChild.Setup(attack, source, port, bed.seed());
    }

    @Override
    public void start(double bytesPerSecond) {
        load.start(bytesPerSecond);
    }

    @Override
    public void dropBacklog() {
        load.dropBacklog();
    }

    @Override
    public long taken() {
        return load.received() * LinkFrame.PACKET_LENGTH;
    }

    @Override
    public boolean finish() {
        load.stop();
        engine.failure().ifPresent(failure -> {
            throw new IllegalStateException("the engine failed", failure);
        });
        return honestLinks() == bed.honestCount()
                && load.linksUp()
                && load.wrong() == 0
                && engine.links().stream()
                        .limit(bed.honestCount())
                        .noneMatch(each -> each.failures().containsKey(LinkFailure.LOST));
    }

    @Override
    public Newcomers newcomers() {
        return new Newcomers(new Visitor(), NEWCOMER_INTERVAL_NS);
    }

    /** Both kinds of newcomers share the peers; only one comes at a time. */
    private final class Visitor implements Newcomers.Visitor {
        private int next;

        @Override
        public boolean visit() {
            final LinkNeighbour peer = newcomers.get(next++ % NEWCOMERS);
            final long startNs = System.nanoTime();
            peer.begin();
            while (!peer.link().isUp()) {
                final long nowNs = System.nanoTime();
                if (nowNs - startNs > Newcomers.WANTED.toNanos()) {
                    return false;
                }
                peer.receive(nowNs);
                peer.poll(nowNs);
                LockSupport.parkNanos(POLL_NS);
            }
            return true;
        }

        @Override
        public void close() {
            // the peers are the target's
        }
    }

    @Override
    public int sessions() {
        return (int) engine.links().stream().filter(LinkReport::up).count();
    }

    @Override
    public int connections() {
        return sessions();
    }

    @Override
    public int connectionsBound() {
        return bed.honestCount() + NEWCOMERS + (attackedFrom == null ? 0 : LinkAttackers.count(attackedFrom));
    }

    @Override
    public long boundBytes(int peakSessions) {
        return bytesAtStart + SLACK_BYTES;
    }

    @Override
    public Map<String, Long> counted() {
        final Map<String, Long> counts = new TreeMap<>();
        for (LinkReport link : engine.links()) {
            link.failures().forEach((failure, count) -> counts.merge(failure.label(), count, Long::sum));
        }
        final EngineCounters counters = engine.counters();
        counters.dropped().forEach((verdict, count) -> counts.merge(verdict.label(), count, Long::sum));
        return counts;
    }

    @Override
    public void jump(boolean wanted) {
        throw new UnsupportedOperationException("links have no attack by the clock");
    }

    @Override
    public void close() {
        load.close();
        newcomers.forEach(LinkNeighbour::close);
        engine.close();
    }

    /** All that comes and goes is of this measurement's processes. */
    private static final class Loopback extends DelegatingCarrier {
        Loopback(UdpCarrier carrier) {
            super(carrier);
        }

        @Override
        public boolean isClosedLoop() {
            return true;
        }
    }
}

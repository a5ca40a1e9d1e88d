package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.carrier.Carrier;
import io.millrace.carrier.LoopbackPorts;
import io.millrace.carrier.TcpCarrier;
import io.millrace.carrier.UdpCarrier;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.link.LinkFailure;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkTiming;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.vrf.DelaySampler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three engines over real sockets, all linked by handshakes and run step by step in one thread. */
class LinkedEnginesTest {
    private static final int NODES = 3;
    private static final int STEP_LIMIT = 5_000_000;
    private static final int ROUND_PACKETS = 250;
    private static final int MOST_ROUNDS = 80;

    /** However slow the machine, no link is given up for being quiet. */
    private static final LinkTiming PATIENT = new LinkTiming(
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            1_000,
            Duration.ofMinutes(50),
            Duration.ofMinutes(5),
            Duration.ofHours(1));

    private final Arena arena = Arena.ofShared();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private final SphinxWrapper wrapper =
            new SphinxWrapper(arena, crypto, new SecureRandomness(), SphinxGeometry.MR1, 1);
    private final SecretKey[] secrets = new SecretKey[NODES];
    private final byte[][] publicKeys = new byte[NODES][];
    private final InetSocketAddress[] addresses = new InetSocketAddress[NODES];
    private final RelayEngine[] engines = new RelayEngine[NODES];
    private final long[] delivered = new long[NODES];
    private boolean overTcp;
    private InetAddress wildcard; // of node 0; null if it listens at its address

    @AfterEach
    void closeAll() {
        for (int node = 0; node < NODES; node++) {
            if (engines[node] != null) {
                engines[node].close();
            }
            secrets[node].close();
        }
        arena.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyPacketArrivesOnceTheLinksAreUp(boolean tcp) throws IOException {
        start(tcp);
        send(0, 1);
        assertThat(stepUntil(() -> drops(0, Verdict.LINK_DOWN) == 1))
                .as("before")
                .isTrue();
        assertThat(stepUntil(this::areLinksUp)).isTrue();

        for (int i = 0; i < 50; i++) {
            for (int node = 0; node < NODES; node++) {
                send(node, (node + 1) % NODES);
            }
            step();
        }

        assertThat(stepUntil(() -> delivered[0] == 50 && delivered[1] == 50 && delivered[2] == 50))
                .isTrue();
        for (RelayEngine engine : engines) {
            assertThat(engine.counters().conserved()).isTrue();
            assertThat(engine.links())
                    .allSatisfy(link -> assertThat(link.finished()).isPositive());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNodeThatBeginsAnewIsLinkedAgain(boolean tcp) throws IOException {
        start(tcp);
        assertThat(stepUntil(this::areLinksUp)).isTrue();

        engines[2].close();
        engines[2] = newEngine(2);
        assertThat(stepUntil(() -> engines[2].isLinkUp(0) && engines[2].isLinkUp(1)))
                .isTrue();
        final long before = delivered[0];
        send(2, 0);

        assertThat(stepUntil(() -> delivered[0] == before + 1)).isTrue();
        assertThat(stepUntil(() -> {
                    final long had = delivered[2];
                    send(0, 2);
                    return stepUntil(() -> delivered[2] > had, 2_000);
                }))
                .isTrue();
        assertThat(engines[0].links().get(1).finished()).isGreaterThanOrEqualTo(2);
    }

    /** Node 0 listens at the wildcard address; the others know it, and take frames from it, at 127.0.0.2 alone. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aNodeAtTheWildcardAddressIsLinkedWhereItsPeersKnowIt(String any) throws IOException {
        startAtWildcard(any);
        assertThat(stepUntil(this::areLinksUp)).isTrue();

        for (int i = 0; i < 50; i++) {
            send(0, 1);
            send(0, 2);
            send(1, 0);
            step();
        }
        assertThat(stepUntil(() -> delivered[0] == 50 && delivered[1] == 50 && delivered[2] == 50))
                .isTrue();
    }

    /** Node 0 listens at the wildcard address; node 1 knows it, and takes frames from it, at 127.0.0.2 and then at 127.0.0.3. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aPeerThatMovedSendsFromItsNewAddressWithinTheSession(String any) throws IOException {
        startAtWildcard(any);
        assertThat(stepUntil(this::areLinksUp)).isTrue();

        engines[1].movePeer(0, at("127.0.0.3"));
        assertThat(stepUntil(
                        () -> {
                            send(0, 1);
                            return stepUntil(() -> delivered[1] > 0, 1_000);
                        },
                        1_000))
                .isTrue();
        send(1, 0);
        assertThat(stepUntil(() -> delivered[0] == 1)).isTrue();
        assertThat(engines[1].links().getFirst().failures()).doesNotContainKey(LinkFailure.LOST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesToMoveAPeerThatIsNot(boolean tcp) throws IOException {
        start(tcp);
        final var gone = engines[1].removePeer(0);
        for (int peer : new int[] {-1, 0, 2, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> engines[1].movePeer(peer, at("127.0.0.3")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("peer=" + peer);
        }
        assertThat(stepUntil(gone::isDone)).isTrue();
        assertThatThrownBy(() -> engines[1].movePeer(0, at("127.0.0.3"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPeerThatDoesNotReadLosesOnlyItsOwnPackets() throws IOException {
        start(true);
        assertThat(stepUntil(this::areLinksUp)).isTrue();

        // From here on node 2 is stopped.
        long sent = 0;
        while (drops(0, Verdict.EGRESS_FULL) < 100) {
            for (int i = 0; i < 16; i++) {
                send(0, 2);
            }
            send(0, 1);
            sent++;
            step(0);
            step(1);
            assertThat(sent).isLessThan(100_000);
        }
        final long all = sent;

        assertThat(stepUntil(() -> delivered[1] == all, STEP_LIMIT, 0, 1)).isTrue();
        assertThat(engines[0].counters().conserved()).isTrue();
        assertThat(engines[0].counters().dropped().keySet())
                .containsAnyOf(Verdict.EGRESS_FULL)
                .doesNotContain(Verdict.SLAB_FULL, Verdict.RING_FULL);
        assertThat(engines[1].counters().droppedTotal()).isZero();
    }

    @Test
    void noticesThatAConnectionIsLostAndServesTheOthers() throws IOException {
        start(true);
        assertThat(stepUntil(this::areLinksUp)).isTrue();

        engines[2].close();
        engines[2] = null;

        assertThat(stepUntil(() -> !engines[0].isLinkUp(1), STEP_LIMIT, 0, 1)).isTrue();
        assertThat(engines[0].links().get(1).failures()).containsKey(LinkFailure.LOST);
        send(0, 1);
        assertThat(stepUntil(() -> delivered[1] == 1, STEP_LIMIT, 0, 1)).isTrue();
    }

    /** Opened, peeled, replay-checked, delayed, sealed and sent at node 1, and all that the other two and the links do. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allocatesNothingPerPacket(boolean tcp) throws IOException {
        start(tcp);
        assertThat(stepUntil(this::areLinksUp)).isTrue();
        final SphinxPath path =
                SphinxPath.toRecipient(List.of(new SphinxHop(key(1), 0), new SphinxHop(key(2), 0)), 1, 2);
        final long stride = packet.byteSize();
        final MemorySegment packets = arena.allocate(ROUND_PACKETS * stride, 64);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // Code that is not compiled yet still allocates: the best of many rounds counts.
        for (int round = 0; round < MOST_ROUNDS && least > 0; round++) {
            for (int i = 0; i < ROUND_PACKETS; i++) {
                wrapper.wrap(path, MemorySegment.ofArray(new byte[8]), packets, i * stride);
            }
            final long before = threads.getCurrentThreadAllocatedBytes();
            carry(packets, stride, delivered[2] + ROUND_PACKETS);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat((double) least / ROUND_PACKETS).as("bytes per packet").isLessThan(0.1);
    }

    private void carry(MemorySegment packets, long stride, long expected) {
        for (int i = 0; i < ROUND_PACKETS; i++) {
            engines[0].originate(0, packets, i * stride);
            step();
        }
        for (int i = 0; i < STEP_LIMIT && delivered[2] < expected; i++) {
            step();
        }
        assert delivered[2] == expected : "lost on loopback";
    }

    private void start(boolean tcp) throws IOException {
        overTcp = tcp;
        for (int node = 0; node < NODES; node++) {
            secrets[node] = SecretKey.generate(new SecureRandomness());
            try (RelaySphinxKey key = new RelaySphinxKey(SecretKey.copyOf(secrets[node].segment()))) {
                publicKeys[node] = key.publicKeyBytes();
            }
            addresses[node] = LoopbackPorts.next();
        }
        for (int node = 0; node < NODES; node++) {
            engines[node] = newEngine(node);
        }
    }

    private void startAtWildcard(String any) throws IOException {
        wildcard = InetAddress.ofLiteral(any);
        start(false);
        addresses[0] = at("127.0.0.2");
        for (int node = 1; node < NODES; node++) {
            engines[node].close();
            engines[node] = newEngine(node);
        }
    }

    /** Another local address of node 0. */
    private InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), addresses[0].getPort());
    }

    private RelayEngine newEngine(int node) throws IOException {
        final byte[] id = new byte[RelayId.LENGTH];
        key(node).id().writeTo(MemorySegment.ofArray(id), 0);
        final List<InetSocketAddress> peers = new ArrayList<>();
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(ThreadingMode.SHARED)
                        .slotCount(1_024)
                        .egressLimit(64)
                        .build())
                .crypto(crypto)
                .keyEpoch(new SphinxEpoch(
                        0,
                        new RelaySphinxKey(SecretKey.copyOf(secrets[node].segment())),
                        new ReplaySet(100_000, 1, node)))
                .delay(DelaySampler.sender(0))
                .identity(new LinkIdentity(secrets[node], id))
                .linkTiming(PATIENT)
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        delivered[node]++;
                        return true;
                    }
                });
        for (int peer = 0; peer < NODES; peer++) {
            if (peer != node) {
                builder.peer(Peer.handshaked("node-" + peer, key(peer).id(), publicKeys[peer]));
                peers.add(addresses[peer]);
            }
        }
        final Carrier carrier = overTcp
                ? TcpCarrier.open(addresses[node], peers, LinkFrame.FRAME_LENGTH, NanoClock.SYSTEM)
                : UdpCarrier.open(
                        node == 0 && wildcard != null
                                ? new InetSocketAddress(wildcard, addresses[0].getPort())
                                : addresses[node],
                        peers);
        final RelayEngine engine = builder.carrier(carrier).build();
        engine.open();
        return engine;
    }

    private RelayPublicKey key(int node) {
        return RelayPublicKey.copyOf(MemorySegment.ofArray(publicKeys[node]));
    }

    /** One packet for a neighbour; lost if there is no room. */
    private void send(int from, int to) {
        wrapper.wrap(
                SphinxPath.toRecipient(List.of(new SphinxHop(key(to), 0)), 1, 2),
                MemorySegment.ofArray(new byte[8]),
                packet,
                0);
        engines[from].originate(to < from ? to : to - 1, packet, 0);
    }

    private long drops(int node, Verdict verdict) {
        return engines[node].counters().dropped().getOrDefault(verdict, 0L);
    }

    private boolean areLinksUp() {
        for (RelayEngine engine : engines) {
            if (!engine.isLinkUp(0) || !engine.isLinkUp(1)) {
                return false;
            }
        }
        return true;
    }

    private boolean stepUntil(BooleanSupplier condition) {
        return stepUntil(condition, STEP_LIMIT);
    }

    private boolean stepUntil(BooleanSupplier condition, int limit) {
        return stepUntil(condition, limit, 0, 1, 2);
    }

    private boolean stepUntil(BooleanSupplier condition, int limit, int... nodes) {
        for (int i = 0; i < limit; i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
            for (int node : nodes) {
                step(node);
            }
        }
        return false;
    }

    private void step() {
        for (int node = 0; node < NODES; node++) {
            step(node);
        }
    }

    private void step(int node) {
        final List<Duty> agents = engines[node].parts().duties();
        for (int i = 0; i < agents.size(); i++) {
            agents.get(i).doWork();
        }
    }
}

package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.TcpCarrier;
import io.millrace.carrier.UdpCarrier;
import io.millrace.config.EngineConfig;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkIdentity;
import io.millrace.memory.TrackedArena;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays on real sockets that begin without peers. */
class MeetingRelaysTest {
    private static final long PATIENCE_S = 120;

    private long liveBytesBefore;

    @BeforeEach
    void measure() {
        liveBytesBefore = TrackedArena.liveBytes();
    }

    @AfterEach
    void nothingLeaks() {
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "portable", "tcp"})
    void twoRelaysThatBeginWithoutPeersMeetPartAndMeetAgain(String kind) throws Exception {
        try (LoneRelay a = new LoneRelay(kind);
                LoneRelay b = new LoneRelay(kind)) {
            final long keys = SecretKey.liveCount();
            for (int meeting = 0; meeting < 3; meeting++) {
                final int bOfA = a.meet(b);
                final int aOfB = b.meet(a);
                assertThat(bOfA).isZero();
                await(() -> a.engine.isLinkUp(bOfA) && b.engine.isLinkUp(aOfB));
                final long before = b.delivered.get();
                a.send(b, bOfA);
                await(() -> b.delivered.get() == before + 1);
                a.engine.removePeer(bOfA).get(PATIENCE_S, TimeUnit.SECONDS);
                b.engine.removePeer(aOfB).get(PATIENCE_S, TimeUnit.SECONDS);
                await(() -> SecretKey.liveCount() == keys); // of the sessions, wiped when no thread uses them
                assertThat(a.engine.links()).isEmpty();
            }
            assertThat(a.engine.failure()).isEmpty();
            assertThat(b.engine.failure()).isEmpty();
        }
    }

    private static void await(BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            Thread.onSpinWait();
        }
    }

    private static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    /** A started engine on a socket of the loopback address, without peers at first. */
    private static final class LoneRelay implements AutoCloseable {
        final AtomicLong delivered = new AtomicLong();
        final RelayEngine engine;
        private final InetSocketAddress address;
        private final RelayPublicKey publicKey;
        private final byte[] linkKey;

        LoneRelay(String kind) throws IOException {
            final InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            final Carrier carrier;
            if (kind.equals("tcp")) {
                final TcpCarrier tcp = TcpCarrier.open(any, List.of(), LinkFrame.FRAME_LENGTH, NanoClock.SYSTEM);
                address = tcp.localAddress();
                carrier = tcp;
            } else {
                final UdpCarrier udp =
                        kind.equals("udp") ? UdpCarrier.open(any, List.of()) : UdpCarrier.openPortable(any, List.of());
                address = udp.localAddress();
                carrier = udp;
            }
            final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
            publicKey = RelayPublicKey.copyOf(key.publicKey());
            try (SecretKey secret = SecretKey.generate(new SecureRandomness());
                    RelaySphinxKey linkPair = new RelaySphinxKey(SecretKey.copyOf(secret.segment()))) {
                linkKey = linkPair.publicKeyBytes();
                engine = RelayEngine.builder()
                        .config(EngineConfig.builder()
                                .slotCount(256)
                                .maxDelay(Duration.ofMillis(1))
                                .build())
                        .keyEpoch(new SphinxEpoch(0, key, new ReplaySet(1_000, 1, 2)))
                        .delay(DelaySampler.sender(0))
                        .carrier(carrier)
                        .identity(new LinkIdentity(secret, bytes(publicKey.id())))
                        .listener(new RelayListener() {
                            @Override
                            public boolean onDeliver(Delivery delivery) {
                                delivered.incrementAndGet();
                                return true;
                            }
                        })
                        .build();
            }
            engine.start();
        }

        int meet(LoneRelay other) {
            return engine.addPeer(Peer.handshaked("other", other.publicKey.id(), other.linkKey), other.address);
        }

        void send(LoneRelay other, int peer) {
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment packet =
                        arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
                final SphinxWrapper wrapper = new SphinxWrapper(
                        arena, CryptoProviders.byName("sodium"), new SecureRandomness(), SphinxGeometry.MR1, 1);
                wrapper.wrap(
                        SphinxPath.toRecipient(List.of(new SphinxHop(other.publicKey, 0)), System.nanoTime(), 2),
                        MemorySegment.ofArray(new byte[8]),
                        packet,
                        0);
                assertThat(engine.originate(peer, packet, 0)).isEqualTo(Offer.OK);
            }
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}

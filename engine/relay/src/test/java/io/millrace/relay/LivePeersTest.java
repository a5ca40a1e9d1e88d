package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkOpener;
import io.millrace.memory.TrackedArena;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.peer.PeerKey;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptPolicy;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers come, change their keys and go while an engine runs. */
class LivePeersTest {
    private static final long SEED = 11;
    private static final long PATIENCE_S = 120;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 4_000);

    @TempDir
    private Path folder;

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
    @EnumSource
    void aPeerThatWasAddedGetsItsPacketsAndOneThatWasRemovedGetsNone(ThreadingMode mode) throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(mode), SEED, 1_000);
                SecretKey psk = SecretKey.generate(new SecureRandomness());
                RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()))) {
            test.engine.open();
            final RelayPublicKey publicKey = RelayPublicKey.copyOf(key.publicKey());
            run(test, test.packetVia(publicKey));
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.UNKNOWN_NEXT_HOP, 1L));

            final Peer peer = Peer.linked("new", key.id(), test.linkTo(psk, bytes(key.id())));
            assertThat(test.engine.addPeer(peer, ADDRESS)).isEqualTo(3);
            assertThat(test.added).isEqualTo(Map.of(3, ADDRESS));
            run(test, test.packetVia(publicKey));
            assertThat(test.taken[3]).hasValue(1);

            // One packet sealed for it, which its way does not take, and one on its way through the engine.
            test.stalledPeer = 3;
            run(test, test.packetVia(publicKey));
            test.inbound.add(test.seal(test.packetVia(publicKey)));
            test.engine.parts().duties().getLast().doWork();
            final CompletableFuture<Void> gone = test.engine.removePeer(3);
            assertThatThrownBy(() -> test.engine.removePeer(3)).isInstanceOf(IllegalArgumentException.class);
            test.awaitSteps(() -> test.engine.counters().inFlight() == 0
                    && test.engine.parts().ring().isEmpty());
            test.awaitSteps(gone::isDone);
            gone.get(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(test.taken[3]).hasValue(1);
            assertThat(test.engine.counters().dropped().get(Verdict.LINK_DOWN)).isPositive();
            assertThat(test.engine.counters().conserved()).isTrue();
            assertThat(test.added).isEmpty();

            // Its place is free again.
            final Peer again = Peer.linked("again", key.id(), test.linkTo(psk, bytes(key.id())));
            test.stalledPeer = -1;
            assertThat(test.engine.addPeer(again, ADDRESS)).isEqualTo(3);
            run(test, test.packetVia(publicKey));
            assertThat(test.taken[3]).hasValue(2);
        }
    }

    @Test
    void thePlaceOfARemovedPeerIsNotGivenAwayWhileAPacketForItWaits() throws Exception {
        final var clock = new io.millrace.test.VirtualClock(0);
        try (DisclosingEpochs epochs = new DisclosingEpochs(folder, SEED);
                EngineUnderTest test = new EngineUnderTest(
                        config(ThreadingMode.SPLIT),
                        SEED,
                        epochs,
                        builder -> builder.clock(clock).delay(DelaySampler.epochVrf(DisclosingEpochs.LAW)));
                SecretKey psk = SecretKey.generate(new SecureRandomness())) {
            test.engine.open();
            run(test, test.packetFor(EngineUnderTest.FIRST));
            final CompletableFuture<Void> gone = test.engine.removePeer(EngineUnderTest.FIRST);
            for (int i = 0; i < 20; i++) {
                test.step();
            }
            assertThat(gone).isNotDone();
            assertThat(test.engine.addPeer(linked(test, psk, 1), ADDRESS)).isEqualTo(3);

            clock.advance(DisclosingEpochs.LAW.maxNs() + 100_000);
            test.awaitSteps(gone::isDone);
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.LINK_DOWN, 1L));
            assertThat(test.engine.addPeer(linked(test, psk, 2), ADDRESS)).isEqualTo(EngineUnderTest.FIRST);
        }
    }

    @Test
    void theLinkKeysOfARemovedPeerAreWiped() throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000)) {
            test.engine.open();
            final SecretKey send = SecretKey.generate(new SecureRandomness());
            final SecretKey receive = SecretKey.generate(new SecureRandomness());
            final int place =
                    test.engine.addPeer(Peer.linked("new", new RelayId(3, 4), new LinkKeys(send, receive)), ADDRESS);
            for (SecretKey key : List.of(send, receive)) {
                assertThatThrownBy(key::segment).isInstanceOf(IllegalStateException.class);
            }
            final long open = SecretKey.liveCount();

            final CompletableFuture<Void> gone = test.engine.removePeer(place);
            test.awaitSteps(gone::isDone);

            assertThat(SecretKey.liveCount()).as("open keys").isEqualTo(open - 1);
        }
    }

    /** Places are taken one after the other by peers with distinct ids; each receipt names the one it is about. */
    @ParameterizedTest
    @EnumSource
    void receiptsNameThePeerThatHadThePlaceWhenThePacketLeft(ThreadingMode mode) throws Exception {
        final int peers = 5;
        final Map<ReceiptId, Integer> left = new ConcurrentHashMap<>();
        try (Arena arena = Arena.ofConfined();
                LogKey logKey = LogKey.ofSeed("relay.example/receipts", arena.allocate(32));
                ReceiptService service = ReceiptService.start(
                        new MemoryReceiptStore(),
                        logKey,
                        new ReceiptId(1, 2),
                        ReceiptOptions.of(SigningMode.BATCH),
                        note -> {},
                        (receipt, opening) -> left.merge(receipt.actorId(), receipt.result(), Integer::sum));
                EngineUnderTest test = new EngineUnderTest(
                        config(mode),
                        SEED,
                        1_000,
                        builder -> builder.receipts(service, EnumSet.of(Operation.FORWARDED)));
                SecretKey psk = SecretKey.generate(new SecureRandomness());
                RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()))) {
            test.engine.open();
            for (int i = 0; i < peers; i++) {
                final RelayId identity = new RelayId(50, i);
                final int place = test.engine.addPeer(
                        new Peer.PreShared(
                                "peer " + i,
                                identity,
                                test.linkTo(psk, bytes(identity)),
                                List.of(new PeerKey(key.id(), 0))),
                        ADDRESS);
                assertThat(place).isEqualTo(3);
                final long before = test.engine.counters().forwarded();
                for (int packet = 0; packet <= i; packet++) {
                    test.inbound.add(test.seal(test.packetVia(RelayPublicKey.copyOf(key.publicKey()))));
                }
                final long goal = before + i + 1;
                test.awaitSteps(() -> test.engine.counters().forwarded() == goal);
                final CompletableFuture<Void> gone = test.engine.removePeer(place);
                test.awaitSteps(gone::isDone);
            }
            assertThat(test.engine.stop(Duration.ofSeconds(PATIENCE_S))).isTrue();
        }
        for (int i = 0; i < peers; i++) {
            assertThat(left.get(ReceiptPolicy.receiptId(new RelayId(50, i)))).isEqualTo(i + 1);
        }
        assertThat(left).hasSize(peers);
    }

    @Test
    void framesOfARemovedPeerAreNotAccepted() throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000)) {
            test.engine.open();
            final CompletableFuture<Void> gone = test.engine.removePeer(EngineUnderTest.SENDER);
            run(test, test.packetForRelay());
            test.awaitSteps(gone::isDone);
            run(test, test.packetForRelay());
            assertThat(test.engine.counters().dropped())
                    .isEqualTo(Map.of(Verdict.UNKNOWN_KEY, 1L, Verdict.UNKNOWN_PEER, 1L));
        }
    }

    @Test
    void packetsFollowThePeersKeysAndCarryItsEpoch() throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000);
                SecretKey psk = SecretKey.generate(new SecureRandomness());
                RelaySphinxKey first = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
                RelaySphinxKey second = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()))) {
            test.engine.open();
            final RelayId identity = new RelayId(5, 6);
            final Peer peer = new Peer.PreShared(
                    "rolling", identity, test.linkTo(psk, bytes(identity)), List.of(new PeerKey(first.id(), 0x1234)));
            final int place = test.engine.addPeer(peer, ADDRESS);
            try (Link link = new Link(test.linkFrom(psk, bytes(identity)))) {
                run(test, test.packetVia(RelayPublicKey.copyOf(first.publicKey())));
                assertThat(epoch(test.lastFrame.get(place), link)).isEqualTo(0x34);

                test.engine.updatePeerKeys(
                        place, List.of(new PeerKey(first.id(), 0x1234), new PeerKey(second.id(), 0x1235)));
                run(test, test.packetVia(RelayPublicKey.copyOf(second.publicKey())));
                assertThat(epoch(test.lastFrame.get(place), link)).isEqualTo(0x35);
                run(test, test.packetVia(RelayPublicKey.copyOf(first.publicKey())));
                assertThat(epoch(test.lastFrame.get(place), link)).isEqualTo(0x34);

                test.engine.updatePeerKeys(place, List.of(new PeerKey(second.id(), 0x1235)));
                run(test, test.packetVia(RelayPublicKey.copyOf(first.publicKey())));
                assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.UNKNOWN_NEXT_HOP, 1L));
                assertThatThrownBy(() -> test.engine.updatePeerKeys(0, List.of(new PeerKey(second.id(), 1))))
                        .isInstanceOf(IllegalArgumentException.class);
                run(test, test.packetVia(RelayPublicKey.copyOf(second.publicKey())));
                assertThat(epoch(test.lastFrame.get(place), link)).isEqualTo(0x35);
            }
        }
    }

    @Test
    void refusesMorePeersThanThereArePlacesAndChangesNothing() throws Exception {
        try (EngineUnderTest test =
                        new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000, builder -> builder.peerLimit(4));
                SecretKey psk = SecretKey.generate(new SecureRandomness())) {
            test.engine.addPeer(linked(test, psk, 1), ADDRESS);
            final Peer tooMany = linked(test, psk, 2);
            assertThatThrownBy(() -> test.engine.addPeer(tooMany, ADDRESS)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> test.engine.addPeer(
                            Peer.handshaked("no identity", new RelayId(7, 8), new byte[32]), ADDRESS))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> test.engine.addPeer(Peer.direct("direct", new RelayId(7, 8)), ADDRESS))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theLinkKeysOfARefusedPeerAreWipedWhateverTheReason() throws Exception {
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000, builder -> builder.peerLimit(4))) {
            test.engine.open();
            final long keys = SecretKey.liveCount();
            assertThatThrownBy(() -> test.engine.addPeer(withOwnKeys(1), null))
                    .as("no address")
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(SecretKey.liveCount()).isEqualTo(keys);

            test.refusedAddress = ADDRESS;
            assertThatThrownBy(() -> test.engine.addPeer(withOwnKeys(2), ADDRESS))
                    .as("an address that the carrier refuses")
                    .isInstanceOf(IllegalArgumentException.class);
            test.awaitSteps(() -> SecretKey.liveCount() == keys);

            test.refusedAddress = null;
            test.engine.addPeer(withOwnKeys(3), ADDRESS);
            assertThatThrownBy(() -> test.engine.addPeer(withOwnKeys(4), ADDRESS))
                    .as("no place")
                    .isInstanceOf(IllegalStateException.class);
            assertThat(SecretKey.liveCount()).isEqualTo(keys + 1);
        }
    }

    private static Peer withOwnKeys(long id) {
        return Peer.linked(
                "peer " + id,
                new RelayId(id, id),
                new LinkKeys(SecretKey.generate(new SecureRandomness()), SecretKey.generate(new SecureRandomness())));
    }

    private static Peer linked(EngineUnderTest test, SecretKey psk, long id) {
        final RelayId relayId = new RelayId(id, id);
        return Peer.linked("peer " + id, relayId, test.linkTo(psk, bytes(relayId)));
    }

    private static int epoch(byte[] frame, Link link) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(LinkFrame.FRAME_LENGTH, 64);
            memory.copyFrom(MemorySegment.ofArray(frame));
            final LinkOpener opener = new LinkOpener(arena, CryptoProviders.byName("sodium"), memory, 1);
            assertThat(opener.add(0, frame.length, link, true)).isEqualTo(FrameStatus.OK);
            opener.open();
            assertThat(opener.status(0)).isEqualTo(FrameStatus.OK);
            assertThat(link.accept(opener.counter(0))).isTrue();
            return opener.epoch(0);
        }
    }

    /** Sends one packet into the engine and lets all agents work. */
    private static void run(EngineUnderTest test, byte[] packet) {
        test.inbound.add(test.seal(packet));
        for (int i = 0; i < 20; i++) {
            test.step();
        }
    }

    private static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(256)
                .ringSize(64)
                .batchLimit(4)
                .egressLimit(8)
                .tick(Duration.ofNanos(1_000))
                .maxDelay(Duration.ofMillis(1))
                .build();
    }
}

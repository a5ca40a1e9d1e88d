package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The threads of an idle engine would sleep for longer than the test waits, so all that happens here happens because a ring woke
 * the thread that does it. Each piece of work is given while all threads sleep.
 */
@Timeout(120)
class SleepingEngineTest {
    private static final long SEED = 7;
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    /** So long that a missing ring is noticed, and short enough that an engine without it still stops. */
    static final long SLEEP_NS = 2 * PATIENCE_NS;

    private static final int ROUNDS = 20;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 4_000);

    static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(1_024)
                .egressLimit(64)
                .build();
    }

    private static EngineUnderTest started(ThreadingMode mode) {
        final EngineUnderTest test =
                new EngineUnderTest(config(mode), SEED, 10_000, builder -> builder.longestSleepNs = SLEEP_NS);
        test.awaitable = true;
        test.engine.start();
        return test;
    }

    static void awaitAsleep(RelayEngine engine) {
        await(
                "all threads sleep",
                () -> engine.parts().areThreadsAsleep()
                        && engine.threads().stream().allMatch(each -> each.getState() == Thread.State.TIMED_WAITING));
    }

    static void await(String what, BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(PATIENCE_NS);
            Thread.onSpinWait();
        }
    }

    /** The I/O thread wakes the engine's, one of these the next, and the last the I/O thread. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aFrameIsForwarded(ThreadingMode mode) {
        try (EngineUnderTest test = started(mode)) {
            for (int round = 1; round <= ROUNDS; round++) {
                final byte[] frame = test.seal(test.packetFor(EngineUnderTest.FIRST));
                awaitAsleep(test.engine);
                test.arrives(frame);
                final int expected = round;
                await("sent on", () -> test.taken[EngineUnderTest.FIRST].get() == expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aPacketOfTheApplicationIsTaken(ThreadingMode mode) {
        try (EngineUnderTest test = started(mode);
                PacketClaims claims = test.engine.newClaims(1)) {
            for (int round = 1; round <= ROUNDS; round++) {
                final MemorySegment packet = MemorySegment.ofArray(test.packetForRelay());
                awaitAsleep(test.engine);
                if (round % 2 == 0) {
                    assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.OK);
                } else {
                    assertThat(claims.claim(1)).isEqualTo(Offer.OK);
                    MemorySegment.copy(packet, 0, claims.packet(0), 0, SphinxGeometry.MR1.packetLength());
                    claims.offer(0, PacketSource.APPLICATION, 1);
                    assertThat(claims.commit()).isEqualTo(Offer.OK);
                }
                final int expected = round;
                await("delivered", () -> test.delivered.get() == expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void anEpochIsRetired(ThreadingMode mode) throws Exception {
        try (EngineUnderTest test = started(mode)) {
            for (int number = 2; number <= ROUNDS; number++) {
                test.engine.acceptKeyEpoch(test.epoch(number));
                test.engine.runKeyEpoch(number);
                awaitAsleep(test.engine);
                final CompletableFuture<RetiredEpoch> over = test.engine.retireKeyEpoch(number - 1L);
                over.get(PATIENCE_NS, TimeUnit.NANOSECONDS).close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aPeerIsRemoved(ThreadingMode mode) throws Exception {
        try (EngineUnderTest test = started(mode);
                SecretKey psk = SecretKey.generate(new SecureRandomness());
                RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()))) {
            final byte[] id = new byte[16];
            key.id().writeTo(MemorySegment.ofArray(id), 0);
            for (int round = 1; round <= ROUNDS; round++) {
                final int peer = test.engine.addPeer(Peer.linked("new", key.id(), test.linkTo(psk, id)), ADDRESS);
                awaitAsleep(test.engine);
                test.engine.removePeer(peer).get(PATIENCE_NS, TimeUnit.NANOSECONDS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void theEngineStops(ThreadingMode mode) {
        for (int round = 0; round < ROUNDS / 4; round++) {
            try (EngineUnderTest test = started(mode)) {
                awaitAsleep(test.engine);
                final long start = System.nanoTime();
                assertThat(test.engine.stop(Duration.ofNanos(PATIENCE_NS))).isTrue();
                assertThat(System.nanoTime() - start).as("time to stop").isLessThan(PATIENCE_NS);
            }
        }
    }

    /** No carrier says when it takes packets again: the thread looks. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aPacketThatTheCarrierDidNotTakeIsSentLater(ThreadingMode mode) {
        try (EngineUnderTest test = started(mode)) {
            test.stalledPeer = EngineUnderTest.FIRST;
            test.arrives(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            await(
                    "sealed",
                    () -> test.engine
                                    .occupancy()
                                    .egress()
                                    .get(EngineUnderTest.FIRST)
                                    .used()
                            == 1);
            awaitAsleep(test.engine);
            test.stalledPeer = -1;
            await("sent on", () -> test.taken[EngineUnderTest.FIRST].get() == 1);
        }
    }
}

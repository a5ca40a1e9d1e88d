package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.htx.LinkTransition;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the application's own code may do in its callbacks, and what the engine makes of its mistakes. */
class CallbacksTest {
    private static final long SEED = 20_261_129;
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void goesOnAfterOneFailedDelivery(ThreadingMode mode) {
        final int packets = 100;
        final AtomicInteger calls = new AtomicInteger();
        final List<String> failures = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                if (calls.incrementAndGet() == 10) {
                    throw new IllegalArgumentException("once, on delivery 10");
                }
                return true;
            }

            @Override
            public void onFailure(Throwable failure, Callback callback) {
                failures.add(callback + " " + failure.getMessage());
            }
        };
        try (EngineUnderTest test =
                new EngineUnderTest(config(mode), SEED, 1_000, builder -> builder.listener(listener))) {
            test.engine.start();
            for (int i = 0; i < packets; i++) {
                offer(test, test.packetForRelay());
            }
            assertThat(test.engine.stop(LONG)).isTrue();

            assertThat(test.engine.failure()).isEmpty();
            final EngineCounters counters = test.engine.counters();
            assertThat(counters.conserved()).as(counters.toString()).isTrue();
            assertThat(counters.inFlight()).isZero();
            assertThat(counters.delivered()).isEqualTo(packets - 1);
            assertThat(counters.dropped()).isEqualTo(Map.of(Verdict.REFUSED, 1L));
            assertThat(failures).containsExactly("DELIVER once, on delivery 10");
            assertThat(test.engine.callbackFailures()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void survivesAListenerOfWhichEveryMethodFails(ThreadingMode mode) {
        final Broken broken = new Broken();
        try (RelaySphinxKey direct = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
                EngineUnderTest test = new EngineUnderTest(
                        config(mode),
                        SEED,
                        1_000,
                        builder ->
                                builder.peer(Peer.direct("direct", direct.id())).listener(broken))) {
            final RelayPublicKey next = RelayPublicKey.copyOf(direct.publicKey());
            test.engine.start();
            for (int i = 0; i < 25; i++) {
                offer(test, test.packetForRelay());
                offer(test, test.packetVia(next));
                offer(test, test.packetForRelay(CommandType.LOOP_COVER, i, 0, new byte[8]));
                offer(test, test.packetForStranger());
            }
            assertThat(test.engine.stop(LONG)).isTrue();

            assertThat(test.engine.failure()).isEmpty();
            final EngineCounters counters = test.engine.counters();
            assertThat(counters.inFlight()).isZero();
            assertThat(counters.dropped())
                    .isEqualTo(Map.of(Verdict.REFUSED, 50L, Verdict.COVER, 25L, Verdict.UNKNOWN_NEXT_HOP, 25L));
            // 25 deliveries, 25 forwards, 25 loops and 100 drops; those that were told failed in being told.
            assertThat(broken.calls).hasValue(175);
            assertThat(test.engine.callbackFailures()).isEqualTo(175 + broken.told.get());
        }
    }

    @Test
    void tellsAtMostTenFailuresASecond() {
        final VirtualClock clock = new VirtualClock(0);
        final Broken broken = new Broken();
        try (EngineUnderTest test = new EngineUnderTest(
                config(ThreadingMode.SHARED),
                SEED,
                1_000,
                builder -> builder.clock(clock).listener(broken))) {
            test.engine.open();
            for (int i = 0; i < 500; i++) {
                offer(test, test.packetForStranger());
                test.step();
                clock.advance(10_000_000);
            }
            assertThat(broken.calls).hasValue(500);
            assertThat(broken.told).hasValueBetween(49, 51);
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void callsBackOnOneThread(ThreadingMode mode) {
        final Set<String> threads = ConcurrentHashMap.newKeySet();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger drops = new AtomicInteger();
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                enter();
                return true;
            }

            @Override
            public void onLoop(long idLow, long idHigh) {
                enter();
            }

            @Override
            public void onDrop(Verdict verdict, int source) {
                drops.incrementAndGet();
                enter();
            }

            private void enter() {
                assertThat(inside.getAndIncrement()).isZero();
                threads.add(Thread.currentThread().getName());
                inside.decrementAndGet();
            }
        };
        // Few slots: frames that find none are dropped by the thread that receives.
        final EngineConfig small = EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(64)
                .ringSize(64)
                .batchLimit(16)
                .maxDelay(Duration.ofMillis(10))
                .build();
        try (EngineUnderTest test = new EngineUnderTest(small, SEED, 1_000, builder -> builder.listener(listener))) {
            for (int i = 0; i < 500; i++) {
                test.inbound.add(i % 5 == 0 ? new byte[50] : test.seal(test.packetForRelay()));
            }
            test.engine.start();
            await(() -> test.engine.counters().received() == 500
                    && test.engine.counters().inFlight() == 0);
            offer(test, test.packetForRelay(CommandType.LOOP_COVER, 1, 2, new byte[8]));
            await(() -> test.engine.counters().received() == 501
                    && test.engine.counters().inFlight() == 0);
            await(() -> drops.get() + test.engine.untoldDrops()
                    == test.engine.counters().droppedTotal());
            assertThat(threads).containsExactly(callbackThread(mode));

            test.stalledPeer = EngineUnderTest.FIRST;
            test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            await(() -> test.engine.counters().received() == 502);
            test.engine.stop(Duration.ZERO);

            assertThat(test.engine.failure()).isEmpty();
            assertThat(threads)
                    .isSubsetOf(callbackThread(mode), Thread.currentThread().getName());
            assertThat(test.engine.counters().dropped()).containsKeys(Verdict.COVER, Verdict.SHUTDOWN);
            assertThat(drops.get() + test.engine.untoldDrops())
                    .isEqualTo(test.engine.counters().droppedTotal());
        }
    }

    @Test
    void tellsOfLinksBesidesDropsAndContainsTheirFailures() {
        final Broken broken = new Broken();
        final Callbacks callbacks = new Callbacks(broken, new VirtualClock(0));
        for (int i = 0; i < 1_030; i++) {
            callbacks.onTransition(transition(i % 2 == 0));
        }
        callbacks.finish();
        assertThat(broken.calls).hasValue(1_024);
        assertThat(callbacks.failures()).isEqualTo(1_024 + 1); // and the one report of the first second
        assertThat(callbacks.untoldTransitions()).isEqualTo(6);
    }

    @Test
    void showsExactlyThePayloadAndThePacketAndNotTheSlab() {
        final byte[] payload = new byte[777];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (i * 31);
        }
        final List<byte[]> payloads = new ArrayList<>();
        final List<Delivery> kept = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                kept.add(delivery);
                assertThat(delivery.payload().isReadOnly()).isTrue();
                assertThat(delivery.payload()).isSameAs(delivery.payload());
                payloads.add(delivery.payload().toArray(JAVA_BYTE));
                return true;
            }

            @Override
            public boolean onForward(int peer, MemorySegment packet) {
                assertThat(peer).isEqualTo(3);
                assertThat(packet.isReadOnly()).isTrue();
                assertThat(packet.byteSize()).isEqualTo(2_048);
                return true;
            }
        };
        try (RelaySphinxKey direct = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
                EngineUnderTest test = new EngineUnderTest(
                        config(ThreadingMode.SHARED),
                        SEED,
                        1_000,
                        builder ->
                                builder.peer(Peer.direct("direct", direct.id())).listener(listener))) {
            test.engine.open();
            offer(test, test.packetForRelay(CommandType.DELIVER, 5, 6, payload));
            offer(test, test.packetForRelay(CommandType.DELIVER, 5, 6, new byte[0]));
            offer(test, test.packetVia(RelayPublicKey.copyOf(direct.publicKey())));
            stepUntilEnded(test, 3);

            assertThat(payloads).containsExactlyInAnyOrder(payload, new byte[0]);
            assertThat(test.engine.counters().forwarded()).isEqualTo(1);
            assertThat(test.engine.callbackFailures()).isZero();
            assertThatThrownBy(() -> kept.getFirst().payload()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void tellsOfALoopThatComesHomeBeforeItIsCounted() {
        final List<String> told = new ArrayList<>();
        final RelayListener[] listener = new RelayListener[1];
        final EngineUnderTest[] under = new EngineUnderTest[1];
        listener[0] = new RelayListener() {
            @Override
            public void onLoop(long idLow, long idHigh) {
                told.add("loop " + idLow + " " + idHigh + " "
                        + under[0].engine.counters().dropped().size());
            }

            @Override
            public void onDrop(Verdict verdict, int source) {
                told.add(verdict + " " + source);
            }
        };
        try (EngineUnderTest test = new EngineUnderTest(
                config(ThreadingMode.SHARED), SEED, 1_000, builder -> builder.listener(listener[0]))) {
            under[0] = test;
            test.engine.open();
            test.inbound.add(test.seal(test.packetForRelay(CommandType.LOOP_COVER, 7, 8, new byte[8])));
            stepUntilEnded(test, 1);
            assertThat(told).containsExactly("loop 7 8 0", "COVER 0");
        }
    }

    @Test
    void namesTheSourceOfADrop() {
        final List<Integer> sources = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public void onDrop(Verdict verdict, int source) {
                sources.add(source);
            }
        };
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SHARED), SEED, 1_000, builder -> builder.listener(listener))) {
            test.engine.open();
            final MemorySegment stranger = MemorySegment.ofArray(test.packetForStranger());
            assertThat(test.engine.offer(stranger, 0)).isEqualTo(Offer.OK);
            stepUntilEnded(test, 1);
            final int own = PacketSource.application(41);
            for (int source : new int[] {2, own, PacketSource.application(Integer.MAX_VALUE - 2)}) {
                assertThat(test.engine.offer(source, 1, MemorySegment.ofArray(test.packetForStranger()), 0))
                        .isEqualTo(Offer.OK);
            }
            test.inbound.add(test.seal(test.packetForStranger()));
            stepUntilEnded(test, 5);

            assertThat(sources)
                    .containsExactlyInAnyOrder(
                            PacketSource.APPLICATION,
                            2,
                            own,
                            PacketSource.application(Integer.MAX_VALUE - 2),
                            EngineUnderTest.SENDER);
            assertThat(PacketSource.applicationId(own)).isEqualTo(41);
            assertThat(PacketSource.isApplication(own)).isTrue();
            assertThat(PacketSource.applicationId(PacketSource.APPLICATION)).isEqualTo(-1);
            assertThat(PacketSource.isApplication(PacketSource.UNKNOWN)).isFalse();
            assertThatThrownBy(() -> test.engine.offer(PacketSource.UNKNOWN, 1, stranger, 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> test.engine.offer(3, 1, stranger, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> PacketSource.application(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesToBeStoppedByACallback() {
        final EngineUnderTest[] under = new EngineUnderTest[1];
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                under[0].engine.close();
                return true;
            }
        };
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000, builder -> builder.listener(listener))) {
            under[0] = test;
            test.engine.start();
            offer(test, test.packetForRelay());
            await(() -> test.engine.callbackFailures() == 1);
            assertThat(test.engine.stop(LONG)).isTrue();
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.REFUSED, 1L));
        }
    }

    @Test
    void closesTheDoorWhenAnErrorEndsTheEngine() {
        final List<Throwable> told = new ArrayList<>();
        final RelayListener broken = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                throw new AssertionError("an error ends the engine");
            }

            @Override
            public void onFailure(Throwable failure, Callback callback) {
                told.add(failure);
            }
        };
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000, builder -> builder.listener(broken))) {
            final MemorySegment packet = MemorySegment.ofArray(test.packetForRelay());
            assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.CLOSED);
            test.engine.start();
            assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.OK);
            await(() -> test.engine.state() == EngineState.FAILED);

            assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.CLOSED);
            assertThat(test.engine.failure()).get().isInstanceOf(AssertionError.class);
            assertThat(told).containsExactly(test.engine.failure().get());
        }
    }

    private static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(1_024)
                .ringSize(256)
                .maxDelay(Duration.ofMillis(10))
                .build();
    }

    private static LinkTransition transition(boolean up) {
        return up
                ? new LinkTransition(LinkTransition.Cause.UP, 0, new byte[16], new byte[32], new byte[0], 1)
                : new LinkTransition(LinkTransition.Cause.NO_ANSWER, 0, new byte[16], new byte[0], new byte[32], 1);
    }

    private static String callbackThread(ThreadingMode mode) {
        return switch (mode) {
            case SHARED -> "millrace-relay";
            case SPLIT -> "millrace-engine";
            case PARALLEL -> "millrace-gate";
        };
    }

    private static void offer(EngineUnderTest test, byte[] packet) {
        await(() -> test.engine.offer(MemorySegment.ofArray(packet), 0) == Offer.OK);
    }

    private static void stepUntilEnded(EngineUnderTest test, long received) {
        await(() -> {
            test.step();
            return test.engine.counters().received() == received
                    && test.engine.counters().inFlight() == 0;
        });
    }

    private static void await(BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
            LockSupport.parkNanos(20_000);
        }
    }

    /** Throws in every method, in that which hears of failures too. */
    private static final class Broken implements RelayListener {
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger told = new AtomicInteger();

        @Override
        public boolean onDeliver(Delivery delivery) {
            throw failure();
        }

        @Override
        public boolean onForward(int peer, MemorySegment packet) {
            throw failure();
        }

        @Override
        public void onLoop(long idLow, long idHigh) {
            throw failure();
        }

        @Override
        public void onDrop(Verdict verdict, int source) {
            throw failure();
        }

        @Override
        public void onLinkUp(LinkTransition transition) {
            throw failure();
        }

        @Override
        public void onLinkDown(LinkTransition transition) {
            throw failure();
        }

        @Override
        public void onFailure(Throwable failure, Callback callback) {
            told.incrementAndGet();
            throw new IllegalStateException("and this one, too");
        }

        private RuntimeException failure() {
            calls.incrementAndGet();
            return new IllegalStateException("every call fails");
        }
    }
}

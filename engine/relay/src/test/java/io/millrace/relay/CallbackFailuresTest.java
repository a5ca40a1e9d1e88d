package io.millrace.relay;

import static io.millrace.relay.CallbackRuns.await;
import static io.millrace.relay.CallbackRuns.config;
import static io.millrace.relay.CallbackRuns.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.link.LinkTransition;
import io.millrace.relay.packet.Callback;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.stage.Callbacks;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.test.VirtualClock;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mistakes in the application's callbacks: the engine goes on, tells and counts. */
class CallbackFailuresTest {
    private static final long SEED = 20_261_129;
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
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
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
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

    private static LinkTransition transition(boolean up) {
        return up
                ? new LinkTransition(LinkTransition.Cause.UP, 0, new byte[16], new byte[32], new byte[0], 1)
                : new LinkTransition(LinkTransition.Cause.NO_ANSWER, 0, new byte[16], new byte[0], new byte[32], 1);
    }

    /** Throws in every method, also in that for failures. */
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

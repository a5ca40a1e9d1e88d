package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.relay.packet.Callback;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine's threads: whose they are, how one's death ends the engine, and an engine without threads. */
@Timeout(120)
class EngineThreadsTest {
    private static final long SEED = 20_261_130;
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Refuses nothing, and throws an error on the packet with this number, counted from 1. */
    private static final class Listener implements RelayListener {
        private final AtomicInteger delivered = new AtomicInteger();
        private final int deadly;

        Listener(int deadly) {
            this.deadly = deadly;
        }

        @Override
        public boolean onDeliver(Delivery delivery) {
            if (delivered.incrementAndGet() == deadly) {
                throw new AssertionError("packet " + deadly);
            }
            return true;
        }

        @Override
        public void onFailure(Throwable failure, Callback callback) {}
    }

    private static EngineUnderTest engine(ThreadingMode mode, Consumer<RelayEngineBuilder> settings) {
        final EngineConfig config = EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(1_024)
                .build();
        return new EngineUnderTest(config, SEED, 10_000, settings);
    }

    private static void offer(EngineUnderTest test) {
        assertThat(test.engine.offer(MemorySegment.ofArray(test.packetForRelay()), 0))
                .isEqualTo(Offer.OK);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void threadsComeFromTheFactoryAndAreNamedByTheEngine(ThreadingMode mode) {
        final List<Thread> made = new ArrayList<>();
        try (EngineUnderTest test = engine(
                mode,
                builder -> builder.threadFactory(runnable -> {
                    final Thread thread = Thread.ofPlatform().daemon().unstarted(runnable);
                    made.add(thread);
                    return thread;
                }))) {
            test.engine.start();
            assertThat(test.engine.threads()).containsExactlyElementsOf(made);
            assertThat(made).extracting(Thread::getName).allMatch(name -> name.startsWith("millrace-"));
            offer(test);
            assertThat(test.engine.stop(LONG)).isTrue();
            assertThat(made).noneMatch(Thread::isAlive);
        }
    }

    @Test
    void anEngineWhoseFactoryMakesNoThreadDoesNotStart() {
        final AtomicInteger asked = new AtomicInteger();
        final List<Throwable> told = new ArrayList<>();
        try (EngineUnderTest test = engine(
                ThreadingMode.SPLIT,
                builder -> builder.onFailure(told::add)
                        .threadFactory(runnable -> asked.incrementAndGet() == 1
                                ? Thread.ofPlatform().unstarted(runnable)
                                : null))) {
            assertThatThrownBy(test.engine::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the thread factory made no thread: role=millrace-io");
            assertThat(test.engine.state()).isEqualTo(EngineState.FAILED);
            assertThat(test.engine.offer(MemorySegment.ofArray(test.packetForRelay()), 0))
                    .isEqualTo(Offer.CLOSED);
        }
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aThreadThatDiesIsToldOnceAfterAllHaveEnded(ThreadingMode mode) throws InterruptedException {
        final BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        final AtomicReference<RelayEngine> engine = new AtomicReference<>();
        final AtomicInteger alive = new AtomicInteger(-1);
        try (EngineUnderTest test = engine(
                mode,
                builder -> builder.listener(new Listener(3)).onFailure(failure -> {
                    alive.set((int) engine.get().threads().stream()
                            .filter(Thread::isAlive)
                            .count());
                    engine.get().close();
                    told.add(failure);
                }))) {
            engine.set(test.engine);
            test.engine.start();
            final List<Thread> threads = test.engine.threads();
            for (int i = 0; i < 3; i++) {
                offer(test);
            }
            assertThat(told.poll(60, TimeUnit.SECONDS)).hasMessage("packet 3");
            assertThat(alive).hasValue(0);
            assertThat(threads).noneMatch(Thread::isAlive);
            assertThat(test.engine.state()).isEqualTo(EngineState.CLOSED);
            assertThat(test.engine.failure()).get().isInstanceOf(AssertionError.class);
            test.engine.close();
            assertThat(told).isEmpty();
        }
    }

    /** Agrona ends the agent of a thread that is interrupted; an engine without one of its threads would hang. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void anInterruptOfAThreadEndsTheEngine(ThreadingMode mode) throws InterruptedException {
        final int threads = mode == ThreadingMode.SHARED ? 1 : mode == ThreadingMode.SPLIT ? 2 : 4;
        for (int which = 0; which < threads; which++) {
            final BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
            try (EngineUnderTest test = engine(mode, builder -> builder.onFailure(told::add))) {
                test.engine.start();
                offer(test);
                final Thread thread = test.engine.threads().get(which);
                thread.interrupt();
                assertThat(told.poll(60, TimeUnit.SECONDS))
                        .hasMessage("the thread was interrupted: thread=" + thread.getName());
                assertThat(test.engine.threads()).noneMatch(Thread::isAlive);
                assertThat(test.engine.state()).isEqualTo(EngineState.FAILED);
            }
        }
    }

    @Test
    void theOwnersInterruptDoesNotEndTheEngineEarly() {
        try (EngineUnderTest test = engine(ThreadingMode.SPLIT, builder -> {})) {
            test.engine.start();
            final List<Thread> threads = test.engine.threads();
            Thread.currentThread().interrupt();
            test.engine.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(threads).noneMatch(Thread::isAlive);
            assertThat(test.engine.failure()).isEmpty();
        }
    }

    @Test
    void anInvokedEngineDoesEverythingInTheCallersThread() {
        final int before = Thread.activeCount();
        try (EngineUnderTest test = engine(ThreadingMode.INVOKER, builder -> {})) {
            assertThatThrownBy(test.engine::doWork).isInstanceOf(IllegalStateException.class);
            test.engine.start();
            assertThat(test.engine.threads()).isEmpty();
            assertThat(Thread.activeCount()).isEqualTo(before);
            final IdleStrategy idle = new BackoffIdleStrategy();
            for (int i = 1; i <= 20; i++) {
                test.arrives(test.seal(test.packetFor(EngineUnderTest.FIRST)));
                offer(test);
                while (test.taken[EngineUnderTest.FIRST].get() < i || test.delivered.get() < i) {
                    idle.idle(test.engine.doWork());
                }
            }
            offer(test);
            assertThat(test.engine.stop(LONG)).isTrue();
            assertThat(test.delivered).hasValue(21);
            assertThat(test.engine.counters().inFlight()).isZero();
            assertThatThrownBy(test.engine::doWork).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anEngineWithThreadsIsNotInvoked() {
        try (EngineUnderTest test = engine(ThreadingMode.SHARED, builder -> {})) {
            test.engine.start();
            assertThatThrownBy(test.engine::doWork)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("doWork() is for an INVOKER engine that runs: state=RUNNING");
        }
    }

    @Test
    void aCallbackOfAnInvokedEngineNeitherWorksNorStopsIt() {
        final AtomicReference<RelayEngine> engine = new AtomicReference<>();
        final List<String> refused = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                for (Runnable call : List.<Runnable>of(
                        () -> engine.get().doWork(),
                        () -> engine.get().stop(LONG),
                        () -> engine.get().close())) {
                    try {
                        call.run();
                    } catch (IllegalStateException e) {
                        refused.add(e.getMessage());
                    }
                }
                return true;
            }
        };
        try (EngineUnderTest test = engine(ThreadingMode.INVOKER, builder -> builder.listener(listener))) {
            engine.set(test.engine);
            test.engine.start();
            offer(test);
            while (test.engine.counters().delivered() == 0) {
                test.engine.doWork();
            }
            assertThat(refused).hasSize(3);
            assertThat(test.engine.stop(LONG)).isTrue();
        }
    }

    @Test
    void anInvokedEngineThatFailsIsToldOnceAndThrown() {
        final List<Throwable> told = new ArrayList<>();
        try (EngineUnderTest test = engine(
                ThreadingMode.INVOKER,
                builder -> builder.listener(new Listener(2)).onFailure(told::add))) {
            test.engine.start();
            offer(test);
            offer(test);
            assertThatThrownBy(() -> {
                        while (true) {
                            test.engine.doWork();
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .cause()
                    .hasMessage("packet 2");
            assertThat(told).singleElement().isInstanceOf(AssertionError.class);
            assertThatThrownBy(test.engine::doWork).isInstanceOf(IllegalStateException.class);
            assertThat(told).hasSize(1);
            assertThat(test.engine.state()).isEqualTo(EngineState.FAILED);
        }
    }
}

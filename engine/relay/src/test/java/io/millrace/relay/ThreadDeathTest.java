package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.test.SeededRandomness;
import io.millrace.vrf.DelaySampler;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Errors that Java throws anywhere, also while a thread waits: an Agrona runner throws an {@link Error} again after it told its
 * handler, so the thread would die with a printed stack and without the agent's end.
 */
@Timeout(120)
class ThreadDeathTest {
    /** Errors of a mapped file, of the heap, of the stack, and of a bug; and an exception of a bug. */
    @SuppressWarnings("ImmutableEnumChecker") // nothing changes a throwable here
    enum Death {
        INTERNAL_ERROR(new InternalError("a fault in a mapped file")),
        OUT_OF_MEMORY(new OutOfMemoryError("Java heap space")),
        STACK_OVERFLOW(new StackOverflowError()),
        ASSERTION(new AssertionError("a bug")),
        EXCEPTION(new IllegalStateException("a bug"));

        private final Throwable thrown;

        Death(Throwable thrown) {
            this.thrown = thrown;
        }

        int die() {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }

    /** Where the carrier throws. */
    private enum Place {
        RECEIVE,
        WAIT
    }

    private final long liveBytes = TrackedArena.liveBytes();
    private final SeededRandomness randomness = new SeededRandomness(new SplittableRandom(1));
    private final AtomicReference<Place> place = new AtomicReference<>();
    private final AtomicBoolean waited = new AtomicBoolean();
    private final AtomicInteger closed = new AtomicInteger();
    private final BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();

    @AfterEach
    void allMemoryIsBack() {
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }

    private RelayEngine engine(ThreadingMode mode, Death death) {
        return RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(mode)
                        .peelWorkers(2)
                        .slotCount(1_024)
                        .build())
                .crypto(CryptoProviders.byName("sodium"))
                .keyEpoch(new SphinxEpoch(
                        1,
                        new RelaySphinxKey(SecretKey.generate(randomness)),
                        ReplayFilter.inMemory(ReplaySet.create(1_000, randomness))))
                .delay(DelaySampler.sender(1_000_000))
                .carrier(new DeadlyCarrier(death))
                .onFailure(told::add)
                .threadFactory(runnable -> Thread.ofPlatform()
                        .uncaughtExceptionHandler((thread, failure) -> uncaught.add(failure))
                        .unstarted(runnable))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void inARoundEndsTheEngine(Death death) throws InterruptedException {
        for (ThreadingMode mode : List.of(ThreadingMode.SHARED, ThreadingMode.SPLIT, ThreadingMode.PARALLEL)) {
            dies(mode, Place.RECEIVE, death);
        }
    }

    @ParameterizedTest
    @EnumSource
    void inAWaitEndsTheEngine(Death death) throws InterruptedException {
        for (ThreadingMode mode : List.of(ThreadingMode.SHARED, ThreadingMode.SPLIT, ThreadingMode.PARALLEL)) {
            dies(mode, Place.WAIT, death);
        }
    }

    private void dies(ThreadingMode mode, Place where, Death death) throws InterruptedException {
        closed.set(0);
        waited.set(false);
        final RelayEngine made = engine(mode, death);
        made.start();
        while (!waited.get()) {
            Thread.onSpinWait();
        }
        place.set(where);
        assertThat(told()).isSameAs(death.thrown); // else it is not closed, which would wait for the dead thread
        try (RelayEngine engine = made) {
            assertThat(engine.state()).isEqualTo(EngineState.FAILED);
            assertThat(engine.failure()).containsSame(death.thrown);
            assertThat(engine.threads()).noneMatch(Thread::isAlive);
        } finally {
            place.set(null);
        }
        assertThat(told).as("told twice").isEmpty();
        assertThat(uncaught).as("printed by the thread").isEmpty();
        assertThat(closed).hasValue(1);
    }

    /** The failure that the engine tells; a thread that dies without the engine's knowledge ends the wait. */
    private Throwable told() throws InterruptedException {
        Throwable failure = null;
        for (int i = 0; i < 600 && failure == null; i++) {
            assertThat(uncaught).as("of a thread that died").isEmpty();
            failure = told.poll(100, TimeUnit.MILLISECONDS);
        }
        return failure;
    }

    /** Waits, so that a thread sleeps in it, a millisecond at a time. */
    private final class DeadlyCarrier implements Carrier {
        private final Death death;

        DeadlyCarrier(Death death) {
            this.death = death;
        }

        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            return place.get() == Place.RECEIVE ? death.die() : 0;
        }

        @Override
        public boolean canAwait() {
            return true;
        }

        @Override
        public void await(long ns) {
            waited.set(true);
            if (place.get() == Place.WAIT) {
                death.die();
            }
            Thread.onSpinWait();
        }

        @Override
        public void wakeUp() {}

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            return 0;
        }

        @Override
        public long receiveErrors() {
            return 0;
        }

        @Override
        public long sendErrors() {
            return 0;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}

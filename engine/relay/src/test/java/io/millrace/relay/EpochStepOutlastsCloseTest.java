package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A call of the epoch source, such as to a disk that stalls, goes on after the engine has closed: closing does not wait for
 * it, its result has no effect, and its keys and sets are wiped when it ends.
 */
@Timeout(300)
class EpochStepOutlastsCloseTest extends SourcedEngine {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicReference<Thread> step = new AtomicReference<>();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    /** Stalls in one of its calls, and then answers, or throws. */
    private final class Stalling extends Source {
        private final String where;
        private final boolean fails;

        Stalling(String where, boolean fails) {
            this.where = where;
            this.fails = fails;
        }

        @Override
        public SphinxEpoch make(long number) throws IOException {
            if (number > FIRST + 1) {
                stall("make");
            }
            return super.make(number);
        }

        @Override
        public void onRetired(RetiredEpoch epoch) throws IOException {
            stall("onRetired");
            super.onRetired(epoch);
        }

        @Override
        public boolean beginEarly(long number, long nowMs) throws IOException {
            stall("beginEarly");
            return true;
        }

        @Override
        public void work(long running, long nowMs) throws IOException {
            stall("work");
        }

        private void stall(String call) throws IOException {
            calls.add(call);
            if (call.equals(where)) {
                entered.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
                if (fails) {
                    throw new IOException("the disk answers with an error");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"make", "onRetired", "beginEarly", "work"})
    void closingDoesNotWaitAndAllIsWipedWhenTheCallReturns(String where) throws Exception {
        closeInside(where, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"make", "onRetired", "beginEarly", "work"})
    void closingDoesNotWaitAndAllIsWipedWhenTheCallFails(String where) throws Exception {
        closeInside(where, true);
    }

    private void closeInside(String where, boolean fails) throws Exception {
        startStalling(where, fails, 1);
        engine.close();
        assertThat(engine.state()).isEqualTo(EngineState.CLOSED);
        assertThat(step.get().isAlive()).as("the call goes on").isTrue();
        final int before = calls.size();
        final long rolls = engine.epochStatus().rolls();

        released.countDown();
        step.get().join();
        assertThat(calls).as("no call of the source after the one that ran").hasSize(before);
        assertThat(engine.epochStatus().rolls()).as("rolls of a closed engine").isEqualTo(rolls);
        // Memory: SourcedEngine.allMemoryIsBack.
    }

    @Test
    void closingWaitsForACallThatEndsInTime() throws Exception {
        startStalling("onRetired", false, TimeUnit.MINUTES.toNanos(4));
        final Thread closing = new Thread(engine::close);
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(retired).isEmpty();
        released.countDown();
        closing.join();
        assertThat(retired).as("erased before the engine was closed").containsExactly(FIRST);
    }

    /** Starts an engine whose steps run in threads, and goes on until one is inside that call. */
    private void startStalling(String where, boolean fails, long patienceNs) {
        final Executor executor = steps -> {
            final Thread thread = new Thread(steps);
            step.set(thread);
            thread.start();
        };
        final RelayEngineBuilder builder = builder(new Stalling(where, fails)).epochExecutor(executor);
        builder.epochs.patienceNs = patienceNs;
        start(builder);
        if (where.equals("beginEarly")) {
            fill(FIRST, TAGS * 8 / 10);
        }
        while (entered.getCount() > 0) {
            clock.advance(SECOND_NS / 5);
            engine.doWork();
            while (step.get() != null && step.get().isAlive() && entered.getCount() > 0) {
                Thread.onSpinWait(); // the virtual clock does not run away from a step
            }
        }
    }
}

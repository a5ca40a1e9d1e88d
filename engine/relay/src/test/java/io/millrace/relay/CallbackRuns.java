package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Shared by the tests of callbacks: a small engine, and patience. */
final class CallbackRuns {
    private CallbackRuns() {}

    static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(1_024)
                .ringSize(256)
                .maxDelay(Duration.ofMillis(10))
                .build();
    }

    static void offer(EngineUnderTest test, byte[] packet) {
        await(() -> test.engine.offer(MemorySegment.ofArray(packet), 0) == Offer.OK);
    }

    static void stepUntilEnded(EngineUnderTest test, long received) {
        await(() -> {
            test.step();
            return test.engine.counters().received() == received
                    && test.engine.counters().inFlight() == 0;
        });
    }

    static void await(BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
            LockSupport.parkNanos(20_000);
        }
    }
}

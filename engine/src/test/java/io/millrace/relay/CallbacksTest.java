package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the application's own code may do in its callbacks, and what the engine makes of its mistakes. */
class CallbacksTest {
    private static final long SEED = 20_261_129;

    private static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(1_024)
                .ringSize(256)
                .maxDelay(Duration.ofMillis(10))
                .build();
    }

    @Test
    void closesTheDoorWhenAThreadFails() {
        final RelayListener broken = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                throw new AssertionError("an error ends the engine");
            }
        };
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000, builder -> builder.listener(broken))) {
            final MemorySegment packet = MemorySegment.ofArray(test.packetForRelay());
            assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.CLOSED);
            test.engine.start();
            assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.OK);
            final long start = System.nanoTime();
            while (test.engine.state() != EngineState.FAILED) {
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
                LockSupport.parkNanos(100_000);
            }

            assertThat(test.engine.offer(packet, 0)).isEqualTo(Offer.CLOSED);
            assertThat(test.engine.failure()).get().isInstanceOf(AssertionError.class);
        }
    }
}

package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.test.SeededRandomness;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Epochs that a source makes and the engine refuses, and an epoch that is made when its thread dies. */
@Timeout(120)
class EpochRefusalTest {
    private static final long FIRST = 29_000_000; // the minute of 1970 in which the engine is built
    private static final long SECOND_NS = 1_000_000_000;
    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private final long liveBytes = TrackedArena.liveBytes();
    private final SeededRandomness randomness = new SeededRandomness(new SplittableRandom(1));
    private final VirtualClock clock = new VirtualClock(0);
    private final EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness);
    private final List<Long> asked = new ArrayList<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @AfterEach
    void allMemoryIsBack() {
        vrfKey.close();
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }

    private SphinxEpoch good(long number) {
        return epoch(number, DelayEpoch.prepare(vrfKey, new byte[16], number));
    }

    /** Without the key of the delays, which the engine's policy needs. */
    private SphinxEpoch bad(long number) {
        return epoch(number, null);
    }

    private SphinxEpoch epoch(long number, DelayEpoch delays) {
        return new SphinxEpoch(
                number,
                new RelaySphinxKey(SecretKey.generate(randomness)),
                ReplayFilter.inMemory(ReplaySet.create(1_000, randomness)),
                delays);
    }

    private RelayEngine engine(ThreadingMode mode, LongFunction<SphinxEpoch> source) {
        final RelayEngine built = RelayEngine.builder()
                .config(EngineConfig.builder().threading(mode).slotCount(256).build())
                .crypto(CryptoProviders.byName("sodium"))
                .clock(clock)
                .wallClock(() -> FIRST * LENGTH.toMillis())
                .delay(DelaySampler.epochVrf(DelayDistribution.uniform(0, 1_000)))
                .onFailure(failures::add)
                .epochs(EpochSchedule.of(LENGTH, OVERLAP), number -> {
                    asked.add(number);
                    return source.apply(number);
                })
                .build();
        built.start();
        return built;
    }

    private void pass(RelayEngine engine, int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(SECOND_NS);
            for (int round = 0; round < 5; round++) {
                engine.doWork();
            }
        }
    }

    @Test
    void aRefusedEpochIsClosedAndMadeAnew() {
        try (RelayEngine engine = engine(
                ThreadingMode.INVOKER, number -> asked.size() == 2 || asked.size() == 3 ? bad(number) : good(number))) {
            pass(engine, 44);
            assertThat(asked).containsExactly(FIRST, FIRST + 1);
            pass(engine, 5);
            assertThat(asked).containsExactly(FIRST, FIRST + 1, FIRST + 1, FIRST + 1);
            assertThat(engine.epochStatus().failures()).isEqualTo(2);
            pass(engine, 11);
            assertThat(engine.keyEpoch()).as("60 s").isEqualTo(FIRST + 1);
        }
        assertThat(failures).isEmpty();
    }

    /** Closing it would wipe the key that the engine peels with. */
    @Test
    void anEpochThatTheEngineHasAlreadyIsRefusedAndStaysOpen() {
        final List<SphinxEpoch> made = new ArrayList<>();
        try (RelayEngine engine = engine(ThreadingMode.INVOKER, number -> {
            made.add(asked.size() < 3 && !made.isEmpty() ? made.getFirst() : good(number));
            return made.getLast();
        })) {
            assertThat(asked).containsExactly(FIRST, FIRST + 1);
            assertThat(engine.epochStatus().problem().orElseThrow()).contains("the source made another epoch");
            pass(engine, 1);
            assertThat(asked).containsExactly(FIRST, FIRST + 1, FIRST + 1);
            assertThat(made.getFirst().key().publicKey().scope().isAlive()).isTrue();
            pass(engine, 60);
            assertThat(engine.keyEpoch()).as("61 s").isEqualTo(FIRST + 1);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void anEpochThatIsMadeAndNotAcceptedIsClosedWithItsEngine() {
        try (RelayEngine engine = engine(ThreadingMode.INVOKER, this::good)) {
            pass(engine, 1);
        }
        assertThat(asked).containsExactly(FIRST, FIRST + 1);
        assertThat(failures).isEmpty();
    }

    @Test
    void anEpochThatIsMadeAndNotAcceptedIsClosedAfterItsThreadDied() throws InterruptedException {
        final CountDownLatch made = new CountDownLatch(2);
        try (RelayEngine engine = engine(ThreadingMode.SHARED, number -> {
            made.countDown();
            return good(number);
        })) {
            made.await();
            final Thread thread = engine.threads().stream()
                    .filter(each -> each.getName().equals("millrace-epochs"))
                    .findFirst()
                    .orElseThrow();
            thread.interrupt();
            assertThat(failures.poll(60, TimeUnit.SECONDS))
                    .hasMessage("the thread was interrupted: thread=millrace-epochs");
        }
        assertThat(asked).containsExactly(FIRST, FIRST + 1);
    }
}

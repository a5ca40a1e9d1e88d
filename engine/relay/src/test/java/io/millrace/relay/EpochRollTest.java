package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochState;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key epochs begin and end as documented, whatever the engine is at. */
class EpochRollTest {
    private static final long SEED = 7;
    private static final long PATIENCE_S = 120;

    @TempDir
    private Path folder;

    private long liveBytesBefore;

    @BeforeEach
    void measure() {
        liveBytesBefore = TrackedArena.liveBytes();
    }

    /** Epochs end by a thread of the common pool, which may have wiped the key and not yet freed the replay set. */
    @AfterEach
    void nothingLeaks() {
        assertThat(ForkJoinPool.commonPool().awaitQuiescence(PATIENCE_S, TimeUnit.SECONDS))
                .isTrue();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    /** Reproduced a read of freed memory, and under SHARED a crash, when rolls reclaimed by the ring's sequence alone. */
    @ParameterizedTest
    @EnumSource
    void twoRollsInTheMiddleOfABatchFreeNothingThatItUses(ThreadingMode mode) throws Exception {
        final AtomicReference<Runnable> inBatch = new AtomicReference<>();
        try (EngineUnderTest test =
                new EngineUnderTest(config(mode), SEED, 1_000, builder -> builder.crypto(interrupted(inBatch)))) {
            test.engine.open();
            final SphinxEpoch first = test.engine.parts().epochs().current().at(0);
            inBatch.set(() -> {
                test.engine.rollKeyEpoch(test.epoch(2));
                test.engine.rollKeyEpoch(test.epoch(3));
                assertThat(test.engine.epochs())
                        .extracting(EpochReport::state)
                        .containsExactly(EpochState.RETIRING, EpochState.ACCEPTED, EpochState.RUNNING);
                assertThat(isWiped(first)).isFalse();
            });
            test.inbound.add(test.seal(test.packetForRelay()));
            while (test.delivered.get() == 0) {
                test.step();
            }
            assertThat(inBatch.get()).isNull();

            test.awaitSteps(() -> test.engine.epochs().size() == 2);
            awaitWiped(first);
            assertThat(test.engine.counters().conserved()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void anIdleRelayRollsAndRetires(ThreadingMode mode) throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(mode), SEED, 1_000)) {
            test.engine.start();
            for (long number = 2; number < 12; number++) {
                test.engine.acceptKeyEpoch(test.epoch(number));
                test.engine.runKeyEpoch(number);
                try (RetiredEpoch retired =
                        test.engine.retireKeyEpoch(number - 1).get(PATIENCE_S, TimeUnit.SECONDS)) {
                    assertThat(retired.number()).isEqualTo(number - 1);
                    assertThat(retired.disclose()).isEmpty();
                }
                assertThat(test.engine.epochs()).extracting(EpochReport::number).containsExactly(number);
            }
            assertThat(test.engine.failure()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEpochIsNotOverWhileAPacketWaitsUnderItOnTheWheelOrForItsPeer(ThreadingMode mode) throws Exception {
        final VirtualClock clock = new VirtualClock(0);
        try (DisclosingEpochs epochs = new DisclosingEpochs(folder, SEED);
                EngineUnderTest test = new EngineUnderTest(
                        config(mode),
                        SEED,
                        epochs,
                        builder -> builder.clock(clock).delay(DelaySampler.epochVrf(DisclosingEpochs.LAW)))) {
            test.engine.open();
            test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            steps(test, 10);
            test.engine.acceptKeyEpoch(test.epoch(2));
            test.engine.runKeyEpoch(2);
            final CompletableFuture<RetiredEpoch> over = test.engine.retireKeyEpoch(1);
            assertThatThrownBy(() -> test.engine.retireKeyEpoch(1)).isInstanceOf(IllegalArgumentException.class);
            test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            steps(test, 10);
            assertThat(test.engine.epochs().getFirst().waiting()).isEqualTo(1);
            assertThat(test.engine.epochs()).hasSize(2);

            test.stalledPeer = EngineUnderTest.FIRST;
            clock.advance(DisclosingEpochs.LAW.maxNs() + 100_000);
            steps(test, 10);
            assertThat(test.engine.epochs().getFirst().waiting()).isZero();
            assertThat(test.engine.epochs()).hasSize(2);
            assertThat(epochs.hasJournal(1)).isTrue();

            test.stalledPeer = -1;
            test.awaitSteps(() -> test.engine.epochs().size() == 1);
            assertThat(test.taken[EngineUnderTest.FIRST]).hasValue(1);
            assertThat(test.engine.counters().dropped()).isEqualTo(Map.of(Verdict.EPOCH_OVER, 1L));
            try (RetiredEpoch retired = over.get(PATIENCE_S, TimeUnit.SECONDS)) {
                assertThat(epochs.hasJournal(1)).isTrue();
                final EpochDelayProof opening = retired.disclose().orElseThrow();
                assertThat(epochs.hasJournal(1)).isFalse();
                assertThat(epochs.isTrue(opening)).isTrue();
                assertThat(opening.epoch()).isEqualTo(1);
                assertThatThrownBy(retired::disclose).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    /** The gate takes one packet a round; the others are peeled and wait in the ring while the epoch retires. */
    @Test
    void packetsBetweenTheWorkersAndTheGateKeepTheirEpoch() throws Exception {
        final EngineConfig config = EngineConfig.builder()
                .threading(ThreadingMode.PARALLEL)
                .peelWorkers(2)
                .slotCount(256)
                .ringSize(64)
                .batchLimit(1)
                .tick(Duration.ofNanos(10_000))
                .maxDelay(Duration.ofMillis(2))
                .build();
        try (EngineUnderTest test = new EngineUnderTest(config, SEED, 1_000)) {
            test.engine.open();
            final List<Duty> agents = test.engine.parts().duties();
            final List<Duty> exceptGate = agents.stream()
                    .filter(agent -> !(agent instanceof GateAgent))
                    .toList();
            for (int i = 0; i < 20; i++) {
                test.inbound.add(test.seal(test.packetForRelay()));
            }
            for (int i = 0; i < 40; i++) {
                exceptGate.forEach(Duty::doWork);
            }
            test.engine.acceptKeyEpoch(test.epoch(2));
            test.engine.runKeyEpoch(2);
            final CompletableFuture<RetiredEpoch> over = test.engine.retireKeyEpoch(1);
            test.awaitSteps(() -> test.engine.epochs().size() == 1);
            assertThat(test.delivered).hasValue(20);
            over.get(PATIENCE_S, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void disclosesNothingWhileTheJournalCannotBeErased() throws Exception {
        try (DisclosingEpochs epochs = new DisclosingEpochs(folder, SEED);
                EngineUnderTest test = new EngineUnderTest(
                        config(ThreadingMode.SPLIT),
                        SEED,
                        epochs,
                        builder -> builder.delay(DelaySampler.epochVrf(DisclosingEpochs.LAW)))) {
            test.engine.start();
            test.engine.acceptKeyEpoch(test.epoch(2));
            test.engine.runKeyEpoch(2);
            try (RetiredEpoch retired = test.engine.retireKeyEpoch(1).get(PATIENCE_S, TimeUnit.SECONDS)) {
                // A folder in the journal's place: it can be neither overwritten nor deleted.
                Files.delete(epochs.journal(1));
                Files.createDirectories(epochs.journal(1).resolve("occupied"));
                for (int attempt = 0; attempt < 3; attempt++) {
                    assertThatThrownBy(retired::disclose).isInstanceOf(IOException.class);
                }
                Files.delete(epochs.journal(1).resolve("occupied"));
                Files.delete(epochs.journal(1));
                assertThat(epochs.isTrue(retired.disclose().orElseThrow())).isTrue();
            }
        }
    }

    @Test
    void anEpochThatEndedWithoutAnEngineIsErasedAndDisclosed() throws Exception {
        try (DisclosingEpochs epochs = new DisclosingEpochs(folder, SEED)) {
            final SphinxEpoch ended = new SphinxEpoch(4, key(), epochs.filter(4), epochs.delays(4));
            try (RetiredEpoch retired = ended.retire()) {
                assertThat(isWiped(ended)).isTrue();
                assertThat(epochs.isTrue(retired.disclose().orElseThrow())).isTrue();
                assertThat(epochs.hasJournal(4)).isFalse();
            }
            assertThatThrownBy(ended::retire).isInstanceOf(IllegalStateException.class);
        }
    }

    /** The store of its journals may be closed next. */
    @Test
    void aClosedEngineHasErasedTheJournalOfAnEpochThatARollEnded() throws Exception {
        try (DisclosingEpochs epochs = new DisclosingEpochs(folder, SEED);
                EngineUnderTest test = new EngineUnderTest(
                        config(ThreadingMode.SPLIT),
                        SEED,
                        epochs,
                        builder -> builder.delay(DelaySampler.epochVrf(DisclosingEpochs.LAW)))) {
            test.engine.open();
            test.engine.rollKeyEpoch(test.epoch(2));
            test.engine.rollKeyEpoch(test.epoch(3));
            assertThat(epochs.hasJournal(1)).as("retires").isTrue();

            test.engine.close();

            assertThat(epochs.hasJournal(1)).isFalse();
            assertThat(epochs.hasJournal(2)).as("may go on in another process").isTrue();
        }
    }

    @Test
    void aClosedEngineGivesBackTheEpochsThatWereRetiring() throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(ThreadingMode.PARALLEL), SEED, 1_000)) {
            test.engine.open();
            test.engine.acceptKeyEpoch(test.epoch(2));
            test.engine.runKeyEpoch(2);
            final CompletableFuture<RetiredEpoch> over = test.engine.retireKeyEpoch(1);
            test.engine.close();
            over.get(PATIENCE_S, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void refusesWhatWouldAcceptPacketsTwice() throws Exception {
        try (EngineUnderTest test = new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000);
                SecretKey secret = SecretKey.generate(new SecureRandomness());
                SphinxEpoch unused = test.epoch(9);
                ReplaySet filled = new ReplaySet(100, 1, 2)) {
            test.engine.start();
            final SphinxEpoch second = new SphinxEpoch(2, copyOf(secret), new ReplaySet(100, 1, 2));
            test.engine.acceptKeyEpoch(second);

            assertRefused(test, new SphinxEpoch(3, copyOf(secret), new ReplaySet(100, 1, 2)), "used before");
            assertRefused(test, new SphinxEpoch(2, key(), new ReplaySet(100, 1, 2)), "must rise");
            assertRefused(test, new SphinxEpoch(1 + 256, key(), new ReplaySet(100, 1, 2)), "low 8 bits");
            final SphinxEpoch sharing = new SphinxEpoch(3, key(), second.replayFilter());
            assertThatThrownBy(() -> test.engine.acceptKeyEpoch(sharing)).hasMessageContaining("used before");
            sharing.key().close();
            filled.insertAll(1, new long[] {1}, new long[] {2}, new int[1]);
            final SphinxEpoch used = new SphinxEpoch(3, key(), filled);
            assertThatThrownBy(() -> test.engine.acceptKeyEpoch(used)).hasMessageContaining("used before");
            used.key().close();
            assertThatThrownBy(() -> test.engine.runKeyEpoch(3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> test.engine.retireKeyEpoch(3)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> test.engine.retireKeyEpoch(1)).hasMessageContaining("running");

            test.engine.runKeyEpoch(2);
            test.engine.retireKeyEpoch(1).get(PATIENCE_S, TimeUnit.SECONDS).close();
            test.engine.acceptKeyEpoch(test.epoch(3));
            test.engine.runKeyEpoch(3);
            test.engine.retireKeyEpoch(2).get(PATIENCE_S, TimeUnit.SECONDS).close();
            assertRefused(test, new SphinxEpoch(4, copyOf(secret), new ReplaySet(100, 1, 2)), "used before");

            for (long number = 4; number <= 6; number++) {
                test.engine.acceptKeyEpoch(test.epoch(number));
            }
            assertThatThrownBy(() -> test.engine.acceptKeyEpoch(unused)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anEpochHasAKeyOfDelaysUnderThePolicyThatUsesIt() throws Exception {
        try (DisclosingEpochs epochs = new DisclosingEpochs(folder, SEED);
                EngineUnderTest test = new EngineUnderTest(config(ThreadingMode.SPLIT), SEED, 1_000);
                SphinxEpoch withDelays = new SphinxEpoch(2, key(), epochs.filter(2), epochs.delays(2))) {
            assertThatThrownBy(() -> test.engine.acceptKeyEpoch(withDelays))
                    .isInstanceOf(IllegalArgumentException.class);
            try (RelaySphinxKey key = key();
                    ReplaySet set = new ReplaySet(100, 1, 2);
                    var delays = epochs.delays(3)) {
                assertThatThrownBy(() -> new SphinxEpoch(4, key, ReplayFilter.inMemory(set), delays))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    private static void assertRefused(EngineUnderTest test, SphinxEpoch epoch, String reason) {
        try (epoch) {
            assertThatThrownBy(() -> test.engine.acceptKeyEpoch(epoch))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(reason);
        }
    }

    private static RelaySphinxKey key() {
        return new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
    }

    private static RelaySphinxKey copyOf(SecretKey secret) {
        return new RelaySphinxKey(SecretKey.copyOf(secret.segment()));
    }

    private static boolean isWiped(SphinxEpoch epoch) {
        return !epoch.key().publicKey().scope().isAlive();
    }

    private static void awaitWiped(SphinxEpoch epoch) {
        final long start = System.nanoTime();
        while (!isWiped(epoch)) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
            Thread.onSpinWait();
        }
    }

    private static void steps(EngineUnderTest test, int count) {
        for (int i = 0; i < count; i++) {
            test.step();
        }
    }

    private static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(256)
                .ringSize(64)
                .batchLimit(4)
                .tick(Duration.ofNanos(10_000))
                .maxDelay(Duration.ofMillis(2))
                .build();
    }

    /** A provider that runs {@code inBatch}, once, on another thread between the choice of keys and a multiplication. */
    private static BatchCrypto interrupted(AtomicReference<Runnable> inBatch) {
        final BatchCrypto sodium = CryptoProviders.byName("sodium");
        return (BatchCrypto) Proxy.newProxyInstance(
                BatchCrypto.class.getClassLoader(),
                List.of(BatchCrypto.class).toArray(Class<?>[]::new),
                (p, method, values) -> {
                    final Runnable once = method.getName().equals("x25519") ? inBatch.getAndSet(null) : null;
                    if (once != null) {
                        CompletableFuture.runAsync(once).join();
                    }
                    try {
                        return method.invoke(sodium, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

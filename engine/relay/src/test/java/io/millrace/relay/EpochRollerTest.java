package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.test.SeededRandomness;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine that rolls its own key epochs, each of a minute with an overlap of ten seconds, by a clock of the test. */
@Timeout(120)
class EpochRollerTest {
    private static final long FIRST = 29_000_000; // the minute of 1970 in which the engine is built
    private static final long SECOND_NS = 1_000_000_000;
    private static final Duration LENGTH = Duration.ofMinutes(1);
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private final SeededRandomness randomness = new SeededRandomness(new SplittableRandom(1));
    private final Arena arena = TrackedArena.shared();
    private final VirtualClock clock = new VirtualClock(Long.MAX_VALUE - 100 * SECOND_NS); // it wraps meanwhile
    private final EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness);
    private final Map<Long, RelayPublicKey> keys = new HashMap<>();
    private final BlockingQueue<Long> retired = new LinkedBlockingQueue<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final SphinxWrapper wrapper =
            new SphinxWrapper(arena, CryptoProviders.byName("sodium"), randomness, SphinxGeometry.MR1, 1);
    private final MemorySegment packet =
            arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    private int refusals; // calls of make() that fail
    private long wallMs = FIRST * LENGTH.toMillis();
    private final EpochSource source = new EpochSource() {
        @Override
        public SphinxEpoch make(long number) throws IOException {
            if (refusals > 0) {
                refusals--;
                throw new IOException("no disk");
            }
            final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(randomness));
            keys.put(number, RelayPublicKey.copyOf(key.publicKey()));
            return new SphinxEpoch(
                    number,
                    key,
                    ReplayFilter.inMemory(ReplaySet.create(1_000, randomness)),
                    DelayEpoch.prepare(vrfKey, new byte[16], number));
        }

        @Override
        public void onRetired(RetiredEpoch epoch) throws IOException {
            assertThat(epoch.disclose()).isPresent();
            retired.add(epoch.number());
        }
    };
    private final RelayEngine engine = build(builder());

    private RelayEngineBuilder builder() {
        return RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(ThreadingMode.INVOKER)
                        .slotCount(256)
                        .build())
                .crypto(CryptoProviders.byName("sodium"))
                .clock(clock)
                .wallClock(() -> wallMs)
                .delay(DelaySampler.epochVrf(DelayDistribution.uniform(0, 1_000)))
                .onFailure(failures::add)
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        return true;
                    }
                })
                .epochs(EpochSchedule.of(LENGTH, OVERLAP), source);
    }

    private static RelayEngine build(RelayEngineBuilder builder) {
        final RelayEngine built = builder.build();
        built.start();
        return built;
    }

    @AfterEach
    void close() {
        engine.close();
        vrfKey.close();
        arena.close();
        assertThat(failures).isEmpty();
    }

    /** Lets so many seconds pass, with some rounds in each. */
    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(SECOND_NS);
            for (int round = 0; round < 5; round++) {
                engine.doWork();
            }
        }
    }

    /** Until these epochs were handed back; a retirement ends on another thread. */
    private void passUntilOver(Long... numbers) throws InterruptedException {
        final long start = System.nanoTime();
        final List<Long> over = new ArrayList<>();
        while (over.size() < numbers.length) {
            assertThat(System.nanoTime() - start).isLessThan(60 * SECOND_NS);
            engine.doWork();
            clock.advance(SECOND_NS / 100);
            final Long next = retired.poll(1, TimeUnit.MILLISECONDS);
            if (next != null) {
                over.add(next);
            }
        }
        assertThat(over).containsExactlyInAnyOrder(numbers);
    }

    /** Whether a packet for an epoch's key is delivered. */
    private boolean isDelivered(long epoch) {
        final EngineCounters before = engine.counters();
        wrapper.wrap(
                SphinxPath.toRecipient(List.of(new SphinxHop(keys.get(epoch), 0)), 1, 2),
                MemorySegment.ofArray(new byte[8]),
                packet,
                0);
        assertThat(engine.offer(PacketSource.APPLICATION, epoch, packet, 0)).isEqualTo(Offer.OK);
        do {
            clock.advance(100_000);
            engine.doWork();
        } while (engine.counters().received() == before.received()
                || engine.counters().inFlight() > 0);
        return engine.counters().delivered() > before.delivered();
    }

    @Test
    void epochsBeginAndEndByTheClockWithAnOverlap() throws InterruptedException {
        pass(1);
        assertThat(keys).containsOnlyKeys(FIRST, FIRST + 1);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST);
        pass(43);
        assertThat(isDelivered(FIRST)).isTrue();
        assertThat(isDelivered(FIRST + 1)).as("44 s: too early").isFalse();
        pass(1);
        assertThat(isDelivered(FIRST)).isTrue();
        assertThat(isDelivered(FIRST + 1)).as("45 s: a quarter ahead").isTrue();
        assertThat(engine.keyEpoch()).isEqualTo(FIRST);
        pass(14);
        assertThat(engine.keyEpoch()).as("59 s").isEqualTo(FIRST);
        pass(1);
        assertThat(engine.keyEpoch()).as("60 s").isEqualTo(FIRST + 1);
        pass(1);
        assertThat(engine.keyEpoch()).as("61 s").isEqualTo(FIRST + 1);
        assertThat(isDelivered(FIRST)).isTrue();
        assertThat(keys).containsKey(FIRST + 2);
        pass(8);
        assertThat(isDelivered(FIRST)).as("69 s").isTrue();
        pass(1);
        assertThat(isDelivered(FIRST)).as("70 s: over").isFalse();
        assertThat(isDelivered(FIRST + 1)).isTrue();
        passUntilOver(FIRST);
        pass(300);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 6);
        assertThat(engine.epochs()).hasSize(1);
        passUntilOver(FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 4, FIRST + 5);
    }

    @Test
    void aProcessThatStoodStillGoesOnWithTheEpochOfTheDay() {
        pass(1);
        clock.advance(3_600 * SECOND_NS);
        pass(70);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 61);
        assertThat(isDelivered(FIRST + 61)).isTrue();
        assertThat(keys)
                .as("no epoch of the hour between")
                .containsOnlyKeys(FIRST, FIRST + 1, FIRST + 60, FIRST + 61, FIRST + 62);
    }

    @Test
    void aJumpOfTheWallClockChangesNothing() {
        pass(1);
        wallMs += 3_600_000;
        pass(43);
        assertThat(engine.keyEpoch()).isEqualTo(FIRST);
        assertThat(isDelivered(FIRST + 1)).as("44 s: too early").isFalse();
        wallMs -= 7_200_000;
        pass(17);
        assertThat(engine.keyEpoch()).as("61 s").isEqualTo(FIRST + 1);
        assertThat(keys).containsOnlyKeys(FIRST, FIRST + 1, FIRST + 2);
    }

    @Test
    void anEpochThatCannotBeMadeIsTriedAgainLaterAndLater() {
        pass(59);
        refusals = 6;
        pass(1); // the first refusal; the next ones after 0.1, 0.2, 0.4, 0.8 and 1.6 s at the earliest
        assertThat(engine.keyEpoch()).isEqualTo(FIRST + 1);
        assertThat(refusals).isEqualTo(5);
        assertThat(engine.epochStatus().problem()).contains("a key epoch is not made: no disk");
        pass(6);
        assertThat(refusals).isZero();
        assertThat(keys).doesNotContainKey(FIRST + 2);
        pass(3);
        assertThat(keys).doesNotContainKey(FIRST + 2);
        pass(1);
        assertThat(keys).containsKey(FIRST + 2);
        assertThat(engine.epochStatus().failures()).isEqualTo(6);
        assertThat(engine.epochStatus().failure().orElseThrow()).hasMessage("no disk");
        assertThat(engine.epochStatus().problem()).isEmpty();
        assertThat(engine.epochStatus().rolls()).isOne();
    }

    /** No packet wakes its thread, and a sleep that is too long would be a late epoch. */
    @Test
    void itsThreadLooksFiftyTimesAnOverlapAndTwiceASecondAtLeast() {
        assertThat(waitNs(Duration.ofMinutes(1), Duration.ofMillis(100))).isEqualTo(2_000_000);
        assertThat(waitNs(Duration.ofMinutes(1), Duration.ofMillis(5))).isEqualTo(1_000_000);
        assertThat(waitNs(Duration.ofMinutes(1), OVERLAP)).isEqualTo(200_000_000);
        assertThat(waitNs(Duration.ofHours(1), Duration.ofMinutes(10))).isEqualTo(500_000_000);
    }

    private long waitNs(Duration length, Duration overlap) {
        try (RelayEngine other =
                builder().epochs(EpochSchedule.of(length, overlap), source).build()) {
            final Duty roller = other.parts().duties().stream()
                    .filter(duty -> duty.roleName().equals("millrace-epochs"))
                    .findFirst()
                    .orElseThrow();
            assertThat(roller.movedPackets())
                    .as("an epoch is no reason to look for more")
                    .isFalse();
            roller.doWork();
            return roller.waitNs();
        }
    }

    @Test
    void anEngineHasAFirstEpochOrASource() throws IOException {
        final RelayEngineBuilder both = builder().keyEpoch(source.make(1));
        assertThatThrownBy(both::build).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EpochSchedule.of(LENGTH, Duration.ofSeconds(16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlapMs=16000, lengthMs=60000");
    }

    @Test
    void aSourceThatMakesAnotherEpochIsRefused() {
        final RelayEngineBuilder wrong =
                builder().epochs(EpochSchedule.of(LENGTH, OVERLAP), number -> source.make(number + 1));
        assertThatThrownBy(wrong::build).hasMessageContaining("the source made another epoch");
    }
}

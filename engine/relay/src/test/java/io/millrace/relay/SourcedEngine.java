package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.test.SeededRandomness;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelaySampler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An engine that rolls its own key epochs, each of a minute with an overlap of ten seconds, and a source to be broken. */
abstract class SourcedEngine {
    static final long FIRST = 29_000_000;
    static final long SECOND_NS = 1_000_000_000;
    static final int TAGS = 50;
    static final long LONGEST_DELAY_NS = 1_000_000;
    static final EpochSchedule SCHEDULE = EpochSchedule.of(Duration.ofMinutes(1), Duration.ofSeconds(10));

    private final long liveBytes = TrackedArena.liveBytes();
    final SeededRandomness randomness = new SeededRandomness(new SplittableRandom(1));
    final VirtualClock clock = new VirtualClock(0);
    final Map<Long, RelayPublicKey> keys = new HashMap<>();
    final List<Throwable> told = new ArrayList<>();
    final List<Long> retired = new ArrayList<>();
    private Arena arena;
    SphinxWrapper wrapper;
    MemorySegment packet;
    RelayEngine engine;

    /** Makes good epochs; a test overrides the methods that it breaks. */
    class Source implements EpochSource {
        @Override
        public SphinxEpoch make(long number) throws IOException {
            return epoch(number, new RelaySphinxKey(SecretKey.generate(randomness)));
        }

        @Override
        public void onRetired(RetiredEpoch epoch) throws IOException {
            retired.add(epoch.number());
            epoch.erase();
        }

        @Override
        public void onFailure(Throwable failure) {
            told.add(failure);
        }
    }

    @BeforeEach
    void open() {
        arena = TrackedArena.shared();
        wrapper = new SphinxWrapper(arena, CryptoProviders.byName("sodium"), randomness, SphinxGeometry.MR1, 1);
        packet = arena.allocate(SphinxGeometry.MR1.packetLength() + SphinxGeometry.SPILL_LENGTH, 64);
    }

    @AfterEach
    void allMemoryIsBack() {
        if (engine != null) {
            assertThat(engine.state()).isIn(EngineState.RUNNING, EngineState.CLOSED);
            engine.close();
        }
        arena.close();
        final long start = System.nanoTime();
        while (TrackedArena.liveBytes() != liveBytes) { // a retirement ends on another thread
            assertThat(System.nanoTime() - start)
                    .as("live native bytes=%d, before=%d", TrackedArena.liveBytes(), liveBytes)
                    .isLessThan(30 * SECOND_NS);
        }
    }

    SphinxEpoch epoch(long number, RelaySphinxKey key) {
        keys.put(number, RelayPublicKey.copyOf(key.publicKey()));
        return new SphinxEpoch(number, key, ReplaySet.create(TAGS, randomness));
    }

    RelayEngineBuilder builder(EpochSource source) {
        return RelayEngine.builder()
                .config(EngineConfig.builder()
                        .threading(ThreadingMode.INVOKER)
                        .slotCount(256)
                        .build())
                .crypto(CryptoProviders.byName("sodium"))
                .clock(clock)
                .wallClock(() -> SCHEDULE.startMs(FIRST))
                .delay(DelaySampler.sender(LONGEST_DELAY_NS))
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        return true;
                    }
                })
                .epochs(SCHEDULE, source);
    }

    void start(RelayEngineBuilder builder) {
        engine = builder.build();
        engine.start();
    }

    void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(SECOND_NS);
            for (int round = 0; round < 5; round++) {
                engine.doWork();
            }
        }
    }

    void passUntil(BooleanSupplier holds) {
        final long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(30 * SECOND_NS);
            clock.advance(SECOND_NS / 5);
            engine.doWork();
            Thread.onSpinWait(); // a retirement ends on another thread
        }
    }

    /** What becomes of a packet for an epoch's key, sent now. */
    Verdict end(long epoch) {
        final EngineCounters before = engine.counters();
        wrapper.wrap(
                SphinxPath.toRecipient(List.of(new SphinxHop(keys.get(epoch), 0)), 1, 2),
                MemorySegment.ofArray(new byte[8]),
                packet,
                0);
        assertThat(engine.offer(PacketSource.APPLICATION, epoch, packet, 0)).isEqualTo(Offer.OK);
        do {
            clock.advance(1_000);
            engine.doWork();
        } while (engine.counters().received() == before.received()
                || engine.counters().inFlight() > 0);
        return engine.counters().delivered() > before.delivered()
                ? Verdict.DELIVERED
                : engine.counters().dropped().entrySet().stream()
                        .filter(each -> each.getValue() > before.dropped().getOrDefault(each.getKey(), 0L))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
    }

    void fill(long epoch, int tags) {
        for (int i = 0; i < tags; i++) {
            assertThat(end(epoch)).isEqualTo(Verdict.DELIVERED);
        }
    }
}

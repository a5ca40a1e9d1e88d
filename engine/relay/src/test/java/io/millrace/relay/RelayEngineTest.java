package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.packet.Latency;
import io.millrace.relay.packet.Verdict;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole engine on its real threads: every packet ends once, in every threading mode, and nothing is left behind. */
class RelayEngineTest {
    private static final long SEED = 20_260_101;
    private static final Duration LONG = Duration.ofSeconds(60);

    private long liveBytes;

    @BeforeEach
    void rememberLiveBytes() {
        liveBytes = TrackedArena.liveBytes();
    }

    @AfterEach
    void allMemoryIsBack() {
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void givesEveryPacketItsVerdict(ThreadingMode mode) {
        try (EngineUnderTest test = new EngineUnderTest(config(mode).build(), SEED, 1_000)) {
            test.engine.start();
            byte[] last = null;
            for (int i = 0; i < 50; i++) {
                last = test.packetFor(EngineUnderTest.FIRST);
                test.inbound.add(test.seal(last));
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.SECOND)));
                test.inbound.add(test.seal(test.packetForRelay()));
            }
            final byte[] frame = test.seal(test.packetForStranger());
            test.inbound.add(frame);
            test.inbound.add(frame.clone());
            test.inbound.add(test.seal(last));
            test.inbound.add(new byte[100]);
            test.inbound.add(new byte[3_000]);
            test.inbound.add(flipped(test.seal(test.packetForRelay()), 500));
            test.inbound.add(test.seal(flipped(test.packetForRelay(), 32)));
            test.inbound.add(test.seal(flipped(test.packetForRelay(), 31)));
            test.inbound.add(test.seal(flipped(test.packetForRelay(), 2_000)));
            awaitReceived(test, 159);

            assertThat(test.engine.stop(LONG)).isTrue();
            final EngineCounters counters = test.engine.counters();
            assertThat(counters.conserved()).isTrue();
            assertThat(counters.received()).isEqualTo(159);
            assertThat(counters.forwarded()).isEqualTo(100);
            assertThat(counters.delivered()).isEqualTo(50);
            assertThat(counters.inFlight()).isZero();
            assertThat(counters.dropped())
                    .isEqualTo(Map.of(
                            Verdict.UNKNOWN_NEXT_HOP, 1L,
                            Verdict.LINK_REPLAY, 1L,
                            Verdict.REPLAY, 1L,
                            Verdict.BAD_LENGTH, 2L,
                            Verdict.BAD_TAG, 1L,
                            Verdict.BAD_MAC, 1L,
                            Verdict.BAD_GROUP_ELEMENT, 1L,
                            Verdict.BAD_PAYLOAD, 1L));
            assertThat(test.taken[EngineUnderTest.FIRST]).hasValue(50);
            assertThat(test.taken[EngineUnderTest.SECOND]).hasValue(50);
            assertThat(test.engine.histogram(Latency.RELAY).getTotalCount()).isEqualTo(150);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void countersAreConservedWheneverTheyAreRead(ThreadingMode mode) {
        try (EngineUnderTest test = new EngineUnderTest(config(mode).build(), SEED, 10_000)) {
            for (int i = 0; i < 2_000; i++) {
                test.inbound.add(test.seal(i % 3 == 0 ? test.packetForRelay() : flipped(test.packetForRelay(), 100)));
            }
            test.engine.start();
            EngineCounters counters;
            do {
                counters = test.engine.counters();
                assertThat(counters.conserved()).as(counters.toString()).isTrue();
            } while (counters.received() < 2_000 || counters.inFlight() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void dropsWhatIsInsideWhenStoppedAtOnce(ThreadingMode mode) {
        try (EngineUnderTest test = new EngineUnderTest(config(mode).build(), SEED, 1_000)) {
            for (int i = 0; i < 200; i++) {
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            }
            test.stalledPeer = EngineUnderTest.FIRST;
            test.engine.start();
            awaitReceived(test, 64);

            assertThat(test.engine.stop(Duration.ZERO)).isFalse();
            final EngineCounters counters = test.engine.counters();
            assertThat(counters.conserved()).isTrue();
            assertThat(counters.inFlight()).isZero();
            assertThat(counters.dropped()).containsKey(Verdict.SHUTDOWN);
            assertThat(test.engine.offer(MemorySegment.ofArray(new byte[2_048]), 0))
                    .isEqualTo(Offer.CLOSED);
        }
    }

    @Test
    void allocatesNothingPerPacketThoughItsFiguresAreRead() {
        final int warmUp = 6_000;
        final int measured = 2_000;
        final int rounds = 6; // where other programs keep the compiler waiting, the warm-up alone is too short
        try (EngineUnderTest test =
                // Small batches, so that the warm-up makes calls enough for all of the path to be compiled.
                new EngineUnderTest(
                        config(ThreadingMode.SPLIT).batchLimit(8).build(), SEED, warmUp + rounds * measured)) {
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            test.engine.start();
            final long engineThread = test.engine.threads().stream()
                    .filter(thread -> thread.getName().equals("millrace-engine"))
                    .findFirst()
                    .orElseThrow()
                    .threadId();
            final List<byte[]> frames = new ArrayList<>();
            seal(test, frames, warmUp);
            feed(test, frames, 0, warmUp);
            double least = Double.MAX_VALUE;
            for (int round = 0; round < rounds && least >= 1; round++) {
                final int from = frames.size();
                seal(test, frames, measured);
                final long before = threads.getThreadAllocatedBytes(engineThread);
                for (Latency stage : Latency.values()) {
                    test.engine.histogram(stage);
                }
                assertThat(test.engine.occupancy().replayTags().used()).isEqualTo(from);
                feed(test, frames, from, from + measured);
                final long allocated = threads.getThreadAllocatedBytes(engineThread) - before;
                least = Math.min(least, (double) allocated / measured);
            }

            assertThat(test.engine.counters().droppedTotal()).isZero();
            assertThat(least).as("bytes per packet").isLessThan(1);
        }
    }

    @Test
    void refusesToStartTwiceAndAPeerThatIsNone() {
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SHARED).build(), SEED, 10)) {
            test.engine.start();
            assertThatThrownBy(test.engine::start).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> test.engine.originate(3, MemorySegment.ofArray(new byte[2_048]), 0))
                    .hasMessage("no such peer: peer=3");
        }
    }

    private static EngineConfig.Builder config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(4_096)
                .maxDelay(Duration.ofMillis(10));
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= (byte) 0x80;
        return bytes;
    }

    private static void awaitReceived(EngineUnderTest test, long count) {
        while (test.engine.counters().received() < count) {
            failIfBroken(test);
        }
    }

    private static void awaitEnded(EngineUnderTest test, long count) {
        while (test.engine.counters().received() < count
                || test.engine.counters().inFlight() > 0) {
            failIfBroken(test);
        }
    }

    private static void seal(EngineUnderTest test, List<byte[]> frames, int count) {
        for (int i = 0; i < count; i++) {
            frames.add(test.seal(i % 2 == 0 ? test.packetForRelay() : test.packetFor(EngineUnderTest.FIRST)));
        }
    }

    /** In portions that fit into the engine, since a full one drops. */
    private static void feed(EngineUnderTest test, List<byte[]> frames, int from, int to) {
        final int portion = 500;
        for (int at = from; at < to; at += portion) {
            test.inbound.addAll(frames.subList(at, Math.min(to, at + portion)));
            awaitEnded(test, Math.min(to, at + portion));
        }
    }

    private static void failIfBroken(EngineUnderTest test) {
        assertThat(test.engine.failure()).isEmpty();
        Thread.onSpinWait();
    }
}

package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Verdict;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxProfile;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One engine serves packets of both wire profiles; the key epoch in the link frame tells which. */
class MixedProfilesTest {
    private static final long SEED = 20261130;
    private static final long BLINDED = 1;
    private static final long KEM = 2;

    private long liveBytesBefore;

    @BeforeEach
    void measure() {
        liveBytesBefore = TrackedArena.liveBytes();
    }

    @AfterEach
    void nothingLeaks() {
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    @ParameterizedTest
    @EnumSource
    void packetsOfBothProfilesInOneBatchAreServedEachUnderItsEpoch(ThreadingMode mode) {
        try (EngineUnderTest test = engine(mode)) {
            final List<byte[]> sealed = new ArrayList<>();
            for (int i = 0; i < 21; i++) {
                final long epoch = i % 3 == 0 ? KEM : BLINDED;
                sealed.add(test.seal(
                        i % 2 == 0 ? test.packetForRelay(epoch) : test.packetFor(EngineUnderTest.FIRST, epoch), epoch));
            }
            test.inbound.addAll(sealed);

            awaitEnd(test, 21);

            assertThat(test.engine.counters().dropped()).isEmpty();
            assertThat(test.delivered.get()).isEqualTo(11);
            assertThat(test.engine.counters().conserved()).isTrue();
            assertThat(test.engine.epochs()).extracting(EpochReport::tags).containsExactly(14L, 7L);
        }
    }

    /** The profile of a packet is that of the epoch in its frame; the other one does not read it. */
    @ParameterizedTest
    @EnumSource
    void aPacketUnderAnEpochOfTheOtherProfileIsABadMac(ThreadingMode mode) {
        try (EngineUnderTest test = engine(mode)) {
            test.inbound.add(test.seal(test.packetForRelay(KEM), BLINDED));
            test.inbound.add(test.seal(test.packetForRelay(BLINDED), KEM));
            test.inbound.add(test.seal(test.packetForRelay(KEM), KEM));

            awaitEnd(test, 3);

            assertThat(dropped(test, Verdict.BAD_MAC)).isEqualTo(2);
            assertThat(test.delivered.get()).isOne();
            assertThat(test.engine.epochs()).extracting(EpochReport::tags).containsExactly(0L, 1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplayOfEitherProfileIsDroppedInABatchOfBoth(ThreadingMode mode) {
        try (EngineUnderTest test = engine(mode)) {
            final byte[] blinded = test.packetForRelay(BLINDED);
            final byte[] kem = test.packetForRelay(KEM);
            for (int i = 0; i < 3; i++) {
                test.inbound.add(test.seal(kem, KEM));
                test.inbound.add(test.seal(blinded, BLINDED));
            }

            awaitEnd(test, 6);

            assertThat(dropped(test, Verdict.REPLAY)).isEqualTo(4);
            assertThat(test.delivered.get()).isEqualTo(2);
            assertThat(test.engine.counters().conserved()).isTrue();
        }
    }

    @Test
    void reportsNameTheProfile() {
        try (EngineUnderTest test = engine(ThreadingMode.INVOKER)) {
            assertThat(test.engine.epochs())
                    .extracting(EpochReport::profile)
                    .containsExactly(SphinxProfile.MR1, SphinxProfile.MR2);
        }
    }

    @Test
    void anEpochOfAProfileThatTheGeometryHasNotIsRefused() {
        try (EngineUnderTest test = new EngineUnderTest(
                config(ThreadingMode.INVOKER),
                SEED,
                1_000,
                builder -> builder.geometry(new SphinxGeometry(SphinxProfile.MR1, 18, 32, 1088)))) {
            final SphinxEpoch refused = test.epoch(KEM, SphinxProfile.MR2);
            assertThatThrownBy(() -> test.engine.acceptKeyEpoch(refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no packets of the key's profile: number=2, profile=mr2");
            refused.discard();
        }
    }

    /**
     * JIT compilation and the test itself allocate, so the least of several rounds counts: a stage that allocates does so in
     * all of them.
     */
    @Test
    void mixedBatchesAllocateNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        try (EngineUnderTest test = engine(ThreadingMode.INVOKER)) {
            long mixed = Long.MAX_VALUE;
            long plain = Long.MAX_VALUE;
            for (int round = 0; round < 30; round++) {
                mixed = Math.min(mixed, allocated(test, threads, thread, true));
                plain = Math.min(plain, allocated(test, threads, thread, false));
            }
            // The carrier of the test allocates for each frame; a mixed batch no more than one of a single profile.
            assertThat(mixed).isLessThanOrEqualTo(plain);
        }
    }

    private static long allocated(EngineUnderTest test, ThreadMXBean threads, long thread, boolean mixed) {
        for (int i = 0; i < 16; i++) {
            final long epoch = mixed && i % 2 == 0 ? KEM : BLINDED;
            test.inbound.add(test.seal(test.packetForRelay(epoch), epoch));
        }
        final long expected = test.delivered.get() + 16;
        final long before = threads.getThreadAllocatedBytes(thread);
        while (test.delivered.get() < expected) {
            test.step();
        }
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    /** Until all packets have ended somehow: a wrong end fails at once, and not by the time that a right one takes. */
    private static void awaitEnd(EngineUnderTest test, int packets) {
        test.awaitSteps(() -> test.engine.counters().received() == packets
                && test.engine.counters().inFlight() == 0);
    }

    private static long dropped(EngineUnderTest test, Verdict verdict) {
        return test.engine.counters().dropped().getOrDefault(verdict, 0L);
    }

    private static EngineUnderTest engine(ThreadingMode mode) {
        final EngineUnderTest test = new EngineUnderTest(config(mode), SEED, 1_000);
        test.engine.open();
        test.engine.acceptKeyEpoch(test.epoch(KEM, SphinxProfile.MR2));
        return test;
    }

    private static EngineConfig config(ThreadingMode mode) {
        return EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(256)
                .ringSize(64)
                .tick(Duration.ofNanos(10_000))
                .maxDelay(Duration.ofMillis(2))
                .build();
    }
}

package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelaySamplerTest {
    private static final long SEED = 9381;
    private static final long MEAN_NS = 1_000_000;
    private static final long CAP_NS = 10_000_000;
    private static final DelayDistribution EXPONENTIAL = DelayDistribution.exponential(MEAN_NS, CAP_NS);
    private static final byte[] RELAY_ID = "relay-id-16bytes".getBytes(StandardCharsets.US_ASCII);

    private long liveBytesBefore;
    private EcvrfSecretKey key;

    @BeforeEach
    void makeKey() {
        liveBytesBefore = TrackedArena.liveBytes();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment seed = arena.allocate(EcvrfSuite.SEED_LENGTH);
            seed.fill((byte) 7);
            key = EcvrfSecretKey.fromSeed(seed);
        }
    }

    @AfterEach
    void nothingLeaks() {
        key.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    @Test
    void takesTheSendersDelayUpToTheMaximumAndRefusesMore() {
        try (DelaySampler sampler = DelaySampler.sender(CAP_NS)) {
            assertThat(sampler.delayNs(1, 2, 0, null)).isZero();
            assertThat(sampler.delayNs(1, 2, CAP_NS, null)).isEqualTo(CAP_NS);
            assertThat(sampler.delayNs(1, 2, CAP_NS + 1, null)).isEqualTo(DelaySampler.EXCEEDS_MAXIMUM);
            assertThat(sampler.delayNs(1, 2, Long.MAX_VALUE, null)).isEqualTo(DelaySampler.EXCEEDS_MAXIMUM);
            assertThat(sampler.delayNs(1, 2, -1, null)).isEqualTo(DelaySampler.EXCEEDS_MAXIMUM);
            assertThat(sampler.delayNs(1, 2, Long.MIN_VALUE, null)).isEqualTo(DelaySampler.EXCEEDS_MAXIMUM);
            assertThat(sampler.maxNs()).isEqualTo(CAP_NS);
        }
    }

    @Test
    void epochDelaysFollowTheDistribution() {
        final SplittableRandom random = new SplittableRandom(SEED);
        try (DelaySampler sampler = DelaySampler.epochVrf(EXPONENTIAL);
                DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, 1)) {
            KolmogorovSmirnov.assertFollows(
                    100_000,
                    () -> sampler.delayNs(random.nextLong(), random.nextLong(), 0, epoch),
                    KolmogorovSmirnov.exponential(MEAN_NS, CAP_NS));
        }
    }

    @Test
    void epochDelaysOfConsecutiveTagsFollowTheDistribution() {
        final DelayDistribution uniform = DelayDistribution.uniform(1_000, 5_000_000);
        final long[] next = {SEED};
        try (DelaySampler sampler = DelaySampler.epochVrf(uniform);
                DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, 2)) {
            KolmogorovSmirnov.assertFollows(
                    100_000,
                    () -> sampler.delayNs(next[0]++, 0, 0, epoch),
                    KolmogorovSmirnov.uniform(1_000, 5_000_000));
        }
    }

    @Test
    void theDelaysOfOnePacketOverTheEpochsFollowTheDistribution() {
        final long[] number = {0};
        KolmogorovSmirnov.assertFollows(
                500,
                () -> {
                    try (DelaySampler sampler = DelaySampler.epochVrf(EXPONENTIAL);
                            DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, number[0]++)) {
                        return sampler.delayNs(1, 2, 0, epoch);
                    }
                },
                KolmogorovSmirnov.exponential(MEAN_NS, CAP_NS));
    }

    @Test
    void packetDelaysFollowTheDistribution() {
        final SplittableRandom random = new SplittableRandom(SEED);
        try (DelaySampler sampler = DelaySampler.packetVrf(EXPONENTIAL, key)) {
            KolmogorovSmirnov.assertFollows(
                    4_000,
                    () -> sampler.delayNs(random.nextLong(), random.nextLong(), 0, null),
                    KolmogorovSmirnov.exponential(MEAN_NS, CAP_NS));
        }
    }

    @Test
    void theDelayDependsOnEveryBitOfTheTagAndNotOnTheSendersField() {
        try (DelaySampler ofEpoch = DelaySampler.epochVrf(EXPONENTIAL);
                DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, 3);
                DelaySampler ofPacket = DelaySampler.packetVrf(EXPONENTIAL, key)) {
            for (DelaySampler sampler : new DelaySampler[] {ofEpoch, ofPacket}) {
                final long delay = sampler.delayNs(5, 6, 0, epoch);
                assertThat(sampler.delayNs(5, 6, 12345, epoch)).isEqualTo(delay);
                for (int bit = 0; bit < 64; bit++) {
                    assertThat(sampler.delayNs(5 ^ 1L << bit, 6, 0, epoch)).isNotEqualTo(delay);
                    assertThat(sampler.delayNs(5, 6 ^ 1L << bit, 0, epoch)).isNotEqualTo(delay);
                }
                assertThat(sampler.delayNs(5, 6, 0, epoch)).isEqualTo(delay);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothingPerPacket(DelayPolicy policy) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (DelaySampler sampler = sampler(policy);
                DelayEpoch epoch = DelayEpoch.prepare(key, RELAY_ID, 1)) {
            long tag = 0;
            long sum = 0;
            for (int i = 0; i < 3_000; i++) {
                sum += sampler.delayNs(tag++, tag, 77, epoch);
            }
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                sum += sampler.delayNs(tag++, tag, 77, epoch);
            }
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(sum).isPositive();
            assertThat(allocated).isLessThan(1_000); // below one byte per packet: the counter itself may allocate
        }
    }

    @ParameterizedTest
    @EnumSource
    void policiesHaveNamesForTheCommandLine(DelayPolicy policy) {
        assertThat(DelayPolicy.byLabel(policy.label())).isEqualTo(policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SENDER", "epoch"})
    void refusesUnknownPolicies(String label) {
        assertThatThrownBy(() -> DelayPolicy.byLabel(label)).isInstanceOf(IllegalArgumentException.class);
    }

    private DelaySampler sampler(DelayPolicy policy) {
        return switch (policy) {
            case SENDER -> DelaySampler.sender(CAP_NS);
            case EPOCH_VRF -> DelaySampler.epochVrf(EXPONENTIAL);
            case PACKET_VRF -> DelaySampler.packetVrf(EXPONENTIAL, key);
        };
    }
}

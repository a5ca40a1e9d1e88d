package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delays in batches are the delays one by one, for every policy, provider and count. */
class DelayDrawsTest {
    private static final long SEED = 9381;
    private static final long CAP_NS = 10_000_000;
    private static final int LIMIT = 35;
    private static final byte[] RELAY_ID = new byte[16];
    private static final DelayDistribution EXPONENTIAL = DelayDistribution.exponential(1_000_000, CAP_NS);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final BatchCrypto auto = CryptoProviders.byName("auto");
    private long liveBytesBefore;
    private EcvrfSecretKey key;
    private DelayEpoch epoch;

    @BeforeEach
    void makeKey() {
        liveBytesBefore = TrackedArena.liveBytes();
        try (SecretKey seed = SecretKey.generate(segment -> segment.fill((byte) 7))) {
            key = EcvrfSecretKey.fromSeed(seed.segment());
        }
        epoch = DelayEpoch.prepare(key, RELAY_ID, 1);
    }

    @AfterEach
    void nothingLeaks() {
        epoch.close();
        key.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    static Stream<Arguments> policiesAndProviders() {
        return Stream.of(DelayPolicy.values())
                .flatMap(policy -> Stream.of("sodium", "auto").map(provider -> Arguments.of(policy, provider)));
    }

    @ParameterizedTest
    @MethodSource("policiesAndProviders")
    void aBatchGivesTheDelaysOfItsPackets(DelayPolicy policy, String provider) {
        try (DelaySampler one = sampler(policy);
                DelaySampler many = sampler(policy)) {
            final DelayDraws draws = many.draws(CryptoProviders.byName(provider), LIMIT);
            for (int count : new int[] {0, 1, 2, 7, 8, 9, 16, 17, LIMIT, 3}) {
                assertSameDelays(one, draws, count, epoch);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sodium", "auto"})
    void thePacketsOfABatchMayBeOfSeveralEpochs(String provider) {
        try (DelaySampler one = sampler(DelayPolicy.EPOCH_VRF);
                DelaySampler many = sampler(DelayPolicy.EPOCH_VRF);
                DelayEpoch second = DelayEpoch.prepare(key, RELAY_ID, 2);
                DelayEpoch third = DelayEpoch.prepare(key, RELAY_ID, 3)) {
            final DelayDraws draws = many.draws(CryptoProviders.byName(provider), LIMIT);
            for (int count : new int[] {2, 9, LIMIT, 3}) {
                assertSameDelays(one, draws, count, epoch, second, third);
            }
            assertThat(one.delayNs(1, 2, 0, second)).isNotEqualTo(one.delayNs(1, 2, 0, third));
        }
    }

    @Test
    void refusesTheSendersDelayAboveTheMaximumInItsPlaceOnly() {
        try (DelaySampler sampler = sampler(DelayPolicy.SENDER)) {
            final DelayDraws draws = sampler.draws(auto, 3);
            draws.add(1, 2, CAP_NS, null);
            draws.add(1, 2, -1, null);
            draws.add(1, 2, 5, null);
            draws.draw();

            assertThat(draws.delayNs(0)).isEqualTo(CAP_NS);
            assertThat(draws.delayNs(1)).isEqualTo(DelaySampler.EXCEEDS_MAXIMUM);
            assertThat(draws.delayNs(2)).isEqualTo(5);
        }
    }

    @Test
    void belongsToOneEngineAndHasALimit() {
        try (DelaySampler sampler = sampler(DelayPolicy.SENDER)) {
            assertThatIllegalArgumentException().isThrownBy(() -> sampler.draws(auto, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> sampler.draws(auto, BatchCrypto.MAX_BATCH + 1));
            sampler.draws(auto, 1);
            assertThatIllegalStateException().isThrownBy(() -> sampler.draws(auto, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothingPerPacket(DelayPolicy policy) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (DelaySampler sampler = sampler(policy)) {
            final DelayDraws draws = sampler.draws(auto, LIMIT);
            long sum = drawBatches(draws, 300);
            final long before = threads.getCurrentThreadAllocatedBytes();
            sum += drawBatches(draws, 100);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(sum).isPositive();
            assertThat(allocated).isLessThan(100 * LIMIT); // below one byte per packet
        }
    }

    private long drawBatches(DelayDraws draws, int batches) {
        long sum = 0;
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < LIMIT; i++) {
                draws.add(random.nextLong(), batch, 77, epoch);
            }
            draws.draw();
            sum += draws.delayNs(batch % LIMIT);
            draws.clear();
        }
        return sum;
    }

    private void assertSameDelays(DelaySampler one, DelayDraws draws, int count, DelayEpoch... epochs) {
        final long[] expected = new long[count];
        for (int i = 0; i < count; i++) {
            final long low = random.nextLong();
            final long high = random.nextLong();
            final long wanted = random.nextLong(2 * CAP_NS);
            final DelayEpoch of = epochs[random.nextInt(epochs.length)];
            expected[i] = one.delayNs(low, high, wanted, of);
            draws.add(low, high, wanted, of);
        }
        assertThat(draws.count()).isEqualTo(count);
        draws.draw();
        for (int i = 0; i < count; i++) {
            assertThat(draws.delayNs(i))
                    .as("seed %d, packet %d of %d", SEED, i, count)
                    .isEqualTo(expected[i]);
        }
        draws.clear();
    }

    private DelaySampler sampler(DelayPolicy policy) {
        return switch (policy) {
            case SENDER -> DelaySampler.sender(CAP_NS);
            case EPOCH_VRF -> DelaySampler.epochVrf(EXPONENTIAL);
            case PACKET_VRF -> DelaySampler.packetVrf(EXPONENTIAL, key);
        };
    }
}

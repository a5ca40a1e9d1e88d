package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayDraws;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of the delays of a batch of packets, by provider and by number of packets.
 *
 * <p>Question: what does a VRF per packet cost the gate, and what does a batch save? The score is a whole batch: divide
 * by {@code count}. Baseline: {@link DelaySamplerBenchmark}, one packet at a time. Expected for {@code sodium}:
 * proportional to {@code count}; for {@code lanes} a staircase of eight. 0 B/op under {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class DelayDrawsBenchmark {
    /** Name of the provider. */
    @Param("sodium")
    public String provider;

    /** Source of the delays. */
    @Param({"EPOCH_VRF", "PACKET_VRF"})
    public DelayPolicy policy;

    /** Packets in a batch. */
    @Param({"1", "8", "16", "64"})
    public int count;

    private EcvrfSecretKey key;
    private DelaySampler sampler;
    private DelayEpoch epoch;
    private DelayDraws draws;
    private long tag;

    /** Makes a sampler with the key of one epoch. */
    @Setup
    public void setUp() {
        try (SecretKey seed = SecretKey.generate(segment -> segment.fill((byte) 9))) {
            key = EcvrfSecretKey.fromSeed(seed.segment());
        }
        final DelayDistribution delays = DelayDistribution.parse("exponential(1ms,10ms)");
        sampler =
                policy == DelayPolicy.PACKET_VRF ? DelaySampler.packetVrf(delays, key) : DelaySampler.epochVrf(delays);
        epoch = DelayEpoch.prepare(key, new byte[16], 1);
        draws = sampler.draws(CryptoProviders.byName(provider), count);
    }

    /** Wipes the keys. */
    @TearDown
    public void tearDown() {
        sampler.close();
        epoch.close();
        key.close();
    }

    /** One batch. */
    @Benchmark
    public long draw() {
        for (int i = 0; i < count; i++) {
            tag += 0x9e3779b97f4a7c15L;
            draws.add(tag, ~tag, 0, epoch);
        }
        draws.draw();
        final long last = draws.delayNs(count - 1);
        draws.clear();
        return last;
    }
}

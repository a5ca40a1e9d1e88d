package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.vrf.DelayDistribution;
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
 * Cost of a packet's delay under each policy.
 *
 * <p>Question: what does a verifiable delay cost the gate? {@code SENDER}, a comparison, is the baseline. Expected:
 * {@code EPOCH_VRF} a few hundred nanoseconds (two compressions of BLAKE2b and a logarithm), {@code PACKET_VRF} a
 * hundred microseconds (a scalar multiplication). {@code distribution} is the share of the mapping alone. Run with
 * {@code -prof gc}: expected {@code gc.alloc.rate.norm} is 0 B/op.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class DelaySamplerBenchmark {
    /** Who draws the delay. */
    @Param({"SENDER", "EPOCH_VRF", "PACKET_VRF"})
    DelayPolicy policy;

    /** Distribution that it is drawn from. */
    @Param({"exponential(1ms,10ms)", "uniform(0ns,5ms)"})
    String distribution;

    private EcvrfSecretKey key;
    private DelayDistribution delays;
    private DelaySampler sampler;
    private DelayEpoch epoch;
    private long tag;

    /** Makes a sampler with the key of one epoch. */
    @Setup
    public void setUp() {
        try (SecretKey seed = SecretKey.generate(segment -> segment.fill((byte) 9))) {
            key = EcvrfSecretKey.fromSeed(seed.segment());
        }
        delays = DelayDistribution.parse(distribution);
        epoch = DelayEpoch.prepare(key, new byte[16], 1);
        sampler = switch (policy) {
            case SENDER -> DelaySampler.sender(delays.maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(delays);
            case PACKET_VRF -> DelaySampler.packetVrf(delays, key);
        };
    }

    /** Wipes the keys. */
    @TearDown
    public void tearDown() {
        sampler.close();
        epoch.close();
        key.close();
    }

    /** One packet. */
    @Benchmark
    public long delay() {
        tag += 0x9e3779b97f4a7c15L;
        return sampler.delayNs(tag, ~tag, tag & 0xfffff, epoch);
    }

    /** The map from bits to nanoseconds alone. */
    @Benchmark
    public long distribution() {
        tag += 0x9e3779b97f4a7c15L;
        return delays.delayNs(tag);
    }
}

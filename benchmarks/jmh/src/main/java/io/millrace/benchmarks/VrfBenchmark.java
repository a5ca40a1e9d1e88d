package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519Keys;
import io.millrace.vrf.EcvrfProver;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EcvrfSuite;
import io.millrace.vrf.EcvrfVerifier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * Cost of ECVRF over edwards25519, per suite.
 *
 * <p>Question: what does a proof cost against a bare output, and the suites against each other? The baseline is one
 * X25519, a ladder. libsodium's multiplication checks that the point is in the prime-order subgroup, which costs about
 * as much as multiplying: expect {@code gamma} and {@code output} at 3 to 4 ladders, {@code prove} at about twice that
 * and {@code verify} above it. TAI depends on the input: this one needs no second try. Run with {@code -prof gc}:
 * expected {@code gc.alloc.rate.norm} of {@code gamma} and {@code output} is 0 B/op.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class VrfBenchmark {
    /** How inputs become points. */
    @Param({"TAI", "ELL2"})
    EcvrfSuite suite;

    private Arena arena;
    private EcvrfSecretKey key;
    private EcvrfProver prover;
    private EcvrfVerifier verifier;
    private MemorySegment vrfInput;
    private MemorySegment vrfGamma;
    private MemorySegment vrfOutput;
    private MemorySegment pi;
    private MemorySegment scalar;
    private MemorySegment point;
    private MemorySegment product;

    /** Makes a key and a valid proof. */
    @Setup
    public void setUp() {
        arena = Arena.ofShared();
        try (SecretKey seed = SecretKey.generate(segment -> segment.fill((byte) 9))) {
            key = EcvrfSecretKey.fromSeed(seed.segment());
        }
        prover = new EcvrfProver(suite, key);
        verifier = new EcvrfVerifier(suite);
        vrfInput = arena.allocate(40);
        vrfGamma = arena.allocate(EcvrfSuite.GAMMA_LENGTH);
        vrfOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH);
        pi = arena.allocate(EcvrfSuite.PI_LENGTH);
        scalar = arena.allocate(X25519Keys.LENGTH).fill((byte) 3);
        point = arena.allocate(X25519Keys.LENGTH);
        product = arena.allocate(X25519Keys.LENGTH);
        X25519Keys.publicKey(point, scalar);
        prover.prove(pi, vrfInput);
        if (!verify()) {
            throw new IllegalStateException("the proof is not valid");
        }
    }

    /** Wipes the key and frees the memory. */
    @TearDown
    public void tearDown() {
        prover.close();
        verifier.close();
        key.close();
        arena.close();
    }

    /** Baseline: one ladder. */
    @Benchmark
    public boolean ladder() {
        return X25519Keys.sharedSecret(product, scalar, point);
    }

    /** vrfGamma alone. */
    @Benchmark
    public MemorySegment gamma() {
        prover.gamma(vrfGamma, vrfInput);
        return vrfGamma;
    }

    /** The output without a proof: what PACKET_VRF does per packet. */
    @Benchmark
    public MemorySegment output() {
        prover.output(vrfOutput, vrfInput);
        return vrfOutput;
    }

    /** A proof. */
    @Benchmark
    public MemorySegment prove() {
        prover.prove(pi, vrfInput);
        return pi;
    }

    /** Verification of a valid proof, with key validation. */
    @Benchmark
    public boolean verify() {
        return verifier.verify(vrfOutput, key.publicKey(), vrfInput, pi);
    }
}

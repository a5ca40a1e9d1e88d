package io.millrace.benchmarks;

import io.millrace.crdt.Draft;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecureRandomness;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
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
 * Cost of the parts of one signed operation.
 *
 * <p>Question: how much does an operation cost in addition to its signature, and from how many changes under one signature
 * on does the signature no longer matter? The baseline is {@code verify}. Expect {@code decode} to grow with the number of
 * changes, {@code duplicate} to be little above it, since a known operation is refused before its signature is looked
 * at, and {@code verify} to be the same for any number. {@code bench twin} has the curve over the size of a map.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class TwinBenchmark {
    /** Changes under one signature. */
    @Param({"1", "16", "256"})
    int changes;

    private Ed25519KeyPair key;
    private Replica replica;
    private OperationCodec codec;
    private OperationVerifier verifier;
    private SignedOperation operation;
    private byte[] encoded;

    /** Signs one operation. */
    @Setup
    public void setUp() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            key = Ed25519KeyPair.fromSeed(arena.allocate(32).fill((byte) 9));
        }
        final ActorId actor = ActorId.read(key.publicKey(), 0);
        codec = new OperationCodec();
        verifier = new OperationVerifier();
        replica = Replica.open(
                new TwinId(1, 2),
                ActorRegistry.of(Map.of(actor, "actor")),
                new HybridClock(System::currentTimeMillis, 1000),
                new MemoryLog(),
                ReplicaLimits.DEFAULT,
                new SecureRandomness());
        final Draft draft = replica.draft(actor);
        for (int i = 0; i < changes; i++) {
            draft.set("key " + i, Value.of("value " + i));
        }
        operation = replica.issue(key, draft);
        encoded = codec.encode(operation);
    }

    /** Frees the memory. */
    @TearDown
    public void tearDown() {
        replica.close();
        codec.close();
        verifier.close();
        key.close();
    }

    /** Baseline: the signature alone. */
    @Benchmark
    public boolean verify() {
        return verifier.verify(operation);
    }

    /** Decoding and hashing the header. */
    @Benchmark
    public Optional<SignedOperation> decode() {
        return codec.decode(encoded);
    }

    /** An operation that is known. */
    @Benchmark
    public OperationOutcome duplicate() throws IOException {
        return replica.receive(encoded);
    }
}

package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519Keys;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxPeeler;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How does the cost of a packet grow with the length of its path, at the client and at the first relay?
 *
 * <p>The score is a packet, in batches of {@link #BATCH}. Baseline: {@code ladder}, one X25519. Expected: {@code wrap}
 * proportional to the hops, two ladders a hop, since each hop's blinded element is computed; {@code peel} the same at
 * any number of hops, to the nanosecond, since the packet's length and the work on it must not tell how far it has
 * come. {@code peel} includes the copy that brings the packet back. 0 B/op for {@code peel} under {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class SphinxHopsBenchmark {
    /** Packets in a batch. */
    static final int BATCH = 8;

    private static final int STRIDE = SphinxGeometry.MR1.packetLength() + 256; // as in the slab, of either profile

    /** Relays on the path: at most 12 with {@code mr2}, 20 with {@code mr1}. */
    @Param({"1", "3", "5", "10", "12"})
    public int hops;

    /** Crypto provider; {@code perf-scripts/jmh} adds the levels of the kernels that the machine runs. */
    @Param("sodium")
    public String provider;

    /** Wire profile: two multiplications a hop, or one. */
    @Param({"mr1", "mr2"})
    public String profile;

    private final List<RelaySphinxKey> relays = new ArrayList<>();
    private Arena arena;
    private MemorySegment packets;
    private MemorySegment wrapped;
    private MemorySegment payload;
    private MemorySegment scalar;
    private MemorySegment point;
    private MemorySegment product;
    private PeelBatch peelBatch;
    private SphinxPeeler peeler;
    private WrapBatch wrapBatch;
    private SphinxWrapper wrapper;
    private SphinxPath path;

    /** Makes the relays' keys and packets for them. */
    @Setup
    public void setUp() {
        final Randomness randomness = new SecureRandomness();
        final BatchCrypto crypto = CryptoProviders.byName(provider);
        final SphinxProfile wire = SphinxProfile.byLabel(profile);
        final SphinxGeometry geometry = SphinxGeometry.of(wire);
        arena = Arena.ofShared();
        packets = arena.allocate((long) BATCH * STRIDE, 64);
        wrapped = arena.allocate((long) BATCH * STRIDE, 64);
        payload = arena.allocate(geometry.payloadCapacity());
        final List<SphinxHop> way = new ArrayList<>();
        for (int i = 0; i < hops; i++) {
            relays.add(new RelaySphinxKey(SecretKey.generate(randomness), wire));
            way.add(new SphinxHop(RelayPublicKey.copyOf(relays.get(i).publicKey(), wire), 0));
        }
        path = SphinxPath.toRecipient(way, 1, 2);
        wrapper = new SphinxWrapper(arena, crypto, randomness, geometry, BATCH);
        wrapBatch = new WrapBatch(geometry, wrapped, BATCH);
        wrap();
        peelBatch = new PeelBatch(arena, geometry, packets, BATCH);
        peeler = new SphinxPeeler(arena, crypto, geometry, BATCH);
        scalar = arena.allocate(X25519Keys.LENGTH).fill((byte) 3);
        point = arena.allocate(X25519Keys.LENGTH);
        product = arena.allocate(X25519Keys.LENGTH);
        X25519Keys.publicKey(point, scalar);
    }

    /** Wipes the keys and frees the memory. */
    @TearDown
    public void tearDown() {
        relays.forEach(RelaySphinxKey::close);
        arena.close();
    }

    /** A client's work for a packet. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public byte wrap() {
        wrapBatch.clear();
        for (int i = 0; i < BATCH; i++) {
            wrapBatch.add(path, payload, (long) i * STRIDE);
        }
        wrapper.wrap(wrapBatch);
        return wrapped.get(JAVA_BYTE, 0);
    }

    /** The first relay's work for a packet. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int peel() {
        MemorySegment.copy(wrapped, 0, packets, 0, packets.byteSize());
        peelBatch.clear();
        for (int i = 0; i < BATCH; i++) {
            peelBatch.add((long) i * STRIDE);
        }
        peeler.authenticate(relays.getFirst(), peelBatch);
        peeler.transform(peelBatch);
        if (peelBatch.status(BATCH - 1) != PeelStatus.OK) {
            throw new AssertionError(PeelStatus.name(peelBatch.status(BATCH - 1)));
        }
        return peelBatch.status(0);
    }

    /** Baseline: one X25519. */
    @Benchmark
    public boolean ladder() {
        return X25519Keys.sharedSecret(product, scalar, point);
    }
}

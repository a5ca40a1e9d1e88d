package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of one Sphinx layer, per batch of {@code batch} packets of 2,048 bytes; divide by {@code batch} for a packet.
 *
 * <p>Question: what does Sphinx cost beyond its primitives, and what do batches bring? {@code ladder} is the unit, one
 * X25519 per packet; {@code primitives} is the same calls into the provider as a forwarding peel makes, without
 * reading, checking or moving a packet; {@code restore} is what {@code peel} spends on getting unpeeled packets back.
 * So the overhead is {@code peel - restore - primitives}, and {@code transform} costs {@code peel - restore -
 * authenticate}.
 *
 * <p>Expected with {@code sodium}: the same per packet at any batch from 8 on; authenticate 1.06 ladders, peel 2.2 with
 * {@code mr1} and 1.2 with {@code mr2}, of which the overhead is below 0.03; wrap for three hops 6. Run with
 * {@code -prof gc}: 0 B/op, but for {@code wrap}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class SphinxBenchmark {
    private static final int STRIDE = SphinxGeometry.MR1.packetLength() + 256; // as in the slab, of either profile
    private static final int SCRATCH = 1024;
    private static final int HOPS = 3;

    /** Packets per batch: one alone, one SIMD register, a relay's usual batch, the largest. */
    @Param({"1", "8", "32", "256"})
    int batch;

    /** Crypto provider; {@code perf-scripts/jmh} adds the levels of the kernels that the machine runs. */
    @Param({"sodium"})
    String provider;

    /** Wire profile: two multiplications a hop, or one. */
    @Param({"mr1", "mr2"})
    String profile;

    private Arena arena;
    private SphinxGeometry geometry;
    private BatchCrypto crypto;
    private final List<RelaySphinxKey> relays = new ArrayList<>();
    private MemorySegment packets;
    private MemorySegment wrapped;
    private MemorySegment payload;
    private PeelBatch peelBatch;
    private SphinxPeeler peeler;
    private WrapBatch wrapBatch;
    private SphinxWrapper wrapper;
    private SphinxPath path;

    private AddressArray alphas;
    private AddressArray betas;
    private AddressArray rights;
    private AddressArray keys;
    private AddressArray outputs;
    private StatusArray accepted;
    private MemorySegment zeros;

    @Setup
    public void setUp() {
        final Randomness randomness = new SecureRandomness();
        final SphinxProfile wire = SphinxProfile.byLabel(profile);
        geometry = SphinxGeometry.of(wire);
        arena = Arena.ofShared();
        crypto = CryptoProviders.byName(provider);
        packets = arena.allocate((long) batch * STRIDE, 64);
        wrapped = arena.allocate((long) batch * STRIDE, 64);
        payload = arena.allocate(geometry.payloadCapacity());
        final List<SphinxHop> hops = new ArrayList<>();
        for (int i = 0; i < HOPS; i++) {
            relays.add(new RelaySphinxKey(SecretKey.generate(randomness), wire));
            hops.add(new SphinxHop(RelayPublicKey.copyOf(relays.get(i).publicKey(), wire), 0));
        }
        path = SphinxPath.toRecipient(hops, 1, 2);
        wrapper = new SphinxWrapper(arena, crypto, randomness, geometry, batch);
        wrapBatch = new WrapBatch(geometry, wrapped, batch);
        wrap();
        peelBatch = new PeelBatch(arena, geometry, packets, batch);
        peeler = new SphinxPeeler(arena, crypto, geometry, batch);

        final MemorySegment scratch = arena.allocate((long) batch * SCRATCH, 64);
        randomness.fill(scratch);
        zeros = arena.allocate(16, 16);
        accepted = new StatusArray(arena, batch);
        alphas = new AddressArray(arena, batch).fill(batch, packets, 0, STRIDE);
        betas = new AddressArray(arena, batch).fill(batch, packets, 48, STRIDE);
        rights = new AddressArray(arena, batch).fill(batch, packets, 1056, STRIDE);
        keys = new AddressArray(arena, batch).fill(batch, scratch, 0, SCRATCH);
        outputs = new AddressArray(arena, batch).fill(batch, scratch, 512, SCRATCH);
        restore();
    }

    @TearDown
    public void tearDown() {
        relays.forEach(RelaySphinxKey::close);
        arena.close();
    }

    /** The unit: one X25519 per packet. */
    @Benchmark
    public AddressArray ladder() {
        crypto.x25519(batch, outputs, keys, alphas, accepted);
        return outputs;
    }

    /** Key derivation of both phases: two compressions, then four. */
    @Benchmark
    public AddressArray keyDerivation() {
        crypto.blake2b(batch, outputs, 64, alphas, 64, keys, 32, zeros, zeros);
        for (int block = 0; block < 4; block++) {
            crypto.blake2b(batch, outputs, 64, alphas, 0, keys, 64, zeros, zeros);
        }
        return outputs;
    }

    /** The header MAC. */
    @Benchmark
    public AddressArray headerMac() {
        crypto.blake2b(batch, outputs, 16, betas, 976, keys, 32, zeros, zeros);
        return outputs;
    }

    /** The header stream. */
    @Benchmark
    public AddressArray headerStream() {
        crypto.chacha20Xor(batch, betas, 1024, keys);
        return betas;
    }

    /** The wide block: two streams and two hashes. */
    @Benchmark
    public AddressArray wideBlock() {
        for (int round = 0; round < 2; round++) {
            crypto.blake2b(batch, outputs, 32, rights, 992, keys, 32, zeros, zeros);
            crypto.chacha20Xor(batch, rights, 1024, keys);
        }
        return rights;
    }

    /** All calls into the provider of a peel that forwards. */
    @Benchmark
    public AddressArray primitives() {
        ladder();
        keyDerivation();
        headerMac();
        headerStream();
        if (geometry.profile() == SphinxProfile.MR1) {
            ladder(); // the blinded element of the next hop
        }
        return wideBlock();
    }

    /** Getting the unpeeled packets back. */
    @Benchmark
    public MemorySegment restore() {
        MemorySegment.copy(wrapped, 0, packets, 0, packets.byteSize());
        return packets;
    }

    /** First phase; changes no packet. */
    @Benchmark
    public int authenticate() {
        fill();
        peeler.authenticate(relays.getFirst(), peelBatch);
        return peelBatch.status(0);
    }

    /** Both phases, and getting the packets back before. */
    @Benchmark
    public int peel() {
        restore();
        fill();
        peeler.authenticate(relays.getFirst(), peelBatch);
        peeler.transform(peelBatch);
        if (peelBatch.status(batch - 1) != PeelStatus.OK) {
            throw new AssertionError(PeelStatus.name(peelBatch.status(batch - 1)));
        }
        return peelBatch.status(0);
    }

    /** A client's work for a path of three hops. */
    @Benchmark
    public byte wrap() {
        wrapBatch.clear();
        for (int i = 0; i < batch; i++) {
            wrapBatch.add(path, payload, (long) i * STRIDE);
        }
        wrapper.wrap(wrapBatch);
        return wrapped.get(JAVA_BYTE, 0);
    }

    private void fill() {
        peelBatch.clear();
        for (int i = 0; i < batch; i++) {
            peelBatch.add((long) i * STRIDE);
        }
    }
}

package io.millrace.benchmarks;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * What does sealing and opening one link frame cost, in a batch of {@link #COUNT}?
 *
 * <p>The score is one frame. Baseline: length 0, which is the downcall and the fixed cost of Poly1305; subtract it from
 * the others for the cost of the bytes. Opening includes a copy of the sealed text, as opening destroys it; the copy is
 * measured alone too. Expected: opening and sealing alike, about 0.6 ns a byte with {@code sodium}, 0 B/op under
 * {@code -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class AeadBenchmark {
    /** Frames in a batch. */
    static final int COUNT = 8;

    /** Length of the associated data of a datagram frame in bytes. */
    private static final int AD_LENGTH = 10;

    /** Name of the provider. */
    @Param("sodium")
    public String provider;

    /** Length of the text in bytes: none, one small MTU, one Sphinx packet in its frame, the largest HTX frame. */
    @Param({"0", "1280", "2050", "16384"})
    public int length;

    private Arena arena;
    private BatchCrypto crypto;
    private MemorySegment texts;
    private MemorySegment sealed;
    private AddressArray text;
    private AddressArray tag;
    private AddressArray newTag;
    private AddressArray ad;
    private AddressArray nonce;
    private AddressArray key;
    private StatusArray ok;

    /** Lays out the operands and seals once, so that there is something to open. */
    @Setup
    public void setUp() {
        arena = Arena.ofShared();
        crypto = CryptoProviders.byName(provider);
        texts = arena.allocate(Math.max(1L, (long) COUNT * length), 64);
        sealed = arena.allocate(texts.byteSize(), 64);
        text = new AddressArray(arena, COUNT).fill(COUNT, texts, 0, length);
        tag = operand(BatchCrypto.AEAD_TAG_LENGTH);
        newTag = operand(BatchCrypto.AEAD_TAG_LENGTH);
        ad = operand(AD_LENGTH);
        nonce = operand(BatchCrypto.AEAD_NONCE_LENGTH);
        key = operand(BatchCrypto.KEY_LENGTH);
        ok = new StatusArray(arena, COUNT);
        crypto.aeadSeal(COUNT, text, length, tag, ad, AD_LENGTH, nonce, key);
        sealed.copyFrom(texts);
    }

    /** Frees the operands. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** The copy that {@link #open} includes. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public MemorySegment baselineCopy() {
        return texts.copyFrom(sealed);
    }

    /** Seals frames; the same nonce over and over, because only the cost is under test. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long seal() {
        crypto.aeadSeal(COUNT, text, length, newTag, ad, AD_LENGTH, nonce, key);
        return newTag.get(0);
    }

    /** Opens frames that are authentic. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public boolean open() {
        texts.copyFrom(sealed);
        crypto.aeadOpen(COUNT, text, length, tag, ad, AD_LENGTH, nonce, key, ok);
        if (!ok.ok(COUNT - 1)) {
            throw new AssertionError("an authentic frame was refused");
        }
        return true;
    }

    private AddressArray operand(int fieldLength) {
        return new AddressArray(arena, COUNT)
                .fill(COUNT, arena.allocate((long) COUNT * fieldLength, 64), 0, fieldLength);
    }
}

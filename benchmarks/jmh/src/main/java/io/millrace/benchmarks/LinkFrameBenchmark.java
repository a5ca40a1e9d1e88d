package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameStatus;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkOpener;
import io.millrace.link.LinkSealer;
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
 * Cost of the link around one packet: sealed by one end and opened by the other, in batches.
 *
 * <p>Question: what do the frame, the window and the bookkeeping add to the AEAD itself? {@code sealed} is the first
 * half alone; {@code window} is the baseline without cryptography: one counter checked and accepted. Expected: the two
 * AEAD passes of AeadBenchmark at 2,050 bytes and some 20 ns, 0 B/op.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class LinkFrameBenchmark {
    private static final int BATCH = 32;
    private static final int STRIDE = 2_304;

    /** Name of the provider. */
    @Param("sodium")
    String provider;

    private final Arena arena = Arena.ofShared();
    private LinkSealer sealer;
    private LinkOpener opener;
    private Link near;
    private Link far;
    private Link counted;
    private long counter;

    @Setup
    public void setUp() {
        final MemorySegment memory = arena.allocate((long) BATCH * STRIDE, 64);
        final BatchCrypto crypto = CryptoProviders.byName(provider);
        sealer = new LinkSealer(arena, crypto, memory, BATCH);
        opener = new LinkOpener(arena, crypto, memory, BATCH);
        near = new Link(new LinkKeys(key(1), key(2)));
        far = new Link(new LinkKeys(key(2), key(1)));
        counted = new Link(new LinkKeys(key(3), key(4)));
    }

    @TearDown
    public void tearDown() {
        near.close();
        far.close();
        counted.close();
        arena.close();
    }

    /** One frame sealed, opened and its counter accepted. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int sealedAndOpened() {
        sealed();
        for (int i = 0; i < BATCH; i++) {
            opener.add((long) i * STRIDE, LinkFrame.FRAME_LENGTH, far, true);
        }
        int accepted = 0;
        final int opened = opener.open();
        for (int i = 0; i < opened; i++) {
            if (opener.status(i) == FrameStatus.OK && far.accept(opener.counter(i))) {
                accepted++;
            }
        }
        if (accepted != BATCH) {
            throw new AssertionError("accepted=" + accepted);
        }
        return accepted;
    }

    /** One frame sealed. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int sealed() {
        for (int i = 0; i < BATCH; i++) {
            sealer.add((long) i * STRIDE, near, 0);
        }
        return sealer.seal();
    }

    /** One counter checked and accepted. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int window() {
        int accepted = 0;
        for (int i = 0; i < BATCH; i++) {
            if (counted.isNew(counter) && counted.accept(counter)) {
                accepted++;
            }
            counter++;
        }
        return accepted;
    }

    private static SecretKey key(int number) {
        final byte[] key = new byte[SecretKey.LENGTH];
        key[0] = (byte) number;
        return SecretKey.takeFrom(key);
    }
}

package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.store.CommitPolicy;
import io.millrace.tlog.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What do receipts cost, in batches: to encode, and to encode, hash, sign and append to a log on the disk while the
 * group commit runs?
 *
 * <p>The score is a batch of {@code receipts}: divide by that. Baseline: {@code encode}, without hash, signature and
 * log. Expected with {@code BATCH}: a signature for each batch that wears off, then a fraction of a microsecond per
 * receipt; with {@code SINGLE}: a signature for each receipt. Run with {@code -prof gc}: no allocation.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ReceiptBenchmark {
    private static final long MAX_LENGTH = 1L << 36;

    @Param({"1", "16", "256", "1024", "4096"})
    int receipts;

    @Param({"BATCH", "SINGLE"})
    SigningMode mode;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment digest = arena.allocate(32).fill((byte) 9);
    private Path folder;
    private LogKey key;
    private StoredReceipts store;
    private ReceiptLog log;
    private ReceiptBatch batch;
    private long next;

    @Setup(Level.Iteration)
    public void open() throws IOException, RefusedException {
        folder = Files.createTempDirectory("millrace-receipts");
        try (SecretKey seed = SecretKey.generate(new SecureRandomness())) {
            key = LogKey.ofSeed("millrace/benchmark", seed.segment());
        }
        store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, MAX_LENGTH);
        log = ReceiptLog.open(store, key, mode);
        batch = new ReceiptBatch(arena, receipts);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        log.close();
        store.close();
        key.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Encodes a batch: the baseline of {@link #append()}. */
    @Benchmark
    public int encode() {
        batch.clear();
        for (int i = 0; i < receipts; i++) {
            batch.add(1, next, 2, 3, 1, 4, 5, next, digest, 0, 1, 6);
            next++;
        }
        return batch.count();
    }

    /** Encodes, hashes, signs and appends a batch. */
    @Benchmark
    public boolean append() {
        encode();
        if (!log.append(batch)) {
            throw new IllegalStateException("the disk is full");
        }
        return true;
    }
}

package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What does it cost to write one replay tag down, in records of {@code batch} tags, while the group commit runs?
 *
 * <p>Baseline: a batch of 1. Every shot has a new journal and fits its first chunk, so that the disk is
 * not measured. Expected: less with a batch of 16 than one by one, since a batch is one record. Run with {@code -prof gc}:
 * the opening of the journal is in it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 300)
@Measurement(iterations = 100)
@State(Scope.Thread)
public class JournalBenchmark {
    private static final int TAGS = 1 << 15;

    @Param({"1", "16"})
    int batch;

    private final long[] lows = new long[ReplayJournal.MAX_BATCH];
    private final long[] highs = new long[ReplayJournal.MAX_BATCH];
    private final SecretKey key = SecretKey.generate(new SecureRandomness());
    private Path folder;
    private Store store;
    private ReplayJournal journal;

    @Setup
    public void openStore() throws IOException {
        folder = Files.createTempDirectory("millrace-journal");
        store = Store.open(folder, CommitPolicy.DEFAULT);
    }

    @Setup(Level.Iteration)
    public void openJournal() throws IOException {
        journal = ReplayJournal.open(store, "key", 0, key, new SecureRandomness(), false);
    }

    @TearDown(Level.Iteration)
    public void deleteJournal() throws IOException {
        journal.erase();
    }

    @TearDown
    public void closeStore() throws IOException {
        store.close();
        for (String name : new String[] {"lock", "format", "clean"}) {
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder);
    }

    /** All tags of a shot. */
    @Benchmark
    @OperationsPerInvocation(TAGS)
    public long append() {
        int taken = 0;
        for (int i = 0; i < TAGS; i += batch) {
            lows[0] = i;
            if (journal.append(batch, lows, highs)) {
                taken += batch;
            }
        }
        if (taken != TAGS) {
            throw new AssertionError("the journal took only " + taken);
        }
        return taken;
    }
}

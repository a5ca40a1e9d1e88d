package io.millrace.benchmarks;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
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
 * How long does a relay take at its start to load its journal: opening the store, checking every
 * record and putting the tags into the set? Baseline: the same number of inserts in {@link ReplaySetBenchmark}. The
 * file is in the page cache, as after a restart of the process alone. Expected: linear, and dominated by one cache miss
 * a tag in the set.
 *
 * <p>The first shot of a fork is a cold JVM, as at the start of a relay. No warm-up.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@State(Scope.Thread)
public class JournalRestartBenchmark {
    private static final int BATCH = 16;

    @Param("10000000")
    int tags;

    private final SecretKey key = SecretKey.generate(new SecureRandomness());
    private Path folder;
    private Store store;
    private ReplayFilter filter;

    /** Writes the journal of the relay before. */
    @Setup
    @SuppressWarnings("ThreadPriorityCheck") // waits for a disk, once, outside of the measurement
    public void writeJournal() throws IOException {
        folder = Files.createTempDirectory("millrace-restart");
        final SplittableRandom random = new SplittableRandom(1);
        final long[] lows = new long[BATCH];
        final long[] highs = new long[BATCH];
        try (Store before = Store.open(folder, CommitPolicy.DEFAULT)) {
            final ReplayJournal journal = ReplayJournal.open(before, "key", 0, key, new SecureRandomness(), false);
            for (int at = 0; at < tags; at += BATCH) {
                for (int i = 0; i < BATCH; i++) {
                    lows[i] = random.nextLong();
                    highs[i] = random.nextLong();
                }
                while (!journal.append(BATCH, lows, highs)) {
                    Thread.yield(); // faster than the disk takes it: the committer makes room
                }
            }
        }
    }

    /** Until the first packet could be taken. */
    @Benchmark
    public long restart() throws IOException {
        store = Store.open(folder, CommitPolicy.DEFAULT);
        filter = ReplayFilter.journalled(
                new ReplaySet(tags, 3, 4), ReplayJournal.open(store, "key", 0, key, new SecureRandomness(), false));
        if (filter.size() != tags) {
            throw new AssertionError("restored " + filter.size() + " of " + tags);
        }
        return filter.size();
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        store.close();
    }

    @TearDown
    public void delete() throws IOException {
        final List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}

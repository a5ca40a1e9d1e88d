package io.millrace.benchmarks;

import io.millrace.map.MapReceiptIndex;
import io.millrace.receipt.IndexCatchUp;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.MemoryReceiptIndex;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptBatch;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.store.CommitPolicy;
import io.millrace.tlog.Hash;
import io.millrace.tlog.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * How long does it take to find a receipt by its operation id, to add one to the index, and to open the index of a log?
 *
 * <p>Baseline: the index in memory, which is filled from the log at each opening ({@code replay}). Expected: a look-up in the
 * map costs several times one on the heap and does not depend on the number of receipts; opening the map takes
 * milliseconds at any number, filling the index from the log grows with it. 10 million receipts by hand:
 * {@code -p receipts=10000000}. Run with {@code -prof gc}.
 */
@Fork(
        value = 3,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class ReceiptIndexBenchmark {
    /** A log on the disk and its index, both closed. */
    @State(Scope.Thread)
    public static class Log {
        @Param({"1000", "100000", "1000000"})
        public int receipts;

        Path folder;

        @Setup
        public void fill() throws IOException, RefusedException {
            folder = Files.createTempDirectory("millrace-index");
            try (Arena arena = Arena.ofConfined();
                    LogKey key = LogKey.ofSeed("benchmark/index", arena.allocate(32));
                    MapReceiptIndex index = MapReceiptIndex.open(indexFolder());
                    StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, 1L << 40);
                    ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH, Optional.empty(), index)) {
                final ReceiptBatch batch = new ReceiptBatch(arena, ReceiptBatch.MAX_CAPACITY);
                while (log.size() < receipts) {
                    batch.clear();
                    for (long i = log.size(); !batch.isFull() && i + batch.count() < receipts; ) {
                        final ReceiptId id = id(i + batch.count());
                        batch.add(new Receipt(id, id, 300, id, 1, Hash.of(new byte[Hash.LENGTH]), 0, 1));
                    }
                    log.append(batch);
                }
            }
        }

        Path indexFolder() {
            return folder.resolve("index");
        }

        @TearDown
        public void delete() throws IOException {
            final Path[] files;
            try (Stream<Path> walked = Files.walk(folder)) {
                files = walked.sorted(java.util.Comparator.reverseOrder()).toArray(Path[]::new);
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }

        static ReceiptId id(long number) {
            return new ReceiptId(number * 0x9e37_79b9_7f4a_7c15L, number);
        }
    }

    /** The indexes, open. */
    @State(Scope.Thread)
    public static class Open {
        MapReceiptIndex map;
        MemoryReceiptIndex memory;
        int receipts;
        long next;
        long added;

        @Setup
        public void open(Log log) throws IOException {
            receipts = log.receipts;
            added = log.receipts;
            map = MapReceiptIndex.open(log.indexFolder());
            memory = new MemoryReceiptIndex();
            try (ReceiptLogView view = ReceiptLogView.open(log.folder)) {
                IndexCatchUp.run(memory, view);
            }
        }

        @TearDown
        public void close() {
            map.close();
        }

        long number() {
            next = (next + 7919) % receipts;
            return next;
        }
    }

    /** Finds one of the receipts in the map. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 3, time = 1)
    public long find(Open open) {
        final long number = open.number();
        return open.map.find(number * 0x9e37_79b9_7f4a_7c15L, number);
    }

    /** Finds one of the receipts on the heap. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 3, time = 1)
    public long findInMemory(Open open) {
        final long number = open.number();
        return open.memory.find(number * 0x9e37_79b9_7f4a_7c15L, number);
    }

    /** Adds a receipt to the map. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 3, time = 1)
    public boolean add(Open open) {
        final long number = open.added++;
        return open.map.add(number * 0x9e37_79b9_7f4a_7c15L, number, number);
    }

    /** Opens and closes the map's index and finds one receipt. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 2)
    @Measurement(iterations = 5)
    public long open(Log log) throws IOException {
        try (MapReceiptIndex index = MapReceiptIndex.open(log.indexFolder())) {
            return index.find(0, 0);
        }
    }

    /** Fills the index in memory from the log and finds one receipt. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 2)
    @Measurement(iterations = 5)
    public long replay(Log log) throws IOException {
        try (MemoryReceiptIndex index = new MemoryReceiptIndex();
                ReceiptLogView view = ReceiptLogView.open(log.folder)) {
            IndexCatchUp.run(index, view);
            return index.find(0, 0);
        }
    }
}

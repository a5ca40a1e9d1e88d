package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.map.MapLayout;
import io.millrace.map.StoreMap;
import io.millrace.map.StoreMaps;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do a put and a get of 100 bytes cost in a map of 200,000 entries, while the group commit runs: is a map the
 * right place for replay tags?
 *
 * <p>Baseline: {@link JournalBenchmark}, which writes a tag down without a map. Expected: 300 to 500 ns, several times
 * a journalled tag; a get less than a put. Run with {@code -prof gc}: under 2 B/op.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
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
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class StoreBenchmark {
    private static final int ENTRIES = 200_000;
    private static final int VALUE_LENGTH = 100;

    private Path folder;
    private Arena arena;
    private MemorySegment key;
    private MemorySegment value;
    private Store store;
    private StoreMap map;
    private long number;

    @Setup
    public void setUp() throws IOException {
        folder = Files.createTempDirectory("millrace-store");
        arena = Arena.ofShared();
        key = arena.allocate(16);
        value = arena.allocate(VALUE_LENGTH);
        store = Store.open(folder, CommitPolicy.DEFAULT);
        map = StoreMaps.open(store, new MapLayout("map", 16, VALUE_LENGTH, VALUE_LENGTH, ENTRIES));
        for (int i = 0; i < ENTRIES; i++) {
            put();
        }
    }

    @TearDown
    public void tearDown() throws IOException {
        store.close();
        arena.close();
        final Path[] files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toArray(Path[]::new);
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    /** Replaces an entry. */
    @Benchmark
    public long put() {
        key.set(JAVA_LONG, 0, number++ % ENTRIES);
        return map.put(key, 0, value, 0, VALUE_LENGTH);
    }

    /** Reads an entry. */
    @Benchmark
    public int get() {
        key.set(JAVA_LONG, 0, number++ % ENTRIES);
        return map.get(key, 0, value, 0);
    }
}

package io.millrace.benchmarks;

import io.millrace.crdt.Draft;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.TwinStore;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.TwinState;
import io.millrace.crdt.type.Value;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecureRandomness;
import io.millrace.map.MapTwinState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
 * How long does it take to open a document, to read a property and to write one?
 *
 * <p>Baseline: the state on the heap, for which the log is replayed at each opening. Expected: opening the state in maps does
 * not depend on the number of entries, a replay grows with it; a read in maps costs several times one on the heap and
 * allocates nothing. The log has 256 properties under a signature. 10 million entries by hand: {@code -p entries=10000000},
 * with a heap of 8 GiB for the baseline. Run with {@code -prof gc}.
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
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TwinStateBenchmark {
    private static final TwinId TWIN = new TwinId(1, 2);
    private static final int OPERATIONS_OF_SIGNATURE = 256;
    private static final int KEY_LENGTH = 12;

    /** A document on the disk, closed: its log, and its state in maps. */
    @State(Scope.Thread)
    public static class Document {
        /** Number of properties. */
        @Param({"1000", "100000", "1000000"})
        public int entries;

        Path folder;
        private Ed25519KeyPair key;
        private ActorRegistry registry;

        /** Makes it. */
        @Setup
        public void fill() throws IOException {
            folder = Files.createTempDirectory("millrace-twin-state");
            try (Arena arena = Arena.ofConfined()) {
                key = Ed25519KeyPair.fromSeed(arena.allocate(32));
            }
            registry = ActorRegistry.of(Map.of(ActorId.read(key.publicKey(), 0), "author"));
            try (OperationLog log = TwinStore.open(folder.resolve("log"));
                    MapTwinState state = state();
                    Replica replica = replica(log, Optional.of(state))) {
                for (int from = 0; from < entries; from += OPERATIONS_OF_SIGNATURE) {
                    final Draft draft = replica.draft(ActorId.read(key.publicKey(), 0));
                    for (int i = from; i < Math.min(entries, from + OPERATIONS_OF_SIGNATURE); i++) {
                        draft.set(name(i), Value.of("value of " + i));
                    }
                    replica.issue(key, draft);
                }
            }
        }

        /** Deletes it. */
        @TearDown
        public void delete() throws IOException {
            key.close();
            final Path[] files;
            try (Stream<Path> walked = Files.walk(folder)) {
                files = walked.sorted(Comparator.reverseOrder()).toArray(Path[]::new);
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }

        MapTwinState state() throws IOException {
            return MapTwinState.open(folder.resolve("state"), TWIN, new SecureRandomness());
        }

        Replica replica(OperationLog log, Optional<StoredTwinState> state) throws IOException {
            return Replica.open(
                    TWIN,
                    registry,
                    new HybridClock(System::currentTimeMillis, 60_000),
                    log,
                    ReplicaLimits.DEFAULT,
                    new SecureRandomness(),
                    state);
        }
    }

    /** The document's state in maps and on the heap, open. */
    @State(Scope.Thread)
    public static class Open {
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment name = arena.allocate(KEY_LENGTH);
        private final MemorySegment target = arena.allocate(64);
        private final Twin heap = new Twin(TWIN);
        private final OperationId operation = new OperationId(1, 2, 3, 4);
        private final ActorId actor = ActorId.read(arena.allocate(ActorId.LENGTH), 0);
        private MapTwinState maps;
        private int entries;
        private int next;
        private long time = Long.MAX_VALUE / 2;

        /** Opens both. */
        @Setup
        public void open(Document document) throws IOException {
            entries = document.entries;
            maps = document.state();
            for (int i = 0; i < entries; i++) {
                heap.apply(operation, actor, i, List.of(new TwinOperation.Set(name(i), Value.of("value of " + i))));
            }
        }

        /** Closes the maps. */
        @TearDown
        public void close() {
            maps.close();
            arena.close();
        }

        int number() {
            next = (next + 7919) % entries;
            return next;
        }

        boolean write(TwinState state) {
            return state.apply(
                    operation, actor, time++, List.of(new TwinOperation.Set(name(number()), Value.of("new value"))));
        }
    }

    static String name(int number) {
        final String digits = Integer.toString(number);
        return "p" + "0".repeat(KEY_LENGTH - 1 - digits.length()) + digits;
    }

    /** Opens the document with its state in maps, and reads one property. */
    @Benchmark
    public Optional<Value> openMaps(Document document) throws IOException {
        try (OperationLog log = TwinStore.open(document.folder.resolve("log"));
                MapTwinState state = document.state();
                Replica replica = document.replica(log, Optional.of(state))) {
            return replica.state().property(name(document.entries / 2));
        }
    }

    /** Opens the document by a replay of its log, and reads one property. */
    @Benchmark
    public Optional<Value> openReplay(Document document) throws IOException {
        try (OperationLog log = TwinStore.open(document.folder.resolve("log"));
                Replica replica = document.replica(log, Optional.empty())) {
            return replica.state().property(name(document.entries / 2));
        }
    }

    /** Reads a property in maps into memory off the heap. */
    @Benchmark
    public int getMaps(Open open) {
        int rest = open.number();
        open.name.fill((byte) '0');
        open.name.set(ValueLayout.JAVA_BYTE, 0, (byte) 'p');
        for (int at = KEY_LENGTH - 1; rest > 0; at--) {
            open.name.set(ValueLayout.JAVA_BYTE, at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return open.maps.property(open.name, KEY_LENGTH, open.target);
    }

    /** Reads a property on the heap. */
    @Benchmark
    public Optional<Value> getHeap(Open open) {
        return open.heap.property(name(open.number()));
    }

    /** Overwrites a property in maps. */
    @Benchmark
    public boolean putMaps(Open open) {
        return open.write(open.maps);
    }

    /** Overwrites a property on the heap. */
    @Benchmark
    public boolean putHeap(Open open) {
        return open.write(open.heap);
    }
}

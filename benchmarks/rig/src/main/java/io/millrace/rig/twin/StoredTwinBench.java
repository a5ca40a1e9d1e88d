package io.millrace.rig.twin;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Measures documents on the disk, in a temporary folder: opening with the state in maps and by a replay of the log, reading
 * and writing properties in maps and on the heap. The log has 256 properties under each signature.
 *
 * <p>It needs the JVM flags of {@link io.millrace.map.StoreMaps}. The first map in a JVM takes seconds to open, because the
 * library compiles classes: that is not in the figures.
 *
 * <p>Not thread safe.
 */
final class StoredTwinBench {
    private static final TwinId TWIN = new TwinId(1, 2);
    private static final int BATCH = 256;
    private static final int ACCESSES = 1 << 14;
    private static final int ROUNDS = 5;
    private static final int MANY = 500_000; // entries from which a replay is measured once
    private static final long SEED = 7;

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Ed25519KeyPair key;
    private final ActorId actor;
    private final ActorRegistry registry;

    /**
     * Measures documents of one author.
     *
     * @param key of the author; stays the caller's.
     */
    StoredTwinBench(Ed25519KeyPair key) {
        this.key = key;
        this.actor = ActorId.read(key.publicKey(), 0);
        this.registry = ActorRegistry.of(Map.of(actor, "author"));
    }

    /**
     * Planned time of {@link #measure}.
     *
     * @param entries of the document.
     * @return in seconds.
     */
    static double seconds(int entries) {
        return 4 + entries / 30_000.0;
    }

    /**
     * Makes a document, measures it and deletes it.
     *
     * @param entries of the document, 1 or more.
     * @throws IOException if the folder for temporary files cannot be written.
     */
    StoredTwinFigures measure(int entries) throws IOException {
        return measure(entries, Files.createTempDirectory("millrace-twin"));
    }

    /** As above, in a folder that is deleted at the end. */
    StoredTwinFigures measure(int entries, Path folder) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            fill(folder, entries);
            final double maps = opening(folder, entries, true, ROUNDS);
            final double replay = opening(folder, entries, false, entries < MANY ? ROUNDS : 1);
            try (OperationLog log = TwinStore.open(folder.resolve("log"));
                    MapTwinState state = state(folder);
                    Replica stored = replica(log, Optional.of(state))) {
                final long start = System.nanoTime();
                stored.issue(key, stored.draft(actor).set(name(0), Value.of("first")));
                final long first = System.nanoTime() - start;
                return figures(arena, entries, maps, replay, first, state, stored.twin());
            }
        } finally {
            delete(folder);
        }
    }

    private StoredTwinFigures figures(
            Arena arena, int entries, double maps, double replay, long first, MapTwinState state, TwinState heap) {
        final int[] numbers = random.ints(ACCESSES, 0, entries).toArray();
        final String[] names =
                Arrays.stream(numbers).mapToObj(StoredTwinBench::name).toArray(String[]::new);
        final MemorySegment[] keys = Arrays.stream(names)
                .map(name -> arena.allocate(name.length())
                        .copyFrom(MemorySegment.ofArray(name.getBytes(StandardCharsets.US_ASCII))))
                .toArray(MemorySegment[]::new);
        final MemorySegment target = arena.allocate(64);
        final Writes inMaps = new Writes(state, names);
        final Writes onHeap = new Writes(heap, names);
        return new StoredTwinFigures(
                entries,
                maps,
                replay,
                first,
                access(i -> state.property(keys[i], (int) keys[i].byteSize(), target) > 0),
                access(i -> heap.property(names[i]).isPresent()),
                access(inMaps::write),
                access(onHeap::write));
    }

    /** Properties of a state, each overwritten with a later time. */
    private final class Writes {
        private final TwinState state;
        private final List<List<TwinOperation>> operations;
        private final OperationId operation = new OperationId(1, 2, 3, 4);
        private long time = Long.MAX_VALUE / 2;

        Writes(TwinState state, String[] names) {
            this.state = state;
            this.operations = Arrays.stream(names)
                    .map(name -> List.<TwinOperation>of(new TwinOperation.Set(name, Value.of("new value"))))
                    .toList();
        }

        boolean write(int number) {
            return state.apply(operation, actor, time++, operations.get(number));
        }
    }

    private StoredTwinFigures.Access access(IntPredicate one) {
        final double[] ns = new double[ROUNDS];
        final double[] bytes = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            final long allocated = threads.getCurrentThreadAllocatedBytes();
            final long start = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < ACCESSES; i++) {
                if (!one.test(i)) {
                    throw new IllegalStateException("a property is not there, or was not written: number=" + i);
                }
            }
            final long end = threads.getCurrentThreadCpuTime();
            if (round >= 0) { // the first one only warms up
                ns[round] = (double) (end - start) / ACCESSES;
                bytes[round] = (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / ACCESSES;
            }
        }
        return new StoredTwinFigures.Access(median(ns), median(bytes));
    }

    /** The median; the first opening only warms up. */
    private double opening(Path folder, int entries, boolean inMaps, int rounds) throws IOException {
        final double[] ns = new double[rounds];
        for (int round = rounds == 1 ? 0 : -1; round < rounds; round++) {
            final long start = System.nanoTime();
            try (OperationLog log = TwinStore.open(folder.resolve("log"));
                    MapTwinState state = inMaps ? state(folder) : null;
                    Replica replica = replica(log, Optional.ofNullable(state))) {
                if (replica.state().property(name(entries / 2)).isEmpty()) {
                    throw new IllegalStateException("the document has lost a property");
                }
                if (round >= 0) {
                    ns[round] = System.nanoTime() - start;
                }
            }
        }
        return median(ns);
    }

    private void fill(Path folder, int entries) throws IOException {
        try (OperationLog log = TwinStore.open(folder.resolve("log"));
                MapTwinState state = state(folder);
                Replica replica = replica(log, Optional.of(state))) {
            for (int from = 0; from < entries; from += BATCH) {
                final Draft draft = replica.draft(actor);
                for (int i = from; i < Math.min(entries, from + BATCH); i++) {
                    draft.set(name(i), Value.of("value of " + i));
                }
                replica.issue(key, draft);
            }
        }
    }

    private static MapTwinState state(Path folder) throws IOException {
        return MapTwinState.open(folder.resolve("state"), TWIN, new SecureRandomness());
    }

    private Replica replica(OperationLog log, Optional<StoredTwinState> state) throws IOException {
        return Replica.open(
                TWIN,
                registry,
                new HybridClock(System::currentTimeMillis, 60_000),
                log,
                ReplicaLimits.DEFAULT,
                new SecureRandomness(),
                state);
    }

    private static String name(int number) {
        return "property " + number;
    }

    private static double median(double[] samples) {
        final double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void delete(Path folder) throws IOException {
        final List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}

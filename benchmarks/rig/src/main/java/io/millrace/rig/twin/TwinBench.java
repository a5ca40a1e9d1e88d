package io.millrace.rig.twin;

import io.millrace.crdt.Draft;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.PooledCheck;
import io.millrace.crdt.op.SignatureCheck;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.Sodium;
import io.millrace.rig.measure.LadderMeter;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Measures signed documents: the cost of an operation with a map of a thousand to a million entries, and how many are
 * verified in a second, one by one, under shared signatures and on several threads; then documents on the disk, with their
 * state in maps and replayed.
 *
 * <p>Not thread safe; one run.
 */
public final class TwinBench {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final int BATCH = 256;
    private static final int WINDOW = 250;
    private static final int WINDOWS = 20;
    private static final int ROUNDS = 6; // the first only warms up
    private static final int REPETITIONS = 5;
    private static final int VERIFIED = 2000;
    private static final int POINTS = 500;
    private static final long SEED = 42;
    private static final int FIRST_WRITER = 3;
    private static final double FILLING_SECONDS = 8;
    private static final double ROUND_SECONDS = 4;
    private static final double SIGNATURES_SECONDS = 12;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final TwinId TWIN = new TwinId(1, 1);
    private static final SignatureCheck TRUSTING = operations -> {
        final boolean[] valid = new boolean[operations.size()];
        Arrays.fill(valid, true);
        return valid;
    };

    /** Sizes of documents on the disk, in properties. */
    private static final int[] STORED = {1_000, 100_000, 1_000_000, 10_000_000};

    private final Progress progress;
    private final int[] stored;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Ed25519KeyPair filler;
    private final Ed25519KeyPair writer;
    private final ActorRegistry registry;

    /**
     * Makes the keys of all authors.
     *
     * @param progress receives each step.
     * @param largest properties of the largest document on the disk, 1,000 to 10,000,000.
     */
    public TwinBench(Progress progress, int largest) {
        this.progress = progress;
        this.stored = IntStream.concat(Arrays.stream(STORED).filter(size -> size < largest), IntStream.of(largest))
                .toArray();
        this.filler = key(1);
        this.writer = key(2);
        final Map<ActorId, String> actors = new HashMap<>();
        actors.put(actor(filler), "filler");
        actors.put(actor(writer), "writer");
        for (int i = 0; i < ROUNDS; i++) {
            try (Ed25519KeyPair key = key(FIRST_WRITER + i)) {
                actors.put(actor(key), "writer " + i);
            }
        }
        this.registry = ActorRegistry.of(actors);
    }

    /**
     * Measures everything; call once.
     *
     * @return the figures.
     */
    public TwinFigures measure() {
        try (Arena arena = Arena.ofConfined()) {
            final LadderMeter ladders = new LadderMeter(arena);
            ladders.sample(500);
            ladders.endQuiet();
            ladders.sample(500);
            return measure(ladders.medianNs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            filler.close();
            writer.close();
        }
    }

    private TwinFigures measure(long ladderNs) throws IOException {
        final double[] applied = curve();
        progress.step("signatures", SIGNATURES_SECONDS);
        final List<SignedOperation> signed = new ArrayList<>();
        final double signNs = sign(signed);
        final int threads = Runtime.getRuntime().availableProcessors();
        final Verification verification = verify(signed, threads);
        final double verifyNs = verification.cpuNs();
        final List<TwinFigures.Point> curve = IntStream.range(0, SIZES.length)
                .mapToObj(i -> new TwinFigures.Point(SIZES[i], applied[i], applied[i] + verifyNs))
                .toList();
        return new TwinFigures(
                Machine.cpu(),
                Runtime.version().toString(),
                Sodium.version(),
                ladderNs,
                verifyNs,
                signNs,
                curve,
                flatness(curve.stream().mapToDouble(TwinFigures.Point::applyNs).toArray()),
                flatness(curve.stream()
                        .mapToDouble(TwinFigures.Point::verifiedNs)
                        .toArray()),
                1e9 / curve.getLast().verifiedNs(),
                BATCH,
                1e9 / (batchedNs() + verifyNs / BATCH),
                threads,
                1e9 / verification.parallelNs(),
                verification.speedup(),
                verification.efficiency(),
                subgroupCheckNs(),
                heapBytesPerEntry(),
                stored());
    }

    private List<StoredTwinFigures> stored() throws IOException {
        final List<StoredTwinFigures> figures = new ArrayList<>();
        final StoredTwinBench bench = new StoredTwinBench(filler);
        for (final int size : stored) {
            progress.step("a document of " + size + " properties on the disk", StoredTwinBench.seconds(size));
            figures.add(bench.measure(size));
        }
        return figures;
    }

    /**
     * Processor time in nanoseconds for an operation with one property, on maps of each size: the median of rounds that go
     * through all sizes in turn, so that a compiler that is late or a machine that is busy meets them all.
     */
    private double[] curve() throws IOException {
        final double[][] samples = new double[SIZES.length][ROUNDS - 1];
        final double storedSeconds =
                Arrays.stream(stored).mapToDouble(StoredTwinBench::seconds).sum();
        progress.plan(
                ROUNDS + 2 + stored.length,
                FILLING_SECONDS + ROUNDS * ROUND_SECONDS + SIGNATURES_SECONDS + storedSeconds);
        progress.step("filling the largest map", FILLING_SECONDS);
        try (Replica largest = filled(SIZES[SIZES.length - 1])) {
            for (int round = 0; round < ROUNDS; round++) {
                progress.step("maps of all sizes, round " + (round + 1), ROUND_SECONDS);
                for (int i = 0; i < SIZES.length; i++) {
                    final double ns;
                    if (i == SIZES.length - 1) {
                        ns = curvePoint(largest, SIZES[i], round);
                    } else {
                        try (Replica replica = filled(SIZES[i])) {
                            ns = curvePoint(replica, SIZES[i], round);
                        }
                    }
                    if (round > 0) {
                        samples[i][round - 1] = ns;
                    }
                }
            }
        }
        return Arrays.stream(samples).mapToDouble(TwinBench::median).toArray();
    }

    private Replica filled(int size) throws IOException {
        final Replica replica = open();
        fill(replica, size);
        return replica;
    }

    /** Median over windows. The operations are a stranger's to the replica, which has not seen any of that author. */
    private double curvePoint(Replica replica, int size, int salt) throws IOException {
        try (Ed25519KeyPair key = key(FIRST_WRITER + salt);
                Replica author = open();
                OperationCodec codec = new OperationCodec()) {
            final double[] samples = new double[WINDOWS];
            for (int window = 0; window < WINDOWS; window++) {
                final List<byte[]> operations = new ArrayList<>(WINDOW);
                for (int i = 0; i < WINDOW; i++) {
                    final String name =
                            i % 2 == 0 ? "new " + salt + "/" + window + "/" + i : "key " + random.nextInt(size);
                    operations.add(codec.encode(
                            author.issue(key, author.draft(actor(key)).set(name, Value.of("overwritten")))));
                }
                final long start = THREADS.getCurrentThreadCpuTime();
                replica.receiveAll(operations, TRUSTING);
                samples[window] = (double) (THREADS.getCurrentThreadCpuTime() - start) / WINDOW;
            }
            return median(samples);
        }
    }

    private static double median(double[] samples) {
        final double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private double sign(List<SignedOperation> signed) throws IOException {
        try (Replica author = open()) {
            final long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < VERIFIED; i++) {
                signed.add(author.issue(writer, author.draft(actor(writer)).set("key " + i, Value.of("value"))));
            }
            return (double) (THREADS.getCurrentThreadCpuTime() - start) / VERIFIED;
        }
    }

    /** On one thread and on several, in turn: the medians. */
    private static Verification verify(List<SignedOperation> signed, int threads) {
        final double[] cpu = new double[REPETITIONS];
        final double[] parallel = new double[REPETITIONS];
        final double[] speedup = new double[REPETITIONS];
        final double[] parallelCpu = new double[REPETITIONS];
        try (OperationVerifier verifier = new OperationVerifier();
                PooledCheck pool = new PooledCheck(threads)) {
            timed(signed, pool); // starts the threads
            final List<Thread> workers = ThreadMeter.named("millrace-verify-");
            for (int i = 0; i < REPETITIONS; i++) {
                final long start = THREADS.getCurrentThreadCpuTime();
                final double alone = timed(signed, verifier);
                final long between = THREADS.getCurrentThreadCpuTime();
                final long before = ThreadMeter.cpuNs(workers);
                parallel[i] = timed(signed, pool);
                final long own = THREADS.getCurrentThreadCpuTime() - between;
                parallelCpu[i] = (double) (ThreadMeter.cpuNs(workers) - before + own) / signed.size();
                cpu[i] = (double) (between - start) / signed.size();
                speedup[i] = alone / parallel[i];
            }
        }
        return new Verification(median(cpu), median(parallel), median(speedup), median(cpu) / median(parallelCpu));
    }

    private static double timed(List<SignedOperation> signed, SignatureCheck check) {
        final long start = System.nanoTime();
        for (final boolean valid : check.verifyAll(signed)) {
            if (!valid) {
                throw new IllegalStateException("a signature of this run is not valid");
            }
        }
        return (double) (System.nanoTime() - start) / signed.size();
    }

    /** Nanoseconds for a twin operation that shares its signature, the signature left out: the best of some runs. */
    private double batchedNs() throws IOException {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < REPETITIONS; i++) {
            best = Math.min(best, oneBatchedRun());
        }
        return best;
    }

    private double oneBatchedRun() throws IOException {
        try (Replica author = open();
                Replica replica = open();
                OperationCodec codec = new OperationCodec()) {
            final List<byte[]> operations = new ArrayList<>();
            for (int i = 0; i < 2 * VERIFIED / 10; i++) {
                operations.add(codec.encode(issue(author, i * BATCH, (i + 1) * BATCH)));
            }
            replica.receiveAll(operations.subList(0, VERIFIED / 10), TRUSTING);
            final long start = THREADS.getCurrentThreadCpuTime();
            replica.receiveAll(operations.subList(VERIFIED / 10, 2 * VERIFIED / 10), TRUSTING);
            return (double) (THREADS.getCurrentThreadCpuTime() - start) / ((long) VERIFIED / 10 * BATCH);
        }
    }

    private double subgroupCheckNs() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment point = arena.allocate(EdwardsPoints.LENGTH).copyFrom(writer.publicKey());
            long best = Long.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                final long start = THREADS.getCurrentThreadCpuTime();
                for (int n = 0; n < POINTS; n++) {
                    if (!EdwardsPoints.isInSubgroup(point)) {
                        throw new IllegalStateException("a key of this run is not valid");
                    }
                }
                best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
            }
            return (double) best / POINTS;
        }
    }

    private double heapBytesPerEntry() throws IOException {
        final int size = SIZES[SIZES.length - 1];
        final long before = usedHeap();
        final MemoryLog log = new MemoryLog();
        try (Replica replica = open(log)) {
            fill(replica, size);
            long records = 0;
            for (int i = 0; i < log.size(); i++) {
                records += log.read(i).length;
            }
            final double used = usedHeap() - before - records;
            if (replica.twin().properties().size() != size) {
                throw new IllegalStateException("the map has not the size that was asked for");
            }
            return used / size;
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void fill(Replica replica, int size) throws IOException {
        for (int from = 0; from < size; from += BATCH) {
            issue(replica, from, Math.min(size, from + BATCH));
        }
    }

    private SignedOperation issue(Replica replica, int from, int end) throws IOException {
        final Draft draft = replica.draft(actor(filler));
        for (int i = from; i < end; i++) {
            draft.set("key " + i, Value.of("value " + i));
        }
        return replica.issue(filler, draft);
    }

    private Replica open() throws IOException {
        return open(new MemoryLog());
    }

    private Replica open(MemoryLog log) throws IOException {
        return Replica.open(
                TWIN,
                registry,
                new HybridClock(System::currentTimeMillis, 60_000),
                log,
                ReplicaLimits.DEFAULT,
                new SecureRandomness());
    }

    private static double flatness(double[] costs) {
        return Arrays.stream(costs).max().orElseThrow()
                / Arrays.stream(costs).min().orElseThrow();
    }

    private static ActorId actor(Ed25519KeyPair key) {
        return ActorId.read(key.publicKey(), 0);
    }

    private static Ed25519KeyPair key(int number) {
        try (Arena arena = Arena.ofConfined()) {
            return Ed25519KeyPair.fromSeed(arena.allocate(32).fill((byte) number));
        }
    }

    private record Verification(double cpuNs, double parallelNs, double speedup, double efficiency) {}
}

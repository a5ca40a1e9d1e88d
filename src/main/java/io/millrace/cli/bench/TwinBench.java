package io.millrace.cli.bench;

import io.millrace.crdt.ActorId;
import io.millrace.crdt.ActorRegistry;
import io.millrace.crdt.Draft;
import io.millrace.crdt.HybridClock;
import io.millrace.crdt.MemoryLog;
import io.millrace.crdt.OperationCodec;
import io.millrace.crdt.OperationVerifier;
import io.millrace.crdt.PooledCheck;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.SignatureCheck;
import io.millrace.crdt.SignedOperation;
import io.millrace.crdt.TwinId;
import io.millrace.crdt.Value;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.EdwardsPoints;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.Sodium;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Measures signed documents: what an operation costs with a map of a thousand to a million entries, and how many are
 * verified in a second, one by one, under shared signatures and on several threads.
 *
 * <p>Not thread safe; one run.
 */
final class TwinBench {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final int BATCH = 256;
    private static final int WINDOW = 250;
    private static final int WINDOWS = 40;
    private static final int REPETITIONS = 3;
    private static final int VERIFIED = 2000;
    private static final int POINTS = 500;
    private static final long SEED = 42;
    private static final TwinId TWIN = new TwinId(1, 1);
    private static final SignatureCheck TRUSTING = operations -> {
        final boolean[] valid = new boolean[operations.size()];
        Arrays.fill(valid, true);
        return valid;
    };

    private final Consumer<String> progress;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Ed25519KeyPair filler;
    private final Ed25519KeyPair writer;
    private final ActorRegistry registry;

    TwinBench(Consumer<String> progress) {
        this.progress = progress;
        this.filler = key(1);
        this.writer = key(2);
        this.registry = ActorRegistry.of(Map.of(actor(filler), "filler", actor(writer), "writer"));
    }

    TwinFigures run() {
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
        curvePoint(SIZES[0], 0); // warms up
        final List<double[]> applied = new ArrayList<>();
        for (final int size : SIZES) {
            progress.accept("map of " + size + " entries ...");
            double best = Double.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                best = Math.min(best, curvePoint(size, i));
            }
            applied.add(new double[] {size, best});
        }
        progress.accept("signatures ...");
        final List<SignedOperation> signed = new ArrayList<>();
        final double signNs = sign(signed);
        final double verifyNs = verify(signed);
        final int threads = Runtime.getRuntime().availableProcessors();
        final double parallel = parallel(signed, threads);
        final List<TwinFigures.Point> curve = applied.stream()
                .map(point -> new TwinFigures.Point((int) point[0], point[1], point[1] + verifyNs))
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
                1e9 / parallel,
                verifyNs / parallel,
                subgroupCheckNs(),
                heapBytesPerEntry());
    }

    /** Median nanoseconds for an operation with one property each, on a map of {@code size} entries. */
    private double curvePoint(int size, int salt) throws IOException {
        try (Replica replica = open();
                Replica author = open();
                OperationCodec codec = new OperationCodec()) {
            fill(replica, size);
            final double[] samples = new double[WINDOWS];
            for (int window = 0; window < WINDOWS; window++) {
                final List<byte[]> operations = new ArrayList<>(WINDOW);
                for (int i = 0; i < WINDOW; i++) {
                    final String key =
                            i % 2 == 0 ? "new " + salt + "/" + window + "/" + i : "key " + random.nextInt(size);
                    operations.add(codec.encode(
                            author.issue(writer, author.draft(actor(writer)).set(key, Value.of("overwritten")))));
                }
                final long start = System.nanoTime();
                replica.receiveAll(operations, TRUSTING);
                samples[window] = (double) (System.nanoTime() - start) / WINDOW;
            }
            Arrays.sort(samples);
            return samples[WINDOWS / 2];
        }
    }

    private double sign(List<SignedOperation> signed) throws IOException {
        try (Replica author = open()) {
            final long start = System.nanoTime();
            for (int i = 0; i < VERIFIED; i++) {
                signed.add(author.issue(writer, author.draft(actor(writer)).set("key " + i, Value.of("value"))));
            }
            return (double) (System.nanoTime() - start) / VERIFIED;
        }
    }

    private static double verify(List<SignedOperation> signed) {
        try (OperationVerifier verifier = new OperationVerifier()) {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                best = Math.min(best, timed(signed, verifier));
            }
            return best;
        }
    }

    private static double parallel(List<SignedOperation> signed, int threads) {
        try (PooledCheck pool = new PooledCheck(threads)) {
            double best = Double.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                best = Math.min(best, timed(signed, pool));
            }
            return best;
        }
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
            final long start = System.nanoTime();
            replica.receiveAll(operations.subList(VERIFIED / 10, 2 * VERIFIED / 10), TRUSTING);
            return (double) (System.nanoTime() - start) / ((long) VERIFIED / 10 * BATCH);
        }
    }

    private double subgroupCheckNs() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment point = arena.allocate(EdwardsPoints.LENGTH).copyFrom(writer.publicKey());
            long best = Long.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                final long start = System.nanoTime();
                for (int n = 0; n < POINTS; n++) {
                    if (!EdwardsPoints.isInSubgroup(point)) {
                        throw new IllegalStateException("a key of this run is not valid");
                    }
                }
                best = Math.min(best, System.nanoTime() - start);
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
}

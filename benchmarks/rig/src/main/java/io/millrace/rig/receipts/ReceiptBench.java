package io.millrace.rig.receipts;

import io.millrace.crypto.Ed25519;
import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.Sha256;
import io.millrace.crypto.ShortSha256;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.ReceiptCounters;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.rig.bed.ReceiptLoad;
import io.millrace.rig.measure.Percentiles;
import io.millrace.rig.measure.Quartiles;
import io.millrace.rig.measure.ThreadMeter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Measures receipts by themselves: one producer keeps two batches waiting, the service's own thread encodes, hashes, signs
 * and stores, and the store's group commit makes it durable meanwhile. For batch sizes from 1 to 4,096.
 *
 * <p>Not thread safe.
 */
public final class ReceiptBench {
    private static final int[] SIZES = {1, 4, 16, 64, 256, 1_024, 4_096};
    private static final int REFERENCE_SIZE = 1_024;
    private static final long WARMUP_NS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long MEASURE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int SIGNED_LENGTH = 130;
    private static final int SIGNATURES = 16;
    private static final int BESIDE_SIZE = 64;
    private static final int BESIDE_ROUNDS = 15;
    private static final long BESIDE_OFFER_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long BESIDE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final SigningMode mode;
    private final long ladderNs;

    /**
     * A measurement in that mode.
     *
     * @param mode of signing.
     * @param ladderNs length of a ladder in nanoseconds, above 0.
     */
    public ReceiptBench(SigningMode mode, long ladderNs) {
        this.mode = mode;
        this.ladderNs = ladderNs;
    }

    /**
     * Time that a measurement takes, by plan.
     *
     * @param mode of signing.
     * @return in seconds.
     */
    public static double seconds(SigningMode mode) {
        final double sizes = SIZES.length * (WARMUP_NS + MEASURE_NS) / 1e9;
        return mode == SigningMode.SINGLE ? sizes + BESIDE_ROUNDS * BESIDE_NS / 1e9 : sizes;
    }

    /**
     * Measures all sizes; takes some two seconds for each.
     *
     * @param packets counters of the receipts that the packets of the run left.
     * @throws IOException if a log in the folder for temporary files cannot be written.
     */
    public ReceiptFigures run(ReceiptCounters packets) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment digest = arena.allocate(Sha256.LENGTH);
            final List<ReceiptFigures.Size> sizes = new ArrayList<>();
            ReceiptLoad.compile(mode);
            for (int limit : SIZES) {
                sizes.add(measure(limit, digest));
            }
            final ReceiptFigures.Size reference = sizes.stream()
                    .filter(size -> size.batchLimit() == REFERENCE_SIZE)
                    .findFirst()
                    .orElseThrow();
            return new ReceiptFigures(
                    mode.name().toLowerCase(Locale.ROOT),
                    ShortSha256.fastest(arena).name(),
                    reference.perSecondPerCore(),
                    reference.ladders(),
                    mode == SigningMode.SINGLE ? round(ofLibsodium(arena, digest), 1_000) : 0,
                    packets.appended(),
                    packets.queueFull() + packets.logFull(),
                    sizes);
        }
    }

    private ReceiptFigures.Size measure(int limit, MemorySegment digest) throws IOException {
        final int queue = Math.max(16, Integer.highestOneBit(4 * limit));
        try (ReceiptLoad load = new ReceiptLoad(new ReceiptOptions(mode, queue, limit))) {
            final ReceiptService service = load.service();
            load.offer(limit, digest, WARMUP_NS);
            service.resetLatency();
            final List<Thread> threads = load.threads();
            final ReceiptCounters before = service.counters();
            final long cpuBefore = ThreadMeter.cpuNs(threads);
            load.offer(limit, digest, MEASURE_NS);
            final ReceiptCounters after = service.counters();
            final long cpu = ThreadMeter.cpuNs(threads) - cpuBefore;
            final double receipts = Math.max(1, after.appended() - before.appended());
            final Histogram latency = service.latency();
            final double each = cpu / receipts;
            final boolean durable = becomesDurable(load);
            final ReceiptCounters end = service.counters();
            return new ReceiptFigures.Size(
                    limit,
                    round(receipts / Math.max(1, after.batches() - before.batches()), 10),
                    round(1e9 / each, 1),
                    round(each, 10),
                    round(each / ladderNs, 10_000),
                    Percentiles.of(latency),
                    end.queueFull() + end.logFull(),
                    durable);
        }
    }

    /** Whether only the store's group commit brings everything to the disk. */
    private static boolean becomesDurable(ReceiptLoad load) {
        final long start = System.nanoTime();
        while (load.service().counters().waiting() > 0
                || load.store().durablePosition() < load.store().position()) {
            if (System.nanoTime() - start > DRAIN_NS) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /**
     * Receipts per second of the receipts thread as a part of libsodium's bare signatures: this thread signs while that one
     * does, so that changes of the machine affect both. Median of the rounds.
     */
    private double ofLibsodium(Arena arena, MemorySegment digest) throws IOException {
        final MemorySegment message = arena.allocate(SIGNED_LENGTH);
        final MemorySegment signature = arena.allocate(Ed25519.SIGNATURE_LENGTH);
        final List<Double> rounds = new ArrayList<>();
        try (ReceiptLoad load = new ReceiptLoad(new ReceiptOptions(mode, 4 * BESIDE_SIZE, BESIDE_SIZE));
                Ed25519KeyPair pair = Ed25519KeyPair.fromSeed(arena.allocate(Ed25519.SEED_LENGTH))) {
            final List<Thread> self = List.of(Thread.currentThread());
            final List<Thread> receiptThread = List.of(load.service().thread());
            for (int i = -1; i < BESIDE_ROUNDS; i++) { // the first does not count
                final long receiptsBefore = load.service().counters().appended();
                final long receiptCpuBefore = ThreadMeter.cpuNs(receiptThread);
                long signCpuNs = 0;
                long signatures = 0;
                final long start = System.nanoTime();
                while (System.nanoTime() - start < BESIDE_NS) {
                    load.offer(BESIDE_SIZE, digest, BESIDE_OFFER_NS);
                    final long before = ThreadMeter.cpuNs(self);
                    for (int each = 0; each < SIGNATURES; each++) {
                        pair.sign(signature, message);
                    }
                    signCpuNs += ThreadMeter.cpuNs(self) - before;
                    signatures += SIGNATURES;
                }
                final long receipts = load.service().counters().appended() - receiptsBefore;
                final long receiptCpuNs = ThreadMeter.cpuNs(receiptThread) - receiptCpuBefore;
                if (i >= 0) {
                    rounds.add((double) signCpuNs / signatures * receipts / receiptCpuNs);
                }
            }
        }
        return Quartiles.of(rounds).median();
    }

    private static double round(double value, double parts) {
        return Math.round(value * parts) / parts;
    }
}

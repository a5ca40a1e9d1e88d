package io.millrace.rig.bed;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.Sha256;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.SigningMode;
import io.millrace.receipt.StoredReceipts;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.store.CommitPolicy;
import io.millrace.tlog.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A receipt log in a temporary directory, with the service that fills it; both are gone when this is closed. */
public final class ReceiptLoad implements AutoCloseable {
    private static final ReceiptId TWIN = new ReceiptId(0, 1);
    private static final String ORIGIN = "millrace/bench";
    private static final long MAX_LENGTH = 1L << 33;
    private static final int COMPILED_BATCH = 64;
    private static final int COMPILED_AFTER = 500_000;
    private static final long COMPILED_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long COMPILED_MOST_NS = TimeUnit.SECONDS.toNanos(3);

    private final Path directory;
    private final LogKey key;
    private final StoredReceipts store;
    private final ReceiptService service;

    /**
     * Opens a log with the store's default group commit.
     *
     * @param options sizes of queue and batches, and the mode of signing.
     * @throws IOException if its files cannot be made in the folder for temporary files.
     */
    public ReceiptLoad(ReceiptOptions options) throws IOException {
        directory = Files.createTempDirectory("millrace-receipts");
        try (SecretKey seed = SecretKey.generate(new SecureRandomness())) {
            key = LogKey.ofSeed(ORIGIN, seed.segment());
        }
        store = StoredReceipts.open(directory, CommitPolicy.DEFAULT, MAX_LENGTH);
        try {
            service = ReceiptService.start(store, key, TWIN, options, checkpoint -> {});
        } catch (RefusedException e) {
            throw new AssertionError("a fresh log is not damaged", e);
        }
    }

    /** For the packets of a run. */
    static ReceiptLoad ofPackets(SigningMode mode) throws IOException {
        return new ReceiptLoad(ReceiptOptions.of(mode));
    }

    /**
     * Makes receipts until the compiler has seen enough of them: a relay's few in a short run would be made by the
     * interpreter, and cost several times their later cost. Takes 3 seconds at the most.
     *
     * @param mode of signing.
     */
    public static void compile(SigningMode mode) throws IOException {
        try (Arena arena = Arena.ofConfined();
                ReceiptLoad load = new ReceiptLoad(new ReceiptOptions(mode, 4 * COMPILED_BATCH, COMPILED_BATCH))) {
            final MemorySegment digest = arena.allocate(Sha256.LENGTH);
            final long start = System.nanoTime();
            while (load.service().counters().appended() < COMPILED_AFTER
                    && System.nanoTime() - start < COMPILED_MOST_NS) {
                load.offer(COMPILED_BATCH, digest, COMPILED_LOOK_NS);
            }
        }
    }

    /**
     * Offers receipts on this thread, such that two batches wait.
     *
     * @param limit receipts of a batch.
     * @param digest of their operations, 32 bytes, native.
     * @param forNs how long, in nanoseconds.
     */
    public void offer(int limit, MemorySegment digest, long forNs) {
        final long start = System.nanoTime();
        long now = start;
        while (now - start < forNs) {
            if (service.queueLength() < 2L * limit) {
                service.offer(Operation.FORWARDED.code(), 1, now, now, digest, 0, 1);
            } else {
                Thread.onSpinWait();
            }
            now = System.nanoTime();
        }
    }

    /** Makes the receipts; closed with this. */
    public ReceiptService service() {
        return service;
    }

    /** Keeps them; closed with this. */
    public StoredReceipts store() {
        return store;
    }

    /** The receipts thread and those that make its log durable. */
    public List<Thread> threads() {
        final List<Thread> threads = new ArrayList<>(ThreadMeter.committing(directory));
        threads.add(service.thread());
        return threads;
    }

    @Override
    public void close() throws IOException {
        service.close();
        store.close();
        key.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

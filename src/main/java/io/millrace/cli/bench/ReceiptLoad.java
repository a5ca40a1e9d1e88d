package io.millrace.cli.bench;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.RefusedException;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.ReceiptOptions;
import io.millrace.relay.ReceiptService;
import io.millrace.store.CommitPolicy;
import io.millrace.store.StoredReceipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A receipt log in a temporary directory, with the service that fills it; both are gone when this is closed. */
final class ReceiptLoad implements AutoCloseable {
    private static final ReceiptId TWIN = new ReceiptId(0, 1);
    private static final String ORIGIN = "millrace/bench";
    private static final long MAX_LENGTH = 1L << 33;

    private final Path directory;
    private final LogKey key;
    private final StoredReceipts store;
    private final ReceiptService service;

    /** Opens a log with the store's default group commit. */
    ReceiptLoad(ReceiptOptions options) throws IOException {
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

    ReceiptService service() {
        return service;
    }

    StoredReceipts store() {
        return store;
    }

    /** The receipts thread and those that make its log durable. */
    List<Thread> threads() {
        final List<Thread> threads = new ArrayList<>(ThreadMeter.named("millrace-commit-" + directory.getFileName()));
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

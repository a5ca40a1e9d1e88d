package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Segments of a receipt log as files: begun, kept, deleted, and read while another writes. */
@Timeout(300)
class ReceiptSegmentsTest {
    /** Each batch begins another segment. */
    private static final ReceiptRetention KEEP_TWO = new ReceiptRetention(1L << 40, 1, 2);

    private final Arena arena = Arena.ofShared();
    private final LogKey key = LogKey.ofSeed("relay.example/receipts", arena.allocate(32));

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        key.close();
        arena.close();
    }

    @Test
    void oldSegmentsAreDeletedOnceACheckpointBehindThemIsPublished() throws Exception {
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            long before = 0;
            for (int batch = 0; batch < 5; batch++) {
                append(log, 3);
                assertThat(store.position()).isGreaterThan(before);
                assertThat(store.durablePosition()).isBetween(before, store.position());
                before = store.position();
            }
            assertThat(ReceiptSegments.list(folder)).containsExactly(0, 1, 2, 3, 4);
            store.release(5);
            assertThat(ReceiptSegments.list(folder)).as("published: 5").containsExactly(1, 2, 3, 4);
            store.commit();
            store.release(log.size());
            assertThat(ReceiptSegments.list(folder)).containsExactly(2, 3, 4);
            expect(6, 15);
        }
    }

    @Test
    void aReopenedLogGoesOnInItsNewestSegment() throws Exception {
        Optional<Checkpoint> published = Optional.empty();
        for (int run = 0; run < 3; run++) {
            try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                    ReceiptLog log = ReceiptLog.open(store, key, SigningMode.SINGLE, published)) {
                append(log, 2);
                append(log, 2);
                published = Optional.of(Checkpoint.parse(log.checkpoint().text()));
                store.commit();
                store.release(log.size());
            }
        }
        assertThat(ReceiptSegments.list(folder)).containsExactly(3, 4, 5);
        expect(6, 12);
    }

    @Test
    void aSegmentThatAKilledProcessHadOnlyMadeIsTakenBack() throws Exception {
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            append(log, 3);
            append(log, 3);
        }
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT)) {
            store.log(ReceiptSegments.layout(2));
        }
        expect(0, 6);
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            append(log, 3);
        }
        expect(0, 9);
    }

    @Test
    void aReaderFollowsWhileSegmentsBeginAndAreDeleted() throws Exception {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            append(log, 1);
            final Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    for (int batch = 0; batch < 8; batch++) {
                        append(log, 4);
                        store.release(log.size());
                    }
                } catch (Throwable t) {
                    failure.set(t);
                }
            });
            long size = 0;
            while (writer.isAlive()) {
                final LogAudit.Report report = audit();
                assertThat(report.fault()).isEmpty();
                assertThat(report.size()).isGreaterThanOrEqualTo(size);
                size = report.size();
            }
            writer.join();
        }
        assertThat(failure.get()).isNull();
        expect(21, 33);
    }

    @Test
    void aSegmentThatIsMissingIsFound() throws Exception {
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            append(log, 3);
            append(log, 3);
            append(log, 3);
        }
        Files.delete(folder.resolve("receipts-1.log"));

        assertThat(audit().fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("missing between segments"));
    }

    private void expect(long first, long size) throws IOException {
        final LogAudit.Report report = audit();
        assertThat(report.fault()).isEmpty();
        assertThat(report.first()).isEqualTo(first);
        assertThat(report.size()).isEqualTo(size);
        try (ReceiptLogView view = ReceiptLogView.openDurable(folder)) {
            assertThat(new LogReader(view).state().first()).isEqualTo(first);
        }
    }

    private LogAudit.Report audit() throws IOException {
        try (ReceiptLogView view = ReceiptLogView.open(folder)) {
            return new LogAudit(view, key.verifierKey()).run(List.of());
        }
    }

    private void append(ReceiptLog log, int count) {
        try (Arena scratch = Arena.ofConfined()) {
            final ReceiptBatch batch = new ReceiptBatch(scratch, count);
            for (int i = 0; i < count; i++) {
                final ReceiptId id = new ReceiptId(i, log.size());
                batch.add(new Receipt(
                        id,
                        id,
                        300,
                        id,
                        0,
                        Hash.of(new byte[32]),
                        0,
                        key.verifierKey().keyId()));
            }
            assertThat(log.append(batch)).isTrue();
        }
    }
}

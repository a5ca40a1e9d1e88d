package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.CommitPolicy;
import io.millrace.tlog.Hash;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receipt is found by operation id and read from its segment, without the segments before. */
class ReceiptLookUpTest {
    /** Each batch begins another segment. */
    private static final ReceiptRetention KEEP_TWO = new ReceiptRetention(1L << 40, 1, 2);

    private final Arena arena = Arena.ofConfined();
    private final LogKey key = LogKey.ofSeed("relay.example/receipts", arena.allocate(32));
    private final MemoryReceiptIndex index = new MemoryReceiptIndex();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        key.close();
        arena.close();
    }

    @Test
    void everyKeptReceiptIsReadByItsIndex() throws Exception {
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            for (int i = 0; i < 5; i++) {
                append(log, 100 + 3 * i, 3);
            }
            store.commit();
            store.release(log.size());
        }
        try (ReceiptLogView view = ReceiptLogView.open(folder)) {
            IndexCatchUp.run(index, view);
            assertThat(index.coverage().size()).isEqualTo(15);
            assertThat(find(105)).as("deleted").isEqualTo(ReceiptIndex.ABSENT);
            assertThat(view.encoding(5)).isEmpty();
            for (int i = 6; i < 15; i++) {
                assertThat(find(100 + i)).isEqualTo(i);
                assertThat(view.encoding(i).orElseThrow())
                        .isEqualTo(new LogReader(view).entry(i).orElseThrow().encoding());
            }
            assertThat(view.encoding(15)).isEmpty();
        }
    }

    @Test
    void catchingUpReadsFromTheSegmentOfTheCoverageOn() throws Exception {
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, KEEP_TWO);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            for (int i = 0; i < 6; i++) {
                append(log, 3 * i, 3);
                try (ReceiptLogView view = ReceiptLogView.open(folder)) {
                    assertThat(IndexCatchUp.run(index, view)).isEqualTo(3);
                    final AtomicInteger records = new AtomicInteger();
                    view.forEachFrom(3L * i, record -> records.incrementAndGet() > 0);
                    assertThat(records.get())
                            .as("the segment's record and a batch")
                            .isLessThanOrEqualTo(2);
                }
            }
        }
        assertThat(find(17)).isEqualTo(17);
    }

    @Test
    void aReceiptOfABatchThatNeverEndedIsNotTheOneThatIsFound() throws Exception {
        try (MemoryReceiptStore whole = new MemoryReceiptStore();
                ReceiptLog log = ReceiptLog.open(whole, key, SigningMode.BATCH);
                StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, 1L << 30)) {
            append(log, 5_000, 600);
            whole.forEach(record -> {
                assertThat(store.append(record, (int) record.byteSize())).isTrue();
                return false; // the process is killed after the first of three records
            });
        }
        try (StoredReceipts store = StoredReceipts.open(folder, CommitPolicy.DEFAULT, 1L << 30);
                ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            append(log, 0, 3);
        }
        try (ReceiptLogView view = ReceiptLogView.open(folder)) {
            IndexCatchUp.run(index, view);
            assertThat(find(5_001)).isEqualTo(ReceiptIndex.ABSENT);
            assertThat(find(1)).isEqualTo(1);
            assertThat(view.encoding(1).orElseThrow())
                    .isEqualTo(new LogReader(view).entry(1).orElseThrow().encoding());
        }
    }

    private long find(int number) {
        return index.find(number, number);
    }

    private void append(ReceiptLog log, int first, int count) {
        final ReceiptBatch batch = new ReceiptBatch(arena, count);
        for (int i = first; i < first + count; i++) {
            final ReceiptId id = new ReceiptId(i, i);
            batch.add(new Receipt(id, id, 300, id, 1, Hash.of(new byte[Hash.LENGTH]), 0, 1));
        }
        assertThat(log.append(batch)).isTrue();
    }
}

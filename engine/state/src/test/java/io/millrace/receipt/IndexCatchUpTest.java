package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.receipt.ReceiptIndex.Coverage;
import io.millrace.tlog.Hash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An index comes up to date with its log, and forgets another log's. */
class IndexCatchUpTest {
    private final LogKey key = Receipts.key(Receipts.ORIGIN, 7);
    private final AlteredReceiptStore store = new AlteredReceiptStore();
    private final MemoryReceiptIndex index = new MemoryReceiptIndex();
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        key.close();
        arena.close();
    }

    @Test
    void readsOnlyTheReceiptsAfterTheCoverage() throws Exception {
        append(store, 0, 10);
        assertThat(IndexCatchUp.run(index, store)).isEqualTo(10);
        append(store, 10, 300);
        assertThat(IndexCatchUp.run(index, store)).isEqualTo(300);
        assertThat(IndexCatchUp.run(index, store)).isZero();
        for (int i = 0; i < 310; i++) {
            assertThat(find(i)).isEqualTo(i);
        }
        assertThat(index.coverage().size()).isEqualTo(310);
        assertThat(index.coverage().root())
                .isEqualTo(new LogReader(store).state().root());
    }

    @Test
    void aLogKeepsItsIndexUpToDate() throws Exception {
        append(store, 0, 5);
        try (ReceiptLog log = ReceiptLog.open(store, key, SigningMode.SINGLE, Optional.empty(), index)) {
            assertThat(find(4)).isEqualTo(4);
            log.append(batch(5, 3));
            assertThat(find(7)).isEqualTo(7);
            assertThat(index.coverage())
                    .isEqualTo(new Coverage(8, new LogReader(store).state().root()));
        }
        assertThat(IndexCatchUp.run(index, store)).isZero();
    }

    @Test
    void aSecondReceiptOfAnOperationLeavesTheFirst() throws Exception {
        append(store, 0, 5);
        append(store, 2, 5);
        IndexCatchUp.run(index, store);
        assertThat(find(2)).isEqualTo(2);
        assertThat(find(6)).isEqualTo(9);
    }

    @Test
    void aBatchThatNeverEndedIsNotInTheIndex() throws Exception {
        append(store, 0, 600); // three records: one batch
        store.records.removeLast();
        IndexCatchUp.run(index, store);
        assertThat(index.coverage()).isEqualTo(Coverage.NONE);
        assertThat(find(0)).isEqualTo(ReceiptIndex.ABSENT);

        append(store, 1_000, 3);
        IndexCatchUp.run(index, store);
        assertThat(find(0)).isEqualTo(ReceiptIndex.ABSENT);
        assertThat(find(1_001)).isEqualTo(1);
    }

    @Test
    void anIndexOfAnotherLogIsBuiltAnew() throws Exception {
        append(store, 0, 10);
        IndexCatchUp.run(index, store);
        final AlteredReceiptStore other = new AlteredReceiptStore();
        append(other, 100, 4);
        append(other, 104, 6);
        assertThat(IndexCatchUp.run(index, other)).isEqualTo(10);
        assertThat(find(0)).isEqualTo(ReceiptIndex.ABSENT);
        assertThat(find(105)).isEqualTo(5);

        final AlteredReceiptStore shorter = new AlteredReceiptStore();
        append(shorter, 100, 4);
        assertThat(IndexCatchUp.run(index, shorter)).isEqualTo(4);
        assertThat(find(105)).isEqualTo(ReceiptIndex.ABSENT);
    }

    @Test
    void goesOnOverSegmentsAndBehindDeletedOnes() throws Exception {
        store.segmentRecords(2);
        for (int i = 0; i < 12; i++) {
            append(store, 3 * i, 3);
        }
        IndexCatchUp.run(index, store);
        assertThat(find(35)).isEqualTo(35);
        assertThat(store.deleteSegment()).isTrue();
        append(store, 36, 3);
        assertThat(IndexCatchUp.run(index, store)).isEqualTo(3);
        assertThat(find(0)).as("the index may keep deleted receipts").isZero();
        assertThat(find(38)).isEqualTo(38);

        final MemoryReceiptIndex fresh = new MemoryReceiptIndex();
        IndexCatchUp.run(fresh, store);
        assertThat(fresh.find(38, 38)).isEqualTo(38);
        assertThat(fresh.find(0, 0)).isEqualTo(ReceiptIndex.ABSENT);
    }

    @Test
    void aDamagedLogIsRefused() throws Exception {
        append(store, 0, 3);
        append(store, 3, 3);
        append(store, 6, 3);
        store.records.remove(1);
        assertThatThrownBy(() -> IndexCatchUp.run(index, store))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the log is damaged");
    }

    private long find(int number) {
        return index.find(number, number);
    }

    private void append(AlteredReceiptStore to, int first, int count) throws Exception {
        try (ReceiptLog log = ReceiptLog.open(to, key, SigningMode.BATCH)) {
            log.append(batch(first, count));
        }
    }

    private ReceiptBatch batch(int first, int count) {
        final ReceiptBatch batch = new ReceiptBatch(arena, count);
        for (int i = first; i < first + count; i++) {
            final ReceiptId id = new ReceiptId(i, i);
            batch.add(new Receipt(id, id, 300, id, 1, Hash.of(new byte[Hash.LENGTH]), 0, 1));
        }
        return batch;
    }
}

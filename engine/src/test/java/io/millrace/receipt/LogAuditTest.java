package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody with the files but without the key can do to a log, and that it is found. */
class LogAuditTest {
    private final LogKey key = Receipts.key(Receipts.ORIGIN, 7);
    private final VerifierKey verifier = key.verifierKey();
    private MemoryReceiptStore store;
    private Checkpoint early;
    private Checkpoint late;

    @BeforeEach
    void makeLog() throws Exception {
        make(SigningMode.BATCH);
    }

    @AfterEach
    void closeKey() {
        key.close();
    }

    @ParameterizedTest
    @EnumSource
    void findsNothingInAGoodLog(SigningMode mode) throws Exception {
        make(mode);

        final LogAudit.Report report = new LogAudit(store, verifier).run(List.of(early, late));
        assertThat(report.fault()).isEmpty();
        assertThat(report.size()).isEqualTo(9);
        assertThat(report.signatures()).isEqualTo(mode == SigningMode.SINGLE ? 9 + 2 : 4);
    }

    @ParameterizedTest
    @EnumSource
    void findsEveryByteThatWasChanged(SigningMode mode) throws Exception {
        make(mode);
        for (int record = 0; record < store.records.size(); record++) {
            for (int at = 0; at < store.records.get(record).length; at++) {
                final MemoryReceiptStore changed = store.copy();
                changed.records.get(record)[at] ^= 1;
                assertThat(new LogAudit(changed, verifier).run(List.of(late)).passed())
                        .as("record %d, byte %d", record, at)
                        .isFalse();
            }
        }
    }

    @Test
    void findsADeletedRecord() throws Exception {
        store.records.remove(1);

        expect("missing or out of order");
    }

    @Test
    void findsRecordsInAnotherOrder() throws Exception {
        Collections.swap(store.records, 1, 2);

        expect("missing or out of order");
    }

    @Test
    void findsReceiptsInAnotherOrderWithinABatch() throws Exception {
        final byte[] record = store.records.get(1);
        for (int i = 0; i < BatchRecord.SLOT_LENGTH; i++) {
            final int a = (int) BatchRecord.slot(0) + i;
            final int b = (int) BatchRecord.slot(1) + i;
            final byte kept = record[a];
            record[a] = record[b];
            record[b] = kept;
        }

        expect("do not hash to the root");
    }

    @Test
    void findsALogThatWasCutShortByAKeptCheckpoint() throws Exception {
        store.records.removeLast();

        assertThat(new LogAudit(store, verifier).run(List.of(early)).fault()).isEmpty();
        expect("cut short");
    }

    @Test
    void findsAForkByAKeptCheckpoint() throws Exception {
        // The operator itself, with the real key, writes another history after the early checkpoint.
        while (store.records.size() > 2) {
            store.records.removeLast();
        }
        try (ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH)) {
            Receipts.append(log, new SplittableRandom(99), verifier.keyId(), 3, 2);
        }

        assertThat(new LogAudit(store, verifier).run(List.of(early)).fault()).isEmpty();
        expect("rewritten");
    }

    @Test
    void aForkIsShownByTwoSignedCheckpointsAlone() throws Exception {
        final SignedNote one;
        final SignedNote other;
        try (ReceiptLog log = ReceiptLog.open(new MemoryReceiptStore(), key, SigningMode.BATCH)) {
            Receipts.append(log, new SplittableRandom(1), verifier.keyId(), 4);
            one = log.checkpoint();
        }
        final MemoryReceiptStore forked = new MemoryReceiptStore();
        try (ReceiptLog log = ReceiptLog.open(forked, key, SigningMode.BATCH)) {
            Receipts.append(log, new SplittableRandom(2), verifier.keyId(), 4, 1);
            other = log.checkpoint();
        }
        final ConsistencyProof claimed = new LogReader(forked).proofs().consistency(4, 5);
        final GrowthProof proof = new GrowthProof(4, claimed.path(), other);
        final Checkpoint earlier = Checkpoint.verified(one, CheckpointPolicy.of(verifier));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> proof.verify(earlier, CheckpointPolicy.of(verifier)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("does not continue");
    }

    @ParameterizedTest
    @EnumSource
    void findsAForgedKey(SigningMode mode) throws Exception {
        final MemoryReceiptStore forged = new MemoryReceiptStore();
        try (LogKey forger = Receipts.key(Receipts.ORIGIN, 8);
                ReceiptLog log = ReceiptLog.open(forged, forger, mode)) {
            // With the id of the real key in every receipt.
            Receipts.append(log, new SplittableRandom(3), verifier.keyId(), 4);
            log.checkpoint();
        }

        assertThat(new LogAudit(forged, verifier).run(List.of()).fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("is not of " + verifier));
    }

    @Test
    void findsReceiptsUnderNoSignature() throws Exception {
        // Somebody without the key appends: right in form, root and all, but nobody signed it.
        final byte[] record = store.records.getLast();
        record[1] = BatchRecord.ENDS_BATCH;
        java.util.Arrays.fill(record, 48, BatchRecord.HEADER_LENGTH, (byte) 0);

        expect("under no signature");
    }

    private void make(SigningMode mode) throws Exception {
        store = new MemoryReceiptStore();
        try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            final SplittableRandom random = new SplittableRandom(5);
            Receipts.append(log, random, verifier.keyId(), 1, 3);
            early = Checkpoint.parse(log.checkpoint().text());
            Receipts.append(log, random, verifier.keyId(), 3, 2);
            late = Checkpoint.parse(log.checkpoint().text());
        }
    }

    private void expect(String what) throws Exception {
        assertThat(new LogAudit(store, verifier).run(List.of(early, late)).fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains(what));
    }
}

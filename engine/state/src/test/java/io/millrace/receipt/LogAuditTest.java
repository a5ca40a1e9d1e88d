package io.millrace.receipt;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.CheckpointPolicy;
import io.millrace.tlog.ConsistencyProof;
import io.millrace.tlog.GrowthProof;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attacks on a log by a holder of the files without the key: each is found. */
class LogAuditTest {
    private final LogKey key = Receipts.key(Receipts.ORIGIN, 7);
    private final VerifierKey verifier = key.verifierKey();
    private AlteredReceiptStore store;
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
                final AlteredReceiptStore changed = store.copy();
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
        try (ReceiptLog log = ReceiptLog.open(new AlteredReceiptStore(), key, SigningMode.BATCH)) {
            Receipts.append(log, new SplittableRandom(1), verifier.keyId(), 4);
            one = log.checkpoint();
        }
        final AlteredReceiptStore forked = new AlteredReceiptStore();
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
        final AlteredReceiptStore forged = new AlteredReceiptStore();
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
        // An attacker without the key appends: right in form, root and all, but it is not signed.
        final byte[] record = store.records.getLast();
        record[1] = BatchRecord.ENDS_BATCH;
        java.util.Arrays.fill(record, 48, BatchRecord.HEADER_LENGTH, (byte) 0);

        expect("have no signature");
    }

    @Test
    @SuppressWarnings("ReferenceEquality")
    void singleSignaturesFindWhatIsDeletedMovedOrRepeatedThoughAllRootsAreMadeAnew() throws Exception {
        make(SigningMode.SINGLE);
        final List<List<Signed>> batches = batches();
        assertThat(new LogAudit(written(batches), verifier).run(List.of()).fault())
                .as("nothing changed")
                .isEmpty();

        int changes = 0;
        for (int batch = 0; batch < batches.size(); batch++) {
            for (int i = 0; i < batches.get(batch).size(); i++) {
                final boolean last =
                        batch == batches.size() - 1 && i == batches.get(batch).size() - 1;
                final List<List<Signed>> deleted = copy(batches);
                deleted.get(batch).remove(i);
                final List<List<Signed>> repeated = copy(batches);
                repeated.get(batch).add(i, batches.get(batch).get(i));
                final List<List<Signed>> moved = copy(batches);
                moved.getFirst().addFirst(moved.get(batch).remove(i));
                for (List<List<Signed>> changed : List.of(deleted, repeated, moved)) {
                    if ((last && changed == deleted) || changed.equals(batches)) {
                        continue; // a log that was cut short: only a kept checkpoint shows it
                    }
                    assertThat(new LogAudit(written(changed), verifier)
                                    .run(List.of())
                                    .fault())
                            .as("batch %d, receipt %d", batch, i)
                            .hasValueSatisfying(fault -> assertThat(fault).contains("deleted, inserted or moved"));
                    changes++;
                }
            }
        }
        assertThat(changes).isEqualTo(3 * 9 - 2);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Signed(byte[] encoding, byte[] signature) {}

    /** The receipts of the log by batch; the records that only sign are left out. */
    private List<List<Signed>> batches() {
        final List<List<Signed>> batches = new ArrayList<>();
        for (byte[] bytes : store.records) {
            final MemorySegment record = MemorySegment.ofArray(bytes);
            final List<Signed> batch = new ArrayList<>();
            for (int i = 0; i < BatchRecord.count(record); i++) {
                batch.add(new Signed(BatchRecord.encoding(record, i), BatchRecord.eachSignature(record, i)));
            }
            if (!batch.isEmpty()) {
                batches.add(batch);
            }
        }
        return batches;
    }

    private static List<List<Signed>> copy(List<List<Signed>> batches) {
        final List<List<Signed>> copy = new ArrayList<>();
        batches.forEach(batch -> copy.add(new ArrayList<>(batch)));
        return copy;
    }

    /** A log of these receipts with the right indexes and roots, as one without the key can write it. */
    private static AlteredReceiptStore written(List<List<Signed>> batches) {
        final AlteredReceiptStore written = new AlteredReceiptStore();
        final List<Hash> leaves = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (List<Signed> batch : batches) {
                final int count = batch.size();
                final int flags = BatchRecord.ENDS_BATCH | BatchRecord.EACH_SIGNED;
                final MemorySegment record = arena.allocate(BatchRecord.length(count, flags), 8);
                BatchRecord.header(record, flags, count, leaves.size());
                for (int i = 0; i < count; i++) {
                    final Signed receipt = batch.get(i);
                    final long at = BatchRecord.slot(i);
                    record.set(JAVA_BYTE, at, (byte) receipt.encoding.length);
                    MemorySegment.copy(receipt.encoding, 0, record, JAVA_BYTE, at + 1, receipt.encoding.length);
                    MemorySegment.copy(
                            receipt.signature, 0, record, JAVA_BYTE, BatchRecord.eachSignature(i, count), 64);
                    leaves.add(MerkleHash.leaf(receipt.encoding));
                }
                final MemorySegment root = arena.allocate(Hash.LENGTH);
                root(leaves).copyTo(root, 0);
                BatchRecord.root(record, root);
                written.append(record, (int) record.byteSize());
            }
        }
        return written;
    }

    private static Hash root(List<Hash> leaves) {
        if (leaves.size() <= 1) {
            return leaves.isEmpty() ? MerkleHash.EMPTY_ROOT : leaves.getFirst();
        }
        final int middle = Integer.highestOneBit(leaves.size() - 1);
        return MerkleHash.node(root(leaves.subList(0, middle)), root(leaves.subList(middle, leaves.size())));
    }

    private void make(SigningMode mode) throws Exception {
        store = new AlteredReceiptStore();
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

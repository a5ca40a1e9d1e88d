package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.ProofBuilder;
import io.millrace.tlog.VerifierKey;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log in segments of which the oldest are deleted, against the same log in one piece. */
class LogSegmentsTest {
    private static final int BATCHES = 30;

    private final LogKey key = Receipts.key(Receipts.ORIGIN, 7);
    private final VerifierKey verifier = key.verifierKey();
    private final AlteredReceiptStore divided = new AlteredReceiptStore();
    private final AlteredReceiptStore whole = new AlteredReceiptStore();
    private final Set<Long> ends = new HashSet<>();
    private SplittableRandom random;

    @AfterEach
    void closeKey() {
        key.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKeptIsVerifiedAndProvedAndContinuesTheEndsOfWhatWasDeleted(SigningMode mode) throws Exception {
        write(mode);
        final LogReader all = new LogReader(whole);
        final long size = all.state().size();
        final Hash root = all.state().root();
        do {
            final LogReader reader = new LogReader(divided);
            final LogReader.State state = reader.state();
            assertThat(state.fault()).isEmpty();
            assertThat(state.size()).isEqualTo(size);
            assertThat(state.root()).isEqualTo(root);
            final long first = state.first();
            final LogAudit.Report report = new LogAudit(divided, verifier).run(keptAtEnds(all, first));
            assertThat(report.fault()).isEmpty();
            assertThat(report.first()).isEqualTo(first);

            for (long index = first; index < size; index += 1 + random.nextInt(9)) {
                final byte[] encoding = all.entry(index).orElseThrow().encoding();
                final LogReader.Entry entry = reader.entry(index).orElseThrow();
                assertThat(entry.encoding()).isEqualTo(encoding);
                assertThat(reader.proofs().inclusion(index, size).verify(MerkleHash.leaf(encoding), root))
                        .isTrue();
                entry.signature()
                        .ifPresent(signature -> assertThat(ReceiptSignature.verify(signature, encoding, verifier))
                                .isTrue());
            }
            for (long old = 1; old <= size; old += 1 + random.nextInt(3)) {
                if (old >= first || ends.contains(old)) {
                    assertThat(reader.proofs()
                                    .consistency(old, size)
                                    .verify(all.proofs().root(old), root))
                            .as("from %d, the first kept is %d", old, first)
                            .isTrue();
                }
            }
        } while (divided.deleteSegment());
    }

    @ParameterizedTest
    @EnumSource
    void aLogGoesOnAfterItsOldestSegmentsAreDeleted(SigningMode mode) throws Exception {
        write(mode);
        for (int round = 0; round < 5; round++) {
            divided.deleteSegment();
            final Checkpoint published = Checkpoint.parse(new LogReader(divided)
                    .state()
                    .checkpoint()
                    .orElseThrow()
                    .note(verifier)
                    .text());
            final SplittableRandom same = new SplittableRandom(round);
            append(divided, mode, new SplittableRandom(round), published);
            append(whole, mode, same, published);
            assertThat(new LogReader(divided).state().root())
                    .isEqualTo(new LogReader(whole).state().root());
            assertThat(new LogAudit(divided, verifier).run(List.of(published)).fault())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsHistoryALogProvesFromItsFirstSegmentOn(SigningMode mode) throws Exception {
        write(mode);
        final LogReader all = new LogReader(whole);
        divided.deleteSegment();
        divided.deleteSegment();
        divided.deleteHistory();
        final LogReader reader = new LogReader(divided);
        final LogReader.State state = reader.state();

        assertThat(new LogAudit(divided, verifier).run(List.of()).fault()).isEmpty();
        assertThat(reader.proofs()
                        .consistency(state.first(), state.size())
                        .verify(all.proofs().root(state.first()), state.root()))
                .isTrue();
        final ProofBuilder proofs = reader.proofs();
        assertThatThrownBy(() -> proofs.consistency(1, state.size())).isInstanceOf(UncheckedIOException.class);
        assertThat(new LogAudit(divided, verifier)
                        .run(List.of(
                                new Checkpoint(key.origin(), 1, all.proofs().root(1))))
                        .fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("cannot be compared"));
    }

    @ParameterizedTest
    @EnumSource
    void everyByteOfASegmentsBeginningThatWasChangedIsFound(SigningMode mode) throws Exception {
        write(mode, 12, 3, 3);
        divided.deleteSegment();
        divided.deleteSegment();
        int checked = 0;
        for (int record = 0; record < divided.records.size(); record++) {
            if (!SegmentRecord.isOne(MemorySegment.ofArray(divided.records.get(record)))) {
                continue;
            }
            checked++;
            for (int at = 0; at < divided.records.get(record).length; at++) {
                final AlteredReceiptStore changed = divided.copy();
                changed.records.get(record)[at] ^= 1;
                assertThat(new LogAudit(changed, verifier).run(List.of()).passed())
                        .as("record %d, byte %d", record, at)
                        .isFalse();
            }
        }
        assertThat(checked).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void aMissingSegmentInTheMiddleIsFound(SigningMode mode) throws Exception {
        write(mode);
        final List<Integer> begins = new ArrayList<>();
        for (int i = 0; i < divided.records.size(); i++) {
            if (SegmentRecord.isOne(MemorySegment.ofArray(divided.records.get(i)))) {
                begins.add(i);
            }
        }
        divided.records.subList(begins.get(1), begins.get(2)).clear();

        assertThat(new LogAudit(divided, verifier).run(List.of()).fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("missing between segments"));
    }

    private void write(SigningMode mode) throws Exception {
        write(mode, BATCHES, 4, 7);
    }

    private void write(SigningMode mode, int batches, int segmentRecords, int sizeBits) throws Exception {
        final long seed = System.nanoTime();
        System.out.println("LogSegmentsTest seed " + seed);
        random = new SplittableRandom(seed);
        divided.segmentRecords(segmentRecords);
        try (ReceiptLog inSegments = ReceiptLog.open(divided, key, mode);
                ReceiptLog inOne = ReceiptLog.open(whole, key, mode)) {
            for (int batch = 0; batch < batches; batch++) {
                final int count = 1 + random.nextInt(1 << random.nextInt(sizeBits));
                final long contents = random.nextLong();
                if (divided.isSegmentDue()) {
                    ends.add(inSegments.size());
                }
                Receipts.append(inSegments, new SplittableRandom(contents), verifier.keyId(), count);
                Receipts.append(inOne, new SplittableRandom(contents), verifier.keyId(), count);
            }
            inSegments.checkpoint();
            inOne.checkpoint();
        }
    }

    private void append(AlteredReceiptStore store, SigningMode mode, SplittableRandom contents, Checkpoint published)
            throws Exception {
        try (ReceiptLog log = ReceiptLog.open(store, key, mode, Optional.of(published))) {
            Receipts.append(log, contents, verifier.keyId(), 3, 1, 7, 2, 2);
            log.checkpoint();
        }
    }

    private List<Checkpoint> keptAtEnds(LogReader all, long first) {
        final List<Checkpoint> kept = new ArrayList<>();
        for (long end : ends) {
            kept.add(new Checkpoint(key.origin(), end, all.proofs().root(end)));
        }
        kept.add(new Checkpoint(key.origin(), first, all.proofs().root(first)));
        return kept;
    }
}

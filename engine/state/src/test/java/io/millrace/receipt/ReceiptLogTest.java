package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.TrackedArena;
import io.millrace.tlog.CheckpointPolicy;
import io.millrace.tlog.InclusionProof;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.TlogProof;
import io.millrace.tlog.VerifierKey;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Appending, reopening, proving; in both signing modes. */
class ReceiptLogTest {
    private final LogKey key = Receipts.key(Receipts.ORIGIN, 7);
    private final VerifierKey verifier = key.verifierKey();
    private final AlteredReceiptStore store = new AlteredReceiptStore();
    private final SplittableRandom random = new SplittableRandom(42);

    @AfterEach
    void closeKey() {
        key.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyReceiptIsProvedByFilesAlone(SigningMode mode) throws Exception {
        final List<byte[]> encodings;
        final SignedNote checkpoint;
        try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            encodings = Receipts.append(log, random, verifier.keyId(), 1, 7, 300, 1, 64);
            checkpoint = log.checkpoint();
        }
        final LogReader reader = new LogReader(store);
        final LogReader.State state = reader.state();
        assertThat(state.fault()).isEmpty();
        assertThat(state.size()).isEqualTo(encodings.size());
        assertThat(state.checkpoint().orElseThrow().note(verifier)).hasToString(checkpoint.toString());

        for (int index = 0; index < encodings.size(); index += 1 + index / 3) {
            final InclusionProof inclusion = reader.proofs().inclusion(index, state.size());
            final TlogProof written = new TlogProof(new byte[0], index, inclusion.path(), checkpoint);
            final TlogProof read =
                    TlogProof.parse(written.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            final LogReader.Entry entry = reader.entry(index).orElseThrow();

            assertThat(entry.encoding()).isEqualTo(encodings.get(index));
            assertThat(read.verify(entry.encoding(), CheckpointPolicy.of(verifier))
                            .size())
                    .isEqualTo(state.size());
            if (mode == SigningMode.SINGLE) {
                assertThat(ReceiptSignature.verify(entry.signature().orElseThrow(), entry.encoding(), verifier))
                        .isTrue();
            } else {
                assertThat(entry.signature()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReopenedLogContinuesWhereItWas(SigningMode mode) throws Exception {
        final AlteredReceiptStore once = new AlteredReceiptStore();
        try (ReceiptLog log = ReceiptLog.open(once, key, mode)) {
            Receipts.append(log, new SplittableRandom(1), verifier.keyId(), 5, 600, 3);
        }
        final SplittableRandom same = new SplittableRandom(1);
        for (int count : new int[] {5, 600, 3}) {
            try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
                Receipts.append(log, same, verifier.keyId(), count);
            }
        }

        assertThat(new LogReader(store).state().root())
                .isEqualTo(new LogReader(once).state().root());
        assertThat(new LogAudit(store, verifier).run(List.of()).fault()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatWasCutOffIsNotInTheLogAndTheNextOneTakesItsPlace(SigningMode mode) throws Exception {
        try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            Receipts.append(log, random, verifier.keyId(), 10, 600);
        }
        store.records.removeLast(); // the process was killed before it
        try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            assertThat(log.size()).isEqualTo(10);
            assertThat(log.abandoned()).isEqualTo(512);
            Receipts.append(log, random, verifier.keyId(), 2);
        }

        final LogAudit.Report report = new LogAudit(store, verifier).run(List.of());
        assertThat(report.fault()).isEmpty();
        assertThat(report.size()).isEqualTo(12);
        assertThat(report.abandoned()).isEqualTo(512);
    }

    @ParameterizedTest
    @EnumSource
    void aFullStoreTakesNothingMoreAndNothingIsHalfInTheLog(SigningMode mode) throws Exception {
        try (Arena arena = Arena.ofConfined();
                ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            Receipts.append(log, random, verifier.keyId(), 10);
            store.maxRecords(2);
            final ReceiptBatch batch = new ReceiptBatch(arena, 600);
            while (!batch.isFull()) {
                batch.add(Receipts.receipt(random, verifier.keyId()));
            }
            assertThat(log.append(batch)).isFalse();
            store.maxRecords(100);
            assertThat(log.append(batch)).isFalse();
            assertThatThrownBy(log::checkpoint).hasMessageContaining("full");
        }
        assertThat(new LogReader(store).state().size()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void refusesTheKeyOfAnotherAndADamagedLog(SigningMode mode) throws Exception {
        try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            Receipts.append(log, random, verifier.keyId(), 3, 3);
            log.checkpoint();
        }
        final long before = TrackedArena.liveBytes();
        try (LogKey other = Receipts.key(Receipts.ORIGIN, 8)) {
            assertThatThrownBy(() -> ReceiptLog.open(store, other, mode)).hasMessageContaining("another key");
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
        store.records.getFirst()[130] ^= 1;
        assertThatThrownBy(() -> ReceiptLog.open(store, key, mode)).hasMessageContaining("damaged");
    }

    @ParameterizedTest
    @EnumSource
    void appendingAllocatesNothing(SigningMode mode) throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        final DiscardingStore discarding = new DiscardingStore();
        try (Arena arena = Arena.ofConfined();
                ReceiptLog log = ReceiptLog.open(discarding, key, mode)) {
            final ReceiptBatch batch = new ReceiptBatch(arena, 16);
            final Receipt receipt = Receipts.receipt(random, verifier.keyId());
            while (!batch.isFull()) {
                batch.add(receipt);
            }
            final int rounds = 1_000;
            for (int i = 0; i < 3 * rounds; i++) {
                log.append(batch);
            }
            final List<Long> attempts = new ArrayList<>();
            for (int attempt = 0; attempt < 20; attempt++) {
                final long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < rounds; i++) {
                    log.append(batch);
                }
                attempts.add((threads.getThreadAllocatedBytes(thread) - before) / rounds);
                if (attempts.getLast() == 0) {
                    break;
                }
            }
            assertThat(attempts.getLast())
                    .as("bytes per batch, by attempt: %s", attempts)
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingGivesAllMemoryBack(SigningMode mode) throws Exception {
        final long before = TrackedArena.liveBytes();
        try (ReceiptLog log = ReceiptLog.open(store, key, mode)) {
            assertThat(log.size()).isZero();
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(before);
    }

    /** Takes everything and keeps nothing. */
    private static final class DiscardingStore implements ReceiptStore {
        private long position;

        @Override
        public boolean append(java.lang.foreign.MemorySegment record, int length) {
            position += length;
            return true;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long durablePosition() {
            return position;
        }

        @Override
        public void commit() {}

        @Override
        public void forEach(Visitor visitor) {}

        @Override
        public void close() {}
    }
}

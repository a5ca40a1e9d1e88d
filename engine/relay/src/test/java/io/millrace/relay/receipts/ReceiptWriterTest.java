package io.millrace.relay.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.metrics.NanoClock;
import io.millrace.receipt.LogAudit;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptLog;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.packet.LatencyRecorder;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.CheckpointPolicy;
import io.millrace.tlog.RefusedException;
import io.millrace.tlog.SignedNote;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints leave when they are durable: a loss of power at any moment takes none back. */
class ReceiptWriterTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final int STEPS = 400;

    private final Arena arena = Arena.ofShared();
    private final LogKey key = LogKey.ofSeed("relay.example/receipts", arena.allocate(SecretKey.LENGTH));
    private long nowNs = SECOND_NS;

    @AfterEach
    void close() {
        key.close();
        arena.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyCheckpointThatLeftIsInTheLogAfterALossOfPower(SigningMode mode) throws Exception {
        final long seed = System.nanoTime();
        System.out.println("ReceiptWriterTest seed " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        final MemoryReceiptStore store = new MemoryReceiptStore();
        final List<Checkpoint> left = new ArrayList<>();
        final List<MemoryReceiptStore> afterLossOfPower = new ArrayList<>();
        final NanoClock clock = () -> nowNs;
        try (ReceiptLog log = ReceiptLog.open(store, key, mode);
                ReceiptWriter writer = new ReceiptWriter(
                        store,
                        log,
                        key,
                        new ReceiptId(1, 2),
                        16,
                        clock,
                        new LatencyRecorder(1),
                        note -> {
                            left.add(verified(note));
                            afterLossOfPower.add(store.durableCopy());
                        },
                        null)) {
            for (int step = 0; step < STEPS; step++) {
                nowNs += random.nextLong(SECOND_NS);
                switch (random.nextInt(3)) {
                    case 0 -> writer.onEvent(event(step), step, true);
                    case 1 -> store.commit();
                    default -> writer.publishIfDue(false);
                }
            }
            writer.publishIfDue(true);
        }

        assertThat(left).hasSizeGreaterThan(10);
        for (int i = 0; i < left.size(); i++) {
            final MemoryReceiptStore durable = afterLossOfPower.get(i);
            assertThat(new LogAudit(durable, key.verifierKey())
                            .run(left.subList(0, i + 1))
                            .fault())
                    .as("checkpoint %d, seed %d", i, seed)
                    .isEmpty();
            try (ReceiptLog reopened = ReceiptLog.open(durable, key, mode, Optional.of(left.get(i)))) {
                assertThat(reopened.size()).isGreaterThanOrEqualTo(left.get(i).size());
            }
        }
    }

    @Test
    void aLogThatLostItsPublishedCheckpointIsRefused() throws Exception {
        final MemoryReceiptStore store = new MemoryReceiptStore();
        final Checkpoint published;
        try (ReceiptLog log = ReceiptLog.open(store, key, SigningMode.BATCH);
                ReceiptWriter writer = new ReceiptWriter(
                        store,
                        log,
                        key,
                        new ReceiptId(1, 2),
                        16,
                        () -> nowNs,
                        new LatencyRecorder(1),
                        note -> {},
                        null)) {
            writer.onEvent(event(0), 0, true);
            store.commit();
            writer.onEvent(event(1), 1, true);
            published = verified(log.checkpoint());
        }
        try (ReceiptLog whole = ReceiptLog.open(store, key, SigningMode.BATCH, Optional.of(published))) {
            assertThat(whole.size()).isEqualTo(2);
        }
        for (MemoryReceiptStore lost : List.of(store.durableCopy(), new MemoryReceiptStore())) {
            assertThatThrownBy(() -> ReceiptLog.open(lost, key, SigningMode.BATCH, Optional.of(published)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("does not contain the checkpoint");
        }
        final MemoryReceiptStore other = new MemoryReceiptStore();
        try (ReceiptLog log = ReceiptLog.open(other, key, SigningMode.BATCH);
                ReceiptWriter writer = new ReceiptWriter(
                        other,
                        log,
                        key,
                        new ReceiptId(1, 2),
                        16,
                        () -> nowNs,
                        new LatencyRecorder(1),
                        note -> {},
                        null)) {
            writer.onEvent(event(0), 0, true);
            writer.onEvent(event(1), 1, true);
        }
        assertThatThrownBy(() -> ReceiptLog.open(other, key, SigningMode.BATCH, Optional.of(published)))
                .as("another history of the same length")
                .isInstanceOf(RefusedException.class);
    }

    private static ReceiptEvent event(int number) {
        final ReceiptEvent event = new ReceiptEvent();
        event.operation = 300;
        event.actorLow = number;
        return event;
    }

    private Checkpoint verified(SignedNote note) {
        try {
            return Checkpoint.verified(note, CheckpointPolicy.of(key.verifierKey()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

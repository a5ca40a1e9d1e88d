package io.millrace.relay.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.Sha256;
import io.millrace.memory.TrackedArena;
import io.millrace.receipt.LogAudit;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptStore;
import io.millrace.receipt.SigningMode;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receipts from the queue to the log, on the real thread. */
class ReceiptServiceTest {
    private static final ReceiptId TWIN = new ReceiptId(1, 2);

    private final long liveBytes = TrackedArena.liveBytes();
    private final Arena arena = Arena.ofShared();
    private final LogKey key = LogKey.ofSeed("relay.example/receipts", arena.allocate(32));
    private final MemorySegment digest = arena.allocate(32).fill((byte) 9);
    private final List<SignedNote> checkpoints = new ArrayList<>();

    @BeforeEach
    void loadSodium() {
        Sha256.hash(arena.allocate(32), digest);
    }

    @AfterEach
    void allMemoryIsBack() {
        key.close();
        arena.close();
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasOfferedIsInTheLogOnceAndInOrder(SigningMode mode) throws Exception {
        final MemoryReceiptStore store = new MemoryReceiptStore();
        final ReceiptOptions options = new ReceiptOptions(mode, 64, 16);
        final int count = 1_000;
        try (ReceiptService service = ReceiptService.start(store, key, TWIN, options, checkpoints::add)) {
            for (int i = 0; i < count; i++) {
                while (!service.offer(300, 7, i, System.nanoTime(), digest, 0, i)) {
                    Thread.onSpinWait();
                }
            }
        }

        assertThat(new LogAudit(store, key.verifierKey()).run(List.of()).fault())
                .isEmpty();
        final List<Receipt> receipts = receipts(store);
        assertThat(receipts).hasSize(count);
        final Set<ReceiptId> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            final Receipt receipt = receipts.get(i);
            assertThat(receipt.actorId()).isEqualTo(new ReceiptId(7, i));
            assertThat(receipt.twinId()).isEqualTo(TWIN);
            assertThat(receipt.result()).isEqualTo(i);
            assertThat(receipt.keyId()).isEqualTo(key.verifierKey().keyId());
            ids.add(receipt.operationId());
        }
        assertThat(ids).hasSize(count);
        assertThat(checkpoints.getLast().text()).contains("\n" + count + "\n");
        assertThat(checkpoints.getLast().check(key.verifierKey())).isEqualTo(SignedNote.Check.VALID);
    }

    @Test
    void aFullQueueLosesReceiptsAndCountsThemAndNeverWaits() throws Exception {
        final CountDownLatch go = new CountDownLatch(1);
        final ReceiptStore store = new WaitingReceiptStore(go);
        final ReceiptOptions options = new ReceiptOptions(SigningMode.BATCH, 16, 4);
        final ReceiptCounters counters;
        try (ReceiptService service = ReceiptService.start(store, key, TWIN, options, checkpoints::add)) {
            int taken = 0;
            for (int i = 0; i < 1_000; i++) {
                taken += service.offer(300, 7, i, System.nanoTime(), digest, 0, 0) ? 1 : 0;
            }
            counters = service.counters();
            assertThat(counters.offered()).isEqualTo(1_000);
            assertThat(counters.queueFull()).isEqualTo(1_000 - taken).isGreaterThan(900);
            go.countDown();
        }

        assertThat(receipts(store)).hasSize((int) (1_000 - counters.queueFull()));
    }

    @Test
    void aFullLogLosesReceiptsAndCountsThem() throws Exception {
        final ReceiptStore store = new MemoryReceiptStore(0);
        final ReceiptCounters counters;
        try (ReceiptService service = ReceiptService.start(
                store, key, TWIN, new ReceiptOptions(SigningMode.BATCH, 64, 4), checkpoints::add)) {
            for (int i = 0; i < 50; i++) {
                service.offer(300, 7, i, System.nanoTime(), digest, 0, 0);
            }
            while (service.counters().waiting() > 0) {
                Thread.onSpinWait();
            }
            counters = service.counters();
        }

        assertThat(counters.logFull()).isEqualTo(50);
        assertThat(counters.appended()).isZero();
    }

    @Test
    void offeringAllocatesNothing() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        try (ReceiptService service = ReceiptService.start(
                new MemoryReceiptStore(),
                key,
                TWIN,
                new ReceiptOptions(SigningMode.BATCH, 1 << 17, 1_024),
                note -> {})) {
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
                final long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < 5_000; i++) {
                    service.offer(300, 7, i, i, digest, 0, 0);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertThat(least).isZero();
        }
    }

    @Test
    @Timeout(300)
    void anOfferWakesTheThreadThatSleeps() throws Exception {
        try (ReceiptService service = ReceiptService.start(
                new MemoryReceiptStore(), key, TWIN, ReceiptOptions.of(SigningMode.BATCH), checkpoints::add)) {
            // The thread may just have woken by itself, to look for checkpoints: then the next offer counts.
            while (service.wakeup().wakeUps() == 0) {
                while (!service.wakeup().isAsleep()) {
                    Thread.onSpinWait();
                }
                service.offer(300, 7, 0, System.nanoTime(), digest, 0, 0);
            }
            while (service.counters().waiting() > 0) {
                Thread.onSpinWait();
            }
            assertThat(service.counters().appended()).isPositive();
        }
    }

    /** Agrona would end the thread at an error, and receipts would wait for ever. */
    @Test
    @Timeout(300)
    void anIdleStrategyThatFailsIsToldAndTheThreadGoesOnLosingReceipts() throws Exception {
        final AssertionError fault = new AssertionError("for a test");
        try (ReceiptService service = ReceiptService.start(
                new MemoryReceiptStore(),
                key,
                TWIN,
                ReceiptOptions.of(SigningMode.BATCH),
                checkpoints::add,
                null,
                ignored -> new FailingIdleStrategy(fault))) {
            while (service.failure().isEmpty()) {
                assertThat(service.thread().isAlive()).isTrue();
            }
            assertThat(service.failure()).containsSame(fault);
            service.offer(300, 7, 0, System.nanoTime(), digest, 0, 0);
            while (service.counters().waiting() > 0) {
                assertThat(service.thread().isAlive()).isTrue();
            }
            assertThat(service.counters().logFull()).isOne();
            assertThat(service.thread().isAlive()).isTrue();
        }
    }

    private record FailingIdleStrategy(Error fault) implements IdleStrategy {
        @Override
        public void idle(int workCount) {
            throw fault;
        }

        @Override
        public void idle() {
            throw fault;
        }

        @Override
        public void reset() {}
    }

    private static List<Receipt> receipts(ReceiptStore store) throws IOException {
        final List<Receipt> receipts = new ArrayList<>();
        new LogReader(store).forEach(0, entry -> {
            try {
                return receipts.add(ReceiptEncoding.decode(entry.encoding()));
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        });
        return receipts;
    }
}

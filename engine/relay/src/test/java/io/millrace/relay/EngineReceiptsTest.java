package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.memory.TrackedArena;
import io.millrace.receipt.LogAudit;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.LogReader;
import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptStore;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.SignedNote;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receipts of a whole engine. */
class EngineReceiptsTest {
    private static final ReceiptId TWIN = new ReceiptId(1, 2);

    private final long liveBytes = TrackedArena.liveBytes();
    private final Arena arena = Arena.ofShared();
    private final LogKey key = LogKey.ofSeed("relay.example/receipts", arena.allocate(32));
    private final List<SignedNote> checkpoints = new ArrayList<>();

    @AfterEach
    void allMemoryIsBack() {
        key.close();
        arena.close();
        assertThat(TrackedArena.liveBytes()).as("live native bytes").isEqualTo(liveBytes);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void anEngineSignsForEveryPacket(ThreadingMode threading) throws Exception {
        final MemoryReceiptStore store = new MemoryReceiptStore();
        final EngineConfig config = EngineConfig.builder()
                .threading(threading)
                .slotCount(1_024)
                .tick(Duration.ofMillis(1))
                .maxDelay(Duration.ofMillis(100))
                .build();
        try (ReceiptService service =
                        ReceiptService.start(store, key, TWIN, ReceiptOptions.of(SigningMode.BATCH), checkpoints::add);
                EngineUnderTest test = new EngineUnderTest(
                        config, 5, 1_000, builder -> builder.receipts(service, EnumSet.allOf(Operation.class)))) {
            test.engine.start();
            for (int i = 0; i < 20; i++) {
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.SECOND)));
                test.inbound.add(test.seal(test.packetForRelay()));
            }
            while (test.engine.counters().received() < 60) {
                Thread.onSpinWait();
            }
            assertThat(test.engine.stop(Duration.ofSeconds(30))).isTrue();
        }

        assertThat(new LogAudit(store, key.verifierKey()).run(List.of()).fault())
                .isEmpty();
        final List<Receipt> receipts = receipts(store);
        assertThat(packets(receipts, Operation.FORWARDED)).isEqualTo(40);
        assertThat(packets(receipts, Operation.CUSTODY)).isEqualTo(20);
        // The links have keys agreed on beforehand: no handshake, so no session to sign for.
        assertThat(count(receipts, Operation.SESSION_BEGAN)).isZero();
        assertThat(count(receipts, Operation.SESSION_ENDED)).isZero();
        assertThat(receipts.stream()
                        .filter(receipt -> receipt.operation() == Operation.FORWARDED.code())
                        .map(Receipt::actorId)
                        .distinct())
                .hasSize(2);
    }

    private static int packets(List<Receipt> receipts, Operation operation) {
        return receipts.stream()
                .filter(receipt -> receipt.operation() == operation.code())
                .mapToInt(Receipt::result)
                .sum();
    }

    private static long count(List<Receipt> receipts, Operation operation) {
        return receipts.stream()
                .filter(receipt -> receipt.operation() == operation.code())
                .count();
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

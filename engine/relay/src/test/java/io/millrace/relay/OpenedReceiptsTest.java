package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.MemoryReceiptStore;
import io.millrace.receipt.Operation;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptOpening;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.ReceiptOptions;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.sphinx.CommandType;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sender finds its packets in the receipts of the relay that they passed, by the delay tags that wrapping gave. */
class OpenedReceiptsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final ReceiptId TWIN = new ReceiptId(5, 6);
    private static final int PACKETS = 40;

    private record Opened(Receipt receipt, ReceiptOpening opening) {}

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void eachPacketIsCoveredOnceAndCoverLikeDeliveries(ThreadingMode mode) throws Exception {
        final EngineConfig config = EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(1_024)
                .build();
        final List<Opened> opened = new CopyOnWriteArrayList<>();
        final List<long[]> forwarded = new ArrayList<>();
        final List<long[]> ended = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                LogKey key = LogKey.ofSeed("relay.example/receipts", arena.allocate(32));
                ReceiptService service = ReceiptService.start(
                        new MemoryReceiptStore(),
                        key,
                        TWIN,
                        ReceiptOptions.of(SigningMode.BATCH),
                        note -> {},
                        (receipt, opening) -> opened.add(new Opened(receipt, opening)));
                EngineUnderTest test = new EngineUnderTest(
                        config, 11, 1_000, builder -> builder.receipts(service, EnumSet.allOf(Operation.class)))) {
            test.engine.start();
            for (int i = 0; i < PACKETS; i++) {
                test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
                forwarded.add(test.delayTag());
                test.inbound.add(test.seal(test.packetForRelay()));
                ended.add(test.delayTag());
                test.inbound.add(test.seal(test.packetForRelay(CommandType.DROP_COVER, 1, 2, new byte[8])));
                ended.add(test.delayTag());
            }
            while (test.engine.counters().received() < 3 * PACKETS
                    || test.engine.counters().inFlight() > 0) {
                assertThat(test.engine.failure()).isEmpty();
                Thread.onSpinWait();
            }
            assertThat(test.engine.stop(LONG)).isTrue();
        }

        assertThat(opened).allMatch(each -> each.opening.opens(each.receipt));
        assertThat(opened).allMatch(each -> each.receipt.twinId().equals(TWIN));
        assertCovered(opened, Operation.FORWARDED, forwarded);
        assertCovered(opened, Operation.CUSTODY, ended);
    }

    private static void assertCovered(List<Opened> opened, Operation operation, List<long[]> tags) {
        final List<Opened> receipts = opened.stream()
                .filter(each -> each.receipt.operation() == operation.code())
                .toList();
        assertThat(receipts.stream().mapToInt(each -> each.receipt.result()).sum())
                .as(operation.label())
                .isEqualTo(tags.size());
        for (long[] tag : tags) {
            assertThat(receipts.stream().filter(each -> each.opening.covers(tag[0], tag[1])))
                    .as(operation.label())
                    .hasSize(1);
        }
    }
}

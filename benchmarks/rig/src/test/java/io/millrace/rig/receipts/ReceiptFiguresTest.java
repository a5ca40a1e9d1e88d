package io.millrace.rig.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiptFiguresTest {
    @Test
    void passOnlyIfNothingWasLostAndAllBecameDurable() {
        assertThat(figures(0, 0, true).passed()).isTrue();
        assertThat(figures(1, 0, true).passed()).isFalse();
        assertThat(figures(0, 1, true).passed()).isFalse();
        assertThat(figures(0, 0, false).passed()).isFalse();
    }

    private static ReceiptFigures figures(long lostOfPackets, long lost, boolean durable) {
        return new ReceiptFigures(
                "batch", "sodium", 1, 1, 0, 10, lostOfPackets, List.of(size(0, true), size(lost, durable)));
    }

    private static ReceiptFigures.Size size(long lost, boolean durable) {
        return new ReceiptFigures.Size(1, 1, 1, 1, 1, Map.of(), lost, durable);
    }
}

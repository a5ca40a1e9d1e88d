package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.htx.admission.AdmissionConfig;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three hundred hostile connections of every kind at once against a server over real sockets. */
@Timeout(120)
class HtxFloodTest {
    private static final int ATTACKERS = 300;
    private static final int MAX_PENDING = 24;
    private static final long TIMEOUT_NS = 1_000_000_000L;

    @Test
    void honestSessionsComeThroughAndEveryAttackerIsAccountedFor() throws IOException, InterruptedException {
        final AdmissionConfig admission = new AdmissionConfig(20, 50, 1 << 10, 1 << 12, MAX_PENDING, TIMEOUT_NS);
        final FloodReport report = new HtxFlood(ATTACKERS, Duration.ofMillis(500), admission).measure();

        assertThat(report.honestComplete()).isTrue();
        assertThat(report.accounted()).as("%s", report).isEqualTo(ATTACKERS);
        assertThat(report.peakPending()).isLessThanOrEqualTo(MAX_PENDING);
        assertThat(report.peakBufferedBytes()).isPositive().isLessThanOrEqualTo(report.bufferedBytesLimit());
        assertThat(report.peakConnections()).isLessThanOrEqualTo(ATTACKERS + 30);
        assertThat(report.rejections())
                .as("%s", report)
                .containsEntry("incomplete", (long) report.attackersByKind().get("incomplete"))
                .containsKeys("bad-version", "unknown-ticket", "duplicate-ticket", "timed-out", "abandoned");
    }
}

package io.millrace.rig.flood;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three hundred hostile connections of every kind at once against a server over real sockets. */
@Timeout(300)
class HtxFloodTest {
    private static final int ATTACKERS = 300;
    private static final int MAX_PENDING = 24;
    private static final long TIMEOUT_NS = 1_000_000_000L;

    @Test
    void honestSessionsComeThroughAndEveryAttackerIsAccountedFor() throws IOException, InterruptedException {
        final AdmissionConfig admission = new AdmissionConfig(20, 50, 1 << 10, 1 << 12, MAX_PENDING, TIMEOUT_NS);
        final FloodReport report =
                new HtxFlood(ATTACKERS, Duration.ofMillis(500), admission, Progress.silent()).measure();

        for (FloodWave wave : List.of(report.stated(), report.saturated())) {
            assertThat(wave.honestComplete()).isTrue();
            assertThat(wave.accounted()).as("%s", wave).isEqualTo(ATTACKERS);
            assertThat(wave.peakPending()).isLessThanOrEqualTo(MAX_PENDING);
            assertThat(wave.peakBufferedBytes()).isPositive().isLessThanOrEqualTo(wave.bufferedBytesLimit());
            assertThat(wave.peakConnections()).isLessThanOrEqualTo(ATTACKERS + 30);
            assertThat(wave.rejections())
                    .as("%s", wave)
                    .containsKeys("bad-version", "unknown-ticket", "duplicate-ticket", "timed-out", "abandoned");
            // On a slow machine others have said nothing in time either.
            assertThat(wave.rejections().get("incomplete"))
                    .isGreaterThanOrEqualTo(report.attackersByKind().get("incomplete")
                            + report.attackersByKind().get("silent"));
        }
        assertThat(report.attackersByKind())
                .containsOnlyKeys(
                        "silent", "garbage", "incomplete", "replay", "random-noise", "half-open", "slow-reader");
        assertThat(report.held()).isTrue();
        assertThat(report.stated().offeredBytesPerSecond())
                .isEqualTo(report.saturated().honestBytesPerSecondBefore() / 2);
        assertThat(report.stated().honestLagUsDuring()).containsOnlyKeys("p50", "p99", "max");
    }
}

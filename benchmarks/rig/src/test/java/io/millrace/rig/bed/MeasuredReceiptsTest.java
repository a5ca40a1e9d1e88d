package io.millrace.rig.bed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.config.EngineSettings;
import io.millrace.sphinx.SphinxProfile;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A measured engine makes the receipts that the settings of the relay name, and no others. */
@Timeout(300)
class MeasuredReceiptsTest {
    private static final int PACKETS = 512;

    @Test
    void receiptsAreOfTheOperationsInTheSettings() throws Exception {
        assertThat(appended(Map.of("receipts-of", "forwarded"))).isPositive();
        assertThat(appended(Map.of("receipts-of", "session"))).isLessThan(PACKETS / 64);
    }

    @Test
    void receiptsCoverAsManyPacketsAsTheSettingsSay() throws Exception {
        final long few = appended(Map.of("receipts-of", "forwarded", "receipts-packets", "512"));
        final long many = appended(Map.of("receipts-of", "forwarded", "receipts-packets", "1"));

        assertThat(many).isGreaterThan(few);
    }

    /** Receipts of a run in which at least twice as many packets leave as are prepared. */
    private static long appended(Map<String, String> receipts) throws Exception {
        final Map<String, String> texts = new HashMap<>(receipts);
        texts.put("threading", "split");
        texts.put("delay", "uniform(0ns,1ms)");
        texts.put("receipts", "/receipts");
        texts.put("receipts-period", "1ms");
        final MeasuredPath path = new MeasuredPath(EngineSettings.of(texts), 256, ReplayMode.EXACT);
        final BatchCrypto crypto = path.engine().crypto();
        try (BenchFixture bed = new BenchFixture(crypto, SphinxProfile.MR1, PACKETS, 2);
                BenchSubject subject = new BenchSubject(
                        bed, new BenchSubject.Parts(path, crypto, crypto, bed.undelayed(), true, () -> {}))) {
            subject.engine().start();
            subject.resume();
            while (subject.engine().counters().forwarded() < 2 * PACKETS) {
                subject.requireRunning();
                Thread.onSpinWait();
            }
            subject.drain();
            subject.engine().close();
            subject.receipts().service().close();
            return subject.receipts().service().counters().appended();
        }
    }
}

package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.EngineConfig;
import io.millrace.config.IdleMode;
import io.millrace.config.ThreadingMode;
import io.millrace.receipt.SigningMode;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.text.ConfigException;
import io.millrace.vrf.DelayPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of an engine and their texts. */
class EngineSettingsTest {
    /** Every key with another value than its default. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("threading", "parallel(3)"),
            Map.entry("idle", "yielding"),
            Map.entry("provider", "sodium"),
            Map.entry("profile", "mr2"),
            Map.entry("policy", "packet-vrf"),
            Map.entry("delay", "uniform(1ms,7ms)"),
            Map.entry("tick", "100us"),
            Map.entry("wheel-slack", "2s"),
            Map.entry("slots", "512"),
            Map.entry("batch", "8"),
            Map.entry("ring", "128"),
            Map.entry("egress", "64"),
            Map.entry("replay-tags", "5000"),
            Map.entry("journal", "/state"),
            Map.entry("journal-sync", "batch"),
            Map.entry("receipts", "/log"),
            Map.entry("receipts-of", "forwarded"),
            Map.entry("receipts-mode", "single"),
            Map.entry("receipts-packets", "7"),
            Map.entry("receipts-period", "3s"),
            Map.entry("receipts-keep", "9"),
            Map.entry("receipts-segment-mib", "17"));

    @Test
    void theDefaultsAreThoseOfTheEngineButForTheWheel() {
        final EngineSettings settings = EngineSettings.of(Map.of());

        final EngineConfig standard = EngineConfig.builder().build();
        assertThat(settings.config())
                .isEqualTo(EngineConfig.builder()
                        .maxDelay(Duration.ofMillis(1_500))
                        .build());
        assertThat(settings.config().slotCount()).isEqualTo(standard.slotCount());
        assertThat(settings.policy()).isEqualTo(DelayPolicy.EPOCH_VRF);
        assertThat(settings.profile()).isEqualTo(SphinxProfile.MR1);
        assertThat(settings.distribution()).hasToString("exponential(50ms,500ms)");
        assertThat(settings.journal()).isEmpty();
        assertThat(settings.receipts()).isEmpty();
    }

    @Test
    void everyKeyReachesTheSettingsAndComesBackAsItsText() {
        assertThat(OTHERS.keySet()).containsExactlyInAnyOrderElementsOf(EngineKeys.SECTION.names());
        final EngineSettings settings = EngineSettings.of(OTHERS);

        assertThat(settings.texts()).containsExactlyInAnyOrderEntriesOf(OTHERS);
        assertThat(EngineSettings.of(settings.texts())).isEqualTo(settings);
        assertThat(settings.config())
                .isEqualTo(new EngineConfig(
                        ThreadingMode.PARALLEL,
                        3,
                        IdleMode.YIELDING,
                        512,
                        128,
                        8,
                        Duration.ofNanos(100_000),
                        Duration.ofMillis(2_007),
                        64));
    }

    @Test
    void eachKeyAloneChangesTheSettings() {
        final EngineSettings standard = EngineSettings.of(Map.of("journal", "/a", "receipts", "/b"));
        for (String key : OTHERS.keySet()) {
            final Map<String, String> texts = new HashMap<>(Map.of("journal", "/a", "receipts", "/b"));
            texts.put(key, OTHERS.get(key));
            assertThat(EngineSettings.of(texts)).as(key).isNotEqualTo(standard);
        }
    }

    @Test
    void oneSettingChangesAndTheOthersStay() {
        final EngineSettings settings = EngineSettings.of(OTHERS);
        final EngineSettings other = settings.with(EngineKeys.BATCH, 9);

        final Map<String, String> texts = new HashMap<>(OTHERS);
        texts.put("batch", "9");
        assertThat(other.texts()).containsExactlyInAnyOrderEntriesOf(texts);
        assertThat(settings.withReceipts(Optional.of(SigningMode.BATCH)).texts())
                .containsEntry("receipts-packets", "7");
        assertThat(settings.withReceipts(Optional.empty()).receipts()).isEmpty();
        assertThat(settings.withoutState().texts().keySet())
                .isEqualTo(Map.copyOf(EngineSettings.of(Map.of()).texts()).keySet());
    }

    @Test
    void aSmallMemoryHasSmallBatches() {
        assertThat(EngineSettings.of(Map.of("slots", "64")).config().batchLimit())
                .isEqualTo(16);
        assertThat(EngineSettings.of(Map.of("slots", "128")).config().batchLimit())
                .isEqualTo(32);
        assertThat(EngineSettings.of(Map.of("slots", "129")).config().batchLimit())
                .isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slots=64 | batch=17 | batch=17, slots=64: batch must be at most a quarter of slots, 16 of 64",
                "tick=1us | wheel-slack=1s | tick=1us, wheel-slack=1s: tick must be 1431ns or more, for a longest delay of"
                        + " 500ms and a wheel-slack of 1s",
                "delay=uniform(0s,1000s) | tick=50us | tick=50us, delay=uniform(0s,1000s): tick must be 954628ns or more,"
                        + " for a longest delay of 1000s and a wheel-slack of 1s",
                "receipts=/a | receipts-period=21min | receipts-period=21min: must be at most 20min at a relay that keeps its"
                        + " key",
                "journal-sync=batch | slots=64 | journal-sync=batch: has no effect without journal",
            })
    void namesTheKeysThatDoNotFitEachOther(String first, String second, String message) {
        final Map<String, String> texts = new HashMap<>();
        for (String each : List.of(first, second)) {
            texts.put(each.split("=", 2)[0], each.split("=", 2)[1]);
        }

        assertThatThrownBy(() -> EngineSettings.of(texts))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void aClientWorksInOneThreadAndDelaysNothing() {
        final EngineSettings client = EngineSettings.ofClient();

        assertThat(client.config().threading()).isEqualTo(ThreadingMode.SHARED);
        assertThat(client.distribution().maxNs()).isZero();
        assertThat(client.policy()).isEqualTo(DelayPolicy.SENDER);
        assertThat(EngineSettings.of(client.texts())).isEqualTo(client);
    }
}

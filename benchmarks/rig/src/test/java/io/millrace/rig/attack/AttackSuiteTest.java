package io.millrace.rig.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each attack from the addresses of a /24 against a server over real sockets; judged by counts, not by speed. */
@Timeout(600)
class AttackSuiteTest {
    /**
     * Reasons for which the server refuses or ends each. Every network may begin 10 handshakes a second, and newcomers come
     * more slowly than that, from another network: each reason comes from the attack.
     */
    private static final Map<Attack, Set<String>> REASONS = Map.ofEntries(
            Map.entry(Attack.SILENT, Set.of("incomplete")),
            Map.entry(Attack.RANDOM_NOISE, Set.of("bad-first-message", "rate-limited")),
            Map.entry(Attack.RAPID_RESET, Set.of("resets", "rate-limited")),
            Map.entry(Attack.PING, Set.of("control-frames", "rate-limited")),
            Map.entry(Attack.WINDOW_UPDATE, Set.of("control-frames", "rate-limited")),
            Map.entry(Attack.SLOW_READER, Set.of("rate-limited")),
            Map.entry(Attack.REPLAY, Set.of("duplicate-ticket", "rate-limited")),
            Map.entry(Attack.PROBE, Set.of("unknown-ticket", "rate-limited")),
            Map.entry(Attack.CLOCK, Set.of()),
            Map.entry(Attack.LINK_PROBE, Set.of("forged")),
            Map.entry(Attack.LINK_REPLAY, Set.of("replayed")));

    private static final AttackTimes SHORT =
            new AttackTimes(Duration.ofMillis(300), Duration.ofMillis(150), 2, 0, Duration.ofMillis(50));

    @Test
    void everyAttackIsRefusedByReasonAndBoundedAndNewcomersGetIn() throws IOException, InterruptedException {
        final AdmissionConfig admission = new AdmissionConfig(10, 10, 1 << 10, 1 << 12, 64, 5_000_000_000L);
        final AttackReport report = new AttackSuite(SHORT, admission, Progress.silent())
                .measure(List.of(Attack.values()), List.of(AttackSource.ADDRESS), REASONS);

        assertThat(report.unavailable()).isEmpty();
        assertThat(report.rows()).hasSize(Attack.values().length);
        for (AttackRow row : report.rows()) {
            final Attack attack =
                    Attack.valueOf(row.attack().toUpperCase(Locale.ROOT).replace('-', '_'));
            assertThat(row.held()).as("%s", row).isTrue();
            assertThat(row.newcomers()).as("%s", row).isPositive();
            assertThat(row.drops().keySet()).as("%s", row).containsAll(REASONS.get(attack));
        }
    }

    @Test
    void newcomersComeMoreSlowlyThanOneNetworkMay() throws IOException, InterruptedException {
        final AdmissionConfig admission = new AdmissionConfig(2, 10, 1 << 10, 1 << 12, 64, 5_000_000_000L);
        final AttackReport report = new AttackSuite(SHORT, admission, Progress.silent())
                .measure(List.of(Attack.CLOCK), List.of(AttackSource.ADDRESS), Map.of());

        assertThat(report.rows()).singleElement().satisfies(row -> {
            assertThat(row.drops()).doesNotContainKey("rate-limited");
            assertThat(row.newcomers()).isPositive();
        });
    }
}

package io.millrace.rig.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A row passes only if its attack took place. */
class AttackRowTest {
    @Test
    void aRowPassesWithAttackersThatConnected() {
        assertThat(row("silent", 900, 100).failures()).isEmpty();
        assertThat(row("silent", 900, 100).passed()).isTrue();
    }

    @Test
    void aRowWithoutAttackersFailsAndSaysWhy() {
        for (AttackRow row : new AttackRow[] {row("silent", 0, 0), row("silent", 0, 312), row("ping", 900, 101)}) {
            assertThat(row.passed()).as("%s", row).isFalse();
            assertThat(row.held()).as("%s", row).isFalse();
            assertThat(row.failures()).singleElement().asString().startsWith("no attack: ");
        }
        assertThat(row("silent", 0, 312).failures()).containsExactly("no attack: 0 connections, 312 attempts failed");
    }

    @Test
    void theClockNeedsNoAttackers() {
        assertThat(row("clock", 0, 0).passed()).isTrue();
    }

    @Test
    void aRowWithTooFewNewcomersFailsAndSaysSo() {
        assertThat(row("silent", 900, 0, 99).failures())
                .containsExactly("too few newcomers: 99, at least 100 are wanted");
        assertThat(row("silent", 900, 0, 0).passed()).isFalse();
        assertThat(row("silent", 900, 0, 100).passed()).isTrue();
    }

    private static AttackRow row(String attack, long connections, long failed) {
        return row(attack, connections, failed, 100);
    }

    private static AttackRow row(String attack, long connections, long failed, int newcomers) {
        return new AttackRow(
                attack,
                "address",
                connections,
                failed,
                1,
                1,
                1,
                1e6,
                1e6,
                1,
                1,
                1,
                6,
                true,
                newcomers,
                newcomers,
                0,
                0,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                Map.of());
    }
}

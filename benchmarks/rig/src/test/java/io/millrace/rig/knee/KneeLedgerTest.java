package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.rig.knee.subject.CarrierCalls;
import io.millrace.rig.knee.subject.SubjectReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** One second, 1,000 packets, two processors. */
class KneeLedgerTest {
    private static final long SECOND = 1_000_000_000;
    private static final SubjectReport BEFORE = report(
            Map.of("millrace-relay", 50_000_000L, "millrace-links", 1_000_000L, "journal", 2_000_000L),
            Map.of("receive", 7_000L, "send", 8_000L, "x25519", 9_000L, "engine", 500L, "idle", 3_000L),
            new CarrierCalls(10, 20, 30, 40));
    private static final SubjectReport AFTER = report(
            Map.of("millrace-relay", 950_000_000L, "millrace-links", 11_000_000L, "journal", 42_000_000L),
            Map.of(
                    "receive",
                    100_007_000L,
                    "send",
                    200_008_000L,
                    "x25519",
                    500_009_000L,
                    "engine",
                    90_000_500L,
                    "idle",
                    60_003_000L),
            new CarrierCalls(110, 1_020, 155, 1_040));

    private static SubjectReport report(Map<String, Long> threads, Map<String, Long> work, CarrierCalls calls) {
        return new SubjectReport(0, 0, Map.of(), 0, true, 0, threads, work, calls, 0, List.of(), Map.of());
    }

    private static Load load(int sent, long busyNs) {
        return new Load(
                1_000,
                Schedule.even(1_000),
                0,
                0,
                sent,
                sent,
                0,
                0,
                new long[sent],
                new long[sent],
                new byte[sent],
                new Histogram(3),
                false,
                0,
                busyNs);
    }

    private static KneeLedger ledger(long generatorBusyNs) {
        return KneeLedger.of(BEFORE, AFTER, load(1_000, generatorBusyNs), SECOND, 2);
    }

    @Test
    void entriesAreWhatTheIntervalAddedByPacket() {
        final KneeLedger ledger = ledger(300_000_000);

        assertThat(new TreeMap<>(ledger.workNs()))
                .isEqualTo(new TreeMap<>(Map.of(
                        "receive", 100_000L, "send", 200_000L, "x25519", 500_000L, "engine", 90_000L, "links", 10_000L,
                        "journal", 40_000L)));
        assertThat(ledger.idleNs()).isEqualTo(60_000);
        assertThat(ledger.ioNs()).isEqualTo(300_000);
        assertThat(ledger.generatorNs()).isEqualTo(300_000);
        assertThat(ledger.relayNs()).isEqualTo(950_000);
        assertThat(ledger.sumNs()).isEqualTo(940_000);
        assertThat(ledger.agreement()).isCloseTo(0.989, within(1e-9));
        assertThat(ledger.framesPerReceive()).isEqualTo(10);
        assertThat(ledger.framesPerSend()).isEqualTo(8);
    }

    /** On a machine that others keep busy. */
    @Test
    void anIntervalInWhichTheGeneratorSentNothingHasALedgerToo() {
        final KneeLedger ledger = KneeLedger.of(BEFORE, BEFORE, load(0, 0), SECOND, 2);

        assertThat(ledger.sumNs()).isZero();
        assertThat(ledger.agreement()).isZero();
        assertThat(ledger.framesPerSend()).isZero();
        assertThat(ledger.boundPacketsPerSecond(2)).isFinite();
    }

    @Test
    void theBoundIsTheProcessorsByTheWorkOfBothSides() {
        assertThat(ledger(300_000_000).boundPacketsPerSecond(2)).isCloseTo(2e9 / 1_240_000, within(1e-6));
    }

    @Test
    void namesWhatHasTheLeastTimeLeft() {
        assertThat(ledger(300_000_000).busiest()).isEqualTo("millrace-relay");
        assertThat(ledger(300_000_000).busy().get("millrace-relay")).isCloseTo(0.9, within(1e-9));
        assertThat(ledger(930_000_000).busiest()).isEqualTo("processors");
        assertThat(ledger(930_000_000).busy().get("processors")).isCloseTo(0.94, within(1e-9));
        assertThat(ledger(990_000_000).busiest()).isEqualTo("generator");
    }
}

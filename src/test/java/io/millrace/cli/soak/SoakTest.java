package io.millrace.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Relays in every threading mode, over UDP and TCP, with a journal, under load over many changes of their keys: nothing is
 * dropped but the packets that were sent twice, every epoch is disclosed, and memory does not grow. Three rolls of five
 * seconds; ten minutes of epochs of 30 seconds with {@code mvn -Pnight verify}. Prints one line per relay.
 */
class SoakTest {
    private static final int ROLLS = Integer.getInteger("millrace.soak.rolls", 3);
    private static final long EPOCH_MS = 1_000L * Integer.getInteger("millrace.soak.epoch.seconds", 5);
    private static final int PACKETS_PER_SECOND = Integer.getInteger("millrace.soak.rate", 40);

    /** The share of the run after which memory must not grow, and by how much it may. */
    private static final double WARM = 0.4;

    private static final long GROWTH_MB = 24;

    @TempDir
    private Path folder;

    private final List<SoakedRelay> relays = new ArrayList<>();

    @Test
    void nothingIsLostOverManyRolls() throws Exception {
        try {
            for (String threading : List.of("shared", "split", "parallel(2)")) {
                for (String link : List.of("udp", "tcp")) {
                    relays.add(new SoakedRelay(folder.resolve("relay" + relays.size()), threading, link, EPOCH_MS));
                }
            }
            for (SoakedRelay each : relays) {
                each.awaitReady();
            }
            final Map<String, Long> warm = load();
            for (SoakedRelay each : relays) {
                check(each, warm.get(each.name()));
            }
        } finally {
            relays.forEach(SoakedRelay::close);
        }
    }

    /** Sends at an even rate for so many epochs; resident memory of each relay once it was warm. */
    private Map<String, Long> load() throws Exception {
        final Map<String, Long> warm = new TreeMap<>();
        final long start = System.nanoTime();
        final long length = TimeUnit.MILLISECONDS.toNanos(ROLLS * EPOCH_MS);
        final long interval = TimeUnit.SECONDS.toNanos(1) / PACKETS_PER_SECOND;
        for (long due = start; due - start < length; due += interval) {
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            for (SoakedRelay each : relays) {
                each.send();
            }
            if (warm.isEmpty() && due - start > WARM * length) {
                for (SoakedRelay each : relays) {
                    warm.put(each.name(), each.residentMb());
                }
            }
        }
        return warm;
    }

    private static void check(SoakedRelay relay, long warmMb) throws Exception {
        relay.settle();
        final long endMb = relay.residentMb();
        final JsonNode report = new ProgramRun(0, relay.stop(), "").json();
        final int disclosures = relay.disclosures();
        System.out.printf(
                "soak %s: %.0f s, %d disclosures verified, sent %d, returned %d, sent twice %d, dropped %s,"
                        + " slowest %d ms, resident %d MB, at the end %d MB%n",
                relay.name(),
                report.get("seconds").asDouble(),
                disclosures,
                relay.sent(),
                relay.returned(),
                relay.repeated(),
                report.get("dropped"),
                relay.slowestMs(),
                warmMb,
                endMb);

        // A machine that stalls for longer than half an overlap may bring packets after their epoch, or the epoch late.
        final boolean stalled = relay.slowestMs() > EPOCH_MS / 8 || relay.wasLate();
        assertThat(report.get("dropped").fieldNames())
                .as(relay.name())
                .toIterable()
                .isSubsetOf(stalled ? List.of("replay", "epoch-over") : List.of("replay"));
        final long late = report.get("dropped").path("epoch-over").asLong();
        assertThat(report.get("conserved").asBoolean()).as(relay.name()).isTrue();
        assertThat(disclosures).as(relay.name()).isGreaterThanOrEqualTo(ROLLS - 1);
        assertThat(relay.complaints()).as(relay.name()).allMatch(line -> line.contains(" ms late, "));
        if (relay.name().endsWith("tcp")) {
            assertThat(relay.returned()).as(relay.name()).isBetween(relay.sent() - late, relay.sent());
            assertThat(report.get("dropped").path("replay").asLong())
                    .as(relay.name())
                    .isBetween(relay.repeated() - late, relay.repeated());
        } else { // the sockets of a busy machine may drop a datagram
            assertThat(relay.returned()).as(relay.name()).isGreaterThan((relay.sent() - late) * 95 / 100);
        }
        assertThat(endMb).as(relay.name() + ", resident MB").isLessThan(warmMb + GROWTH_MB);
    }
}

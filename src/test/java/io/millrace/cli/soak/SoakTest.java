package io.millrace.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.ProgramRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Relays in every threading mode, over UDP and TCP, with a journal, under load over many changes of their keys: nothing is
 * dropped but the packets that were sent twice, everything comes back, every epoch is disclosed, and memory does not grow.
 * Three rolls of five seconds; ten minutes of epochs of 30 seconds with {@code mvn -Pnight verify}. Prints one JSON object
 * per relay.
 *
 * <p>A relay that says on stderr that it accepted an epoch late may drop packets as epoch-over; its object then has {@code
 * "late":true}. The long form takes no other excuse. The short form runs next to other work: there a packet that took an
 * eighth of an epoch is one too, and the sockets may drop a twentieth of the datagrams.
 */
class SoakTest {
    private static final int ROLLS = Integer.getInteger("millrace.soak.rolls", 3);
    private static final long EPOCH_MS = 1_000L * Integer.getInteger("millrace.soak.epoch.seconds", 5);
    private static final int PACKETS_PER_SECOND = Integer.getInteger("millrace.soak.rate", 40);
    private static final boolean STRICT = Boolean.getBoolean("millrace.soak.strict");

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
            final List<Outcome> outcomes = new ArrayList<>();
            for (SoakedRelay each : relays) {
                outcomes.add(outcome(each, warm.get(each.name())));
            }
            for (Outcome each : outcomes) {
                System.out.println(new JsonMapper().writeValueAsString(each.line()));
            }
            outcomes.forEach(SoakTest::check);
        } finally {
            relays.forEach(SoakedRelay::close);
        }
    }

    /**
     * Sends at an even rate for so many epochs; resident memory of each relay once it was warm. After a stop of the machine
     * nothing is made up for: a burst would overrun the sockets.
     */
    private Map<String, Long> load() throws Exception {
        final Map<String, Long> warm = new TreeMap<>();
        final long start = System.nanoTime();
        final long length = TimeUnit.MILLISECONDS.toNanos(ROLLS * EPOCH_MS);
        final long interval = TimeUnit.SECONDS.toNanos(1) / PACKETS_PER_SECOND;
        for (long due = start; due - start < length; due = Math.max(due + interval, System.nanoTime() - interval)) {
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

    /**
     * What became of one relay.
     *
     * @param line for the output.
     * @param late whether the relay said so, or in the short form was slow.
     * @param report of the relay itself.
     */
    private record Outcome(SoakedRelay relay, Map<String, Object> line, boolean late, JsonNode report) {
        long dropped(String reason) {
            return report.get("dropped").path(reason).asLong();
        }
    }

    private static Outcome outcome(SoakedRelay relay, long warmMb) throws Exception {
        relay.settle();
        final long endMb = relay.residentMb();
        final JsonNode report = new ProgramRun(0, relay.stop(), "").json();
        final boolean late = relay.wasLate() || (!STRICT && relay.slowestMs() > EPOCH_MS / 8);
        final Map<String, Object> line = new LinkedHashMap<>();
        line.put("soak", relay.name());
        line.put("strict", STRICT);
        line.put("late", late);
        line.put("seconds", report.get("seconds"));
        line.put("rolls", relay.rolls());
        line.put("disclosures", relay.disclosures());
        line.put("sent", relay.sent());
        line.put("sentTwice", relay.repeated());
        line.put("returned", relay.returned());
        line.put("dropped", report.get("dropped"));
        line.put("clientDropped", relay.clientDropped());
        line.put("slowestMs", relay.slowestMs());
        line.put("residentMb", warmMb);
        line.put("residentMbAtTheEnd", endMb);
        line.put("complaints", relay.complaints());
        return new Outcome(relay, line, late, report);
    }

    private static void check(Outcome outcome) {
        final SoakedRelay relay = outcome.relay();
        final String what = outcome.line().toString();
        assertThat(outcome.report().get("conserved").asBoolean()).as(what).isTrue();
        assertThat(outcome.report().get("dropped").fieldNames())
                .as(what)
                .toIterable()
                .isSubsetOf(outcome.late() ? List.of("replay", "epoch-over") : List.of("replay"));
        assertThat((Integer) outcome.line().get("disclosures")).as(what).isGreaterThanOrEqualTo(ROLLS - 1);
        assertThat((Long) outcome.line().get("rolls")).as(what).isGreaterThanOrEqualTo(ROLLS - 1);
        assertThat(relay.complaints()).as(what).allMatch(line -> line.contains(" ms late, "));
        final long over = outcome.dropped("epoch-over");
        if (STRICT || relay.name().endsWith("tcp")) {
            assertThat(relay.returned()).as(what).isBetween(relay.sent() - over, relay.sent());
            assertThat(outcome.dropped("replay")).as(what).isBetween(relay.repeated() - over, relay.repeated());
            assertThat(relay.clientDropped()).as(what).isEmpty();
        } else { // the sockets of a busy machine may drop a datagram
            assertThat(relay.returned()).as(what).isGreaterThan((relay.sent() - over) * 95 / 100);
        }
        assertThat((Long) outcome.line().get("residentMbAtTheEnd"))
                .as(what)
                .isLessThan((Long) outcome.line().get("residentMb") + GROWTH_MB);
    }
}

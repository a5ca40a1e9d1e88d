package io.millrace.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The attack on a relay's files finds nothing in them, and finds what receipts tell if they are fine. */
class TraceCommandTest {
    /**
     * A relay that holds a packet in forty times: an observer of its links sees through it, even if the machine is busy and
     * the relay late by several delays.
     */
    private static final List<String> NO_MIX = List.of("--rate", "5", "--packets", "100", "--mean-ms", "5");

    @Test
    void theFilesOfAMixingRelayGiveNoMoreThanItsLinks() throws IOException {
        final ProgramRun run = trace(List.of("--rate", "100", "--packets", "300"));

        assertThat(run.exitCode()).as("%s", run.err()).isZero();
        final JsonNode report = run.json();
        assertThat(report.path("packets").asInt()).isEqualTo(300);
        assertThat(report.path("tagsInClear").asInt(-1)).isZero();
        assertThat(report.path("fineReceipts").asInt(-1)).isZero();
        assertThat(report.path("receipts").asInt()).isPositive();
        assertThat(report.path("held").asBoolean()).isTrue();
        assertThat(report.path("attacks")).hasSize(3);
    }

    @Test
    void theFilesOfARelayForTheOtherProfileGiveNoMoreEither() throws IOException {
        final ProgramRun run = trace(List.of("--rate", "100", "--packets", "300", "--profile", "mr2"));

        assertThat(run.exitCode()).as("%s", run.err()).isZero();
        assertThat(run.json().path("profile").asText()).isEqualTo("mr2");
        assertThat(run.json().path("held").asBoolean()).isTrue();
        assertThat(ProgramRun.of("trace", "--profile", "mr3").err()).contains("--profile", "mr1 or mr2", "mr3");
    }

    /** Coarse receipts keep even the secrets that the links give away. */
    @Test
    void theReceiptsOfARelayThatDoesNotMixTellNoHop() throws IOException {
        final JsonNode report = trace(NO_MIX).json();

        assertThat(share(report.path("links"))).isGreaterThan(0.7);
        assertThat(share(report.path("attacks").get(0)))
                .as("arrivals, receipts")
                .isLessThan(0.7);
        assertThat(report.path("held").asBoolean()).isTrue();
    }

    @Test
    void fineReceiptsTellTheHop() throws IOException {
        final List<String> args = new ArrayList<>(NO_MIX);
        args.addAll(List.of("--receipts-packets", "1", "--receipts-period-ms", "1"));
        final ProgramRun run = trace(args);

        assertThat(run.exitCode()).isEqualTo(1);
        final JsonNode report = run.json();
        assertThat(share(report.path("attacks").get(0)))
                .as("arrivals, receipts")
                .isGreaterThan(0.7);
        assertThat(report.path("fineReceipts").asInt()).isGreaterThan(50);
    }

    /** The clock passes a multiple of the longest time at least once in 3 s, as it passes one of 20 minutes by chance. */
    @Test
    void theRestsThatLeaveAtTheLongestTimeAreNotFine() throws IOException {
        final ProgramRun run = trace(List.of("--rate", "100", "--packets", "300", "--receipts-longest-ms", "1000"));

        final JsonNode report = run.json();
        assertThat(report.path("receipts").asInt())
                .as("two next hops, two ends at least")
                .isGreaterThan(3);
        assertThat(report.path("fineReceipts").asInt(-1)).isZero();
        assertThat(run.exitCode()).as("%s", run.err()).isZero();
    }

    @Test
    void refusesWrongNumbersAndReceiptsThatNoRelayMakes() {
        for (List<String> args : List.of(
                List.of("--rate", "0"),
                List.of("--packets", "99"),
                List.of("--mean-ms", "1001"),
                List.of("--receipts-packets", "513"),
                List.of("--receipts-period-ms", "0"),
                List.of("--receipts-longest-ms", "999"))) {
            final ProgramRun run = trace(args);
            assertThat(run.exitCode()).as("%s", args).isEqualTo(2);
            assertThat(run.err()).as("%s", args).startsWith("millrace: ").hasLineCount(1);
        }
    }

    private static double share(JsonNode guesses) {
        return guesses.path("right").asDouble() / guesses.path("of").asDouble();
    }

    private static ProgramRun trace(List<String> more) {
        final List<String> args = new ArrayList<>(List.of("trace", "--json"));
        args.addAll(more);
        return ProgramRun.of(args.toArray(String[]::new));
    }
}

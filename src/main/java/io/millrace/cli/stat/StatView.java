package io.millrace.cli.stat;

import io.millrace.node.counters.CountersSnapshot;
import io.millrace.node.counters.CountersSnapshot.Flow;
import io.millrace.node.counters.CountersSnapshot.LastSecond;
import io.millrace.node.counters.CountersSnapshot.Level;
import io.millrace.node.counters.CountersSnapshot.Link;
import io.millrace.node.counters.CountersSnapshot.StageTimes;
import io.millrace.node.counters.RelayLife;
import io.millrace.text.Shown;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The counters of a relay as lines of text. Names come from the file: what could move the cursor is escaped.
 *
 * <p>Not thread safe; one per view.
 */
final class StatView {
    private static final int NAME_WIDTH = 22;
    private static final int NUMBER_WIDTH = 16;
    private static final int SHORTEST_BAR = 8;
    private static final int LONGEST_BAR = 40;
    private static final int LEVEL_WIDTH = NAME_WIDTH + 2 + 6 + 30; // name, brackets, percent, "used of capacity"
    private static final double NS_PER_US = 1_000;
    private static final long NO_DECIMALS_NS = 100_000_000;
    private static final double MILLIBITS = 1_000;
    private static final long MS_PER_S = 1_000;

    private final Look look;
    private final CountersSnapshot counters;
    private final Ink ink;
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private StatView(Look look, Ink ink, int columns) {
        this.look = look;
        this.counters = look.counters();
        this.ink = ink;
        this.columns = columns;
    }

    /**
     * Lines without line feeds, in the order of their weight.
     *
     * @param look at the relay.
     * @param ink of the terminal.
     * @param columns of the terminal; bars get the room beyond the figures, no line is cut.
     */
    static List<String> lines(Look look, Ink ink, int columns) {
        return new StatView(look, ink, columns).lines();
    }

    private List<String> lines() {
        head();
        flows();
        levels("occupancy", counters.occupancy());
        levels("queue to peer", counters.queues());
        stages();
        links();
        figures();
        return lines;
    }

    private void head() {
        final String life = switch (look.life()) {
            case RUNNING -> ink.good(counters.state().label());
            case STOPPED -> ink.good("stopped");
            case STALLED -> ink.bad("NO HEARTBEAT");
            case FAILED -> ink.bad("FAILED");
            case GONE -> ink.bad("PROCESS GONE");
        };
        lines.add(ink.bold("relay " + Shown.of(counters.relay())) + "  " + life
                + ink.dim("  pid " + counters.pid() + ", millrace " + Shown.of(counters.program()) + ", up "
                        + length(counters.heartbeatMs() - counters.startMs())));
        lines.add(state());
    }

    private String state() {
        final String last = time(counters.heartbeatMs());
        final String age = length(look.ageMs());
        return switch (look.life()) {
            case RUNNING -> ink.dim("counters of " + last + ", " + seconds(look.ageMs()) + " ago");
            case STOPPED -> "the relay ended in order at " + last + ", " + age + " ago; final counters";
            case STALLED ->
                ink.bad("the process is there, its last heartbeat was at " + last + ", " + age
                        + " ago: stopped or stalled; last counters");
            case FAILED -> ink.bad("the engine failed at " + last + ", " + age + " ago; last counters");
            case GONE ->
                ink.bad("the process ended without stopping in order; last heartbeat at " + last + ", " + age
                        + " ago; last counters");
        };
    }

    private void flows() {
        lines.add("");
        heading(row("packets", "total", look.life() == RelayLife.RUNNING ? "per second" : "last second"));
        flow("received", counters.flow("received"));
        flow("originated", counters.flow("originated"));
        flow("forwarded", counters.flow("forwarded"));
        flow("delivered", counters.flow("delivered"));
        final Flow dropped = counters.dropped();
        flow("dropped", dropped);
        counters.drops().forEach((reason, drop) -> {
            final String text = row("  " + Shown.of(reason), number(drop.total()), number(drop.perSecond()));
            lines.add(drop.perSecond() > 0 ? ink.warning(text) : text);
        });
        final String inFlight =
                row("in flight", number(counters.flow("in-flight").total()), "");
        lines.add(
                counters.conserved()
                        ? inFlight
                        : inFlight
                                + ink.bad("  NOT CONSERVED: received + originated differ from the sum of the others"));
    }

    private void flow(String name, Flow flow) {
        lines.add(row(name, number(flow.total()), number(flow.perSecond())));
    }

    private void levels(String title, Map<String, Level> levels) {
        if (levels.isEmpty()) {
            return;
        }
        lines.add("");
        heading(title);
        levels.forEach((name, level) -> lines.add(level(name, level)));
    }

    private String level(String name, Level level) {
        final double share = level.capacity() <= 0 ? 0 : Math.clamp((double) level.used() / level.capacity(), 0, 1);
        final int width = Math.clamp(columns - LEVEL_WIDTH, SHORTEST_BAR, LONGEST_BAR);
        final int full = level.used() <= 0 ? 0 : Math.clamp((int) Math.ceil(share * width), 1, width);
        return name(name) + "[" + ink.level(share, "#".repeat(full)) + ink.dim(".".repeat(width - full)) + "]"
                + percent(level.used(), share) + "  "
                + number(level.used()) + " of " + number(level.capacity());
    }

    /** A little is not none: it is below 1 %, and not 0 %. */
    private static String percent(long used, double share) {
        return used > 0 && share < 0.005 ? "  <1 %" : String.format(Locale.ROOT, "%4.0f %%", share * 100);
    }

    private void stages() {
        if (counters.stages().isEmpty()) {
            return;
        }
        final boolean wide = columns >= 100;
        lines.add("");
        heading(String.format(
                Locale.ROOT,
                "%-12s%14s |%10s%10s%10s |%10s%10s%10s%s",
                "stage, us",
                "packets",
                "last p50",
                "p99",
                "max",
                "all p50",
                "p99",
                wide ? "p99.9" : "max",
                wide ? String.format(Locale.ROOT, "%10s", "max") : ""));
        counters.stages().forEach((name, times) -> lines.add(stage(name, times, wide)));
    }

    private String stage(String name, StageTimes times, boolean wide) {
        final LastSecond last = times.last();
        final String recent = last.count() == 0
                ? String.format(Locale.ROOT, "%10s%10s%10s", "-", "-", "-")
                : micros(last.p50()) + micros(last.p99()) + micros(last.max());
        return String.format(Locale.ROOT, "%-12s%14s |", Shown.of(name), number(times.count())) + recent + " |"
                + micros(times.p50()) + micros(times.p99())
                + (wide ? micros(times.p999()) : "") + micros(times.max());
    }

    private void links() {
        if (counters.links().isEmpty()) {
            return;
        }
        lines.add("");
        heading(String.format(
                Locale.ROOT,
                "%-" + NAME_WIDTH + "s%-6s%-16s%12s%10s%10s%10s",
                "link to peer",
                "up",
                "keys",
                "handshakes",
                "finished",
                "rekeys",
                "failures"));
        counters.links().forEach((name, link) -> lines.add(link(name, link)));
    }

    private String link(String name, Link link) {
        final String up = String.format(Locale.ROOT, "%-6s", link.up() ? "yes" : "no");
        final String shown = name(name) + (link.up() ? ink.good(up) : ink.bad(up));
        return link.handshaked()
                ? shown
                        + String.format(
                                Locale.ROOT,
                                "%-16s%12s%10s%10s%10s",
                                link.hybrid() ? "X25519+ML-KEM" : "X25519",
                                number(link.started()),
                                number(link.finished()),
                                number(link.rekeys()),
                                number(link.failures()))
                : shown + "without handshakes";
    }

    private void figures() {
        final List<String> texts = new ArrayList<>();
        figure(CountersSnapshot.KEY_EPOCH, texts, value -> "key epoch " + number(value));
        figure(CountersSnapshot.EPOCH_FAILURES, texts, value -> "epoch failures " + number(value));
        figure(CountersSnapshot.RECEIPTS, texts, value -> "receipts " + number(value));
        figure(CountersSnapshot.RECEIPTS_LOST, texts, value -> "receipts lost " + number(value));
        figure(
                CountersSnapshot.ENTROPY,
                texts,
                value -> String.format(Locale.ROOT, "mix entropy %.1f bits", value / MILLIBITS));
        if (!texts.isEmpty()) {
            lines.add("");
            lines.add(String.join(", ", texts));
        }
    }

    private void figure(String name, List<String> texts, java.util.function.LongFunction<String> form) {
        final Long value = counters.figures().get(name);
        if (value != null && value >= 0) {
            texts.add(form.apply(value));
        }
    }

    private void heading(String text) {
        lines.add(ink.bold(text.stripTrailing()));
    }

    private static String row(String name, String first, String second) {
        return String.format(
                        Locale.ROOT,
                        "%-" + NAME_WIDTH + "s%" + NUMBER_WIDTH + "s%" + NUMBER_WIDTH + "s",
                        name,
                        first,
                        second)
                .stripTrailing();
    }

    /** A name, padded; a long one keeps a space after it. */
    private static String name(String name) {
        return String.format(Locale.ROOT, "%-" + (NAME_WIDTH - 1) + "s ", Shown.of(name));
    }

    /** From 100 ms on without a decimal: ten characters hold times up to 9,999 s. */
    private static String micros(long ns) {
        return String.format(Locale.ROOT, Math.abs(ns) < NO_DECIMALS_NS ? "%,10.1f" : "%,10.0f", ns / NS_PER_US);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.1f s", ms / (double) MS_PER_S);
    }

    /** A length of time in the two largest units that it has. */
    static String length(long ms) {
        final Duration length = Duration.ofMillis(Math.max(0, ms));
        if (length.toDays() > 0) {
            return length.toDays() + " d " + length.toHoursPart() + " h";
        }
        if (length.toHours() > 0) {
            return length.toHours() + " h " + length.toMinutesPart() + " min";
        }
        if (length.toMinutes() > 0) {
            return length.toMinutes() + " min " + length.toSecondsPart() + " s";
        }
        return seconds(length.toMillis());
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

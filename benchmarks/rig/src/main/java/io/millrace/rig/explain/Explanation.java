package io.millrace.rig.explain;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Compares one late packet with the recorded events of its time in the relay: from its arrival until its delay began,
 * and from when it was due until it left. Its time beyond the median packet's is shared out: each cause gets the
 * part of that time in which it was under way and no cause before it was.
 *
 * <p>What then is left is held against the run of late packets in which this one left, see {@link BacklogRuns}. If the
 * run began with something that held up the relay for longer than a packet must be late to count as such, the rest is the
 * backlog of that and of its like in the run: in a queue that serves in order, a stop makes no later packet later than
 * the stop was long, so each accounts for its length at most, less what of it lies in the packet's own time in the relay.
 * Hiccups begin no backlog: they say nothing of the relay's threads. Immutable.
 */
final class Explanation {
    private static final List<Cause> STOPS = List.of(Cause.GC, Cause.SAFEPOINT, Cause.EPOCH_ROLL, Cause.REKEY);

    private final RecordingContext background;
    private final BacklogRuns runs;
    private final long medianNs;
    private final long usualRoundNs;

    /**
     * Explains by a recording.
     *
     * @param runs of its packets.
     * @param medianNs of the packets' times in the relay.
     */
    Explanation(RecordingContext background, BacklogRuns runs, long medianNs) {
        this.background = background;
        this.runs = runs;
        this.medianNs = medianNs;
        this.usualRoundNs = background.peelNs().getValueAtPercentile(50);
    }

    /** Causes of the packet's lateness. */
    Attribution of(SampledPacket packet) {
        final double lateNs = Math.max(0, packet.relayNs() - medianNs);
        final Map<Cause, Double> during = during(packet);
        scale(during, lateNs);
        final double restNs = lateNs - sum(during);
        final Map<Cause, Double> after = after(packet);
        scale(after, restNs);
        during.put(Cause.UNEXPLAINED, Math.max(0, restNs - sum(after)));
        return new Attribution(rounded(during), rounded(after));
    }

    private Map<Cause, Double> during(SampledPacket packet) {
        final Map<Cause, Double> found = nothing();
        final Span whole = new Span(packet.before().from(), packet.leftNs());
        final UnexplainedTime free = new UnexplainedTime();
        free.add(packet.before());
        free.add(packet.after());
        share(whole, 0, free, found);
        for (Span hiccup : background.spans().get(Cause.SCHEDULING).in(whole)) {
            away(hiccup, (double) free.take(hiccup), found);
        }
        return found;
    }

    private Map<Cause, Double> after(SampledPacket packet) {
        final BacklogRuns.Run run = runs.until(packet.leftNs(), this::stoodStill);
        final Map<Cause, Double> found = nothing();
        if (run == null) {
            return found;
        }
        final UnexplainedTime beginning = new UnexplainedTime();
        beginning.add(run.beginning());
        share(run.beginning(), runs.elevationNs(), beginning, found);
        if (sum(found) == 0) {
            return found;
        }
        final UnexplainedTime free = new UnexplainedTime();
        free.add(run.whole());
        free.take(packet.before());
        free.take(packet.after());
        final Map<Cause, Double> backlog = nothing();
        share(run.whole(), runs.elevationNs(), free, backlog);
        return backlog;
    }

    private boolean stoodStill(Span window) {
        return !background.stalls().in(window).isEmpty()
                || STOPS.stream()
                        .anyMatch(cause ->
                                !background.spans().get(cause).in(window).isEmpty());
    }

    /** Gives each cause its part of {@code free} within {@code whole}; what held up for less than {@code leastNs} has none. */
    private void share(Span whole, long leastNs, UnexplainedTime free, Map<Cause, Double> found) {
        for (Cause cause : STOPS) {
            for (Span span : background.spans().get(cause).in(whole)) {
                if (span.lengthNs() >= leastNs) {
                    found.merge(cause, (double) free.take(span), Double::sum);
                }
            }
        }
        background.stalls().in(whole).stream()
                .map(this::account)
                .filter(account -> account.ns() >= leastNs)
                .sorted(Comparator.comparing(Account::wheel)
                        .thenComparingDouble(Account::part)
                        .reversed())
                .forEach(account -> share(account, free, found));
    }

    /**
     * Time that a stall accounts for. Where two overlap, the time is given to that of the wheel's thread, which all packets have
     * to pass; then to the one that accounts for more time. A thread of two duties tells of the same stop twice, and
     * one that has nothing to do while the wheel's is stopped may not be let run either, and delays no packet.
     *
     * @param awayNs in which the thread was not let run.
     * @param ownNs in which it was kept from the wheel by work beyond a usual batch, or by a wait.
     * @param wheel whether it is one of the wheel's thread.
     * @param runningNs its length without collections, which have been accounted for.
     */
    private record Account(Span span, boolean wheel, long awayNs, long ownNs, long runningNs) {
        long ns() {
            return awayNs + ownNs;
        }

        double part() {
            return (double) ns() / Math.max(1, runningNs);
        }
    }

    /** Tells a thread that was busy, or waited for something else, from one that was not let run. */
    private Account account(Stall stall) {
        final Span span = stall.span();
        final Spans<Span> waits = background.waits().get(stall.thread());
        final long waitedNs = waits == null ? 0 : waits.coverNs(span);
        final long runningNs =
                span.lengthNs() - background.spans().get(Cause.GC).coverNs(span);
        final long awayNs = Math.max(0, runningNs - stall.cpuNs() - waitedNs);
        final long heldNs = Math.min(waitedNs, runningNs);
        final long ownNs = heldNs + Math.max(0, runningNs - awayNs - heldNs - usualRoundNs);
        final boolean lags = stall.wheel() && ownNs >= usualRoundNs;
        return new Account(span, stall.wheel(), awayNs, lags ? ownNs : 0, runningNs);
    }

    private void share(Account account, UnexplainedTime free, Map<Cause, Double> found) {
        final double unit = (double) free.take(account.span()) / Math.max(1, account.runningNs());
        away(account.span(), unit * account.awayNs(), found);
        found.merge(Cause.WHEEL_LAG, unit * account.ownNs(), Double::sum);
    }

    /** A thread did not run for so long within a span: for the compiler's sake, as far as that ran then and not others. */
    private void away(Span span, double ns, Map<Cause, Double> found) {
        final double compiled = ns
                * background.spans().get(Cause.COMPILATION).coverNs(span)
                / Math.max(1, span.lengthNs())
                * (1 - background.foreignLoadAt(span.to()));
        found.merge(Cause.COMPILATION, compiled, Double::sum);
        found.merge(Cause.SCHEDULING, ns - compiled, Double::sum);
    }

    private static Map<Cause, Double> nothing() {
        final Map<Cause, Double> found = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            found.put(cause, 0.0);
        }
        return found;
    }

    private static double sum(Map<Cause, Double> found) {
        return found.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Makes it no more than {@code mostNs} in all. */
    private static void scale(Map<Cause, Double> found, double mostNs) {
        final double sum = sum(found);
        if (sum > mostNs) {
            found.replaceAll((cause, ns) -> ns * mostNs / sum);
        }
    }

    private static Map<Cause, Long> rounded(Map<Cause, Double> found) {
        final Map<Cause, Long> shares = new EnumMap<>(Cause.class);
        found.forEach((cause, ns) -> shares.put(cause, Math.round(ns)));
        return shares;
    }
}

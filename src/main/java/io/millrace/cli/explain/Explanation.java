package io.millrace.cli.explain;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Holds one late packet against what the recording says of its time in the relay: from its arrival until its delay began,
 * and from when it was due until it left. What it took longer than the median packet is shared out: each cause gets the
 * part of that time in which it was under way and no cause before it was. Immutable.
 */
final class Explanation {
    private static final List<Cause> STOPS = List.of(Cause.GC, Cause.SAFEPOINT, Cause.EPOCH_ROLL, Cause.REKEY);

    private final Background background;
    private final long medianNs;
    private final long usualRoundNs;

    /**
     * Explains by a recording.
     *
     * @param medianNs of the packets' times in the relay.
     */
    Explanation(Background background, long medianNs) {
        this.background = background;
        this.medianNs = medianNs;
        this.usualRoundNs = background.peelNs().getValueAtPercentile(50);
    }

    /** How much of the packet's lateness each cause accounts for, in nanoseconds; all of them are there. */
    Map<Cause, Long> of(SampledPacket packet) {
        final Map<Cause, Double> found = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            found.put(cause, 0.0);
        }
        final Span whole = new Span(packet.before().from(), packet.leftNs());
        final FreeTime free = new FreeTime();
        free.add(packet.before());
        free.add(packet.after());
        for (Cause cause : STOPS) {
            for (Span span : background.spans().get(cause).in(whole)) {
                found.merge(cause, (double) free.take(span), Double::sum);
            }
        }
        for (Stall stall : background.stalls().in(whole)) {
            share(stall, free.take(stall.span()), found);
        }
        for (Span hiccup : background.spans().get(Cause.SCHEDULING).in(whole)) {
            away(hiccup, (double) free.take(hiccup), found);
        }
        return scaled(found, Math.max(0, packet.relayNs() - medianNs));
    }

    /** Tells a thread that was busy, or waited for something of its own, from one that was not let run. */
    private void share(Stall stall, long takenNs, Map<Cause, Double> found) {
        final Span span = stall.span();
        final Spans<Span> waits = background.waits().get(stall.thread());
        final long waitedNs = waits == null ? 0 : waits.coverNs(span);
        final long stoppedNs = background.spans().get(Cause.GC).coverNs(span);
        final long length = span.lengthNs();
        final long awayNs = Math.max(0, length - stall.cpuNs() - waitedNs - stoppedNs);
        final long ownNs = Math.max(0, length - stoppedNs - awayNs - usualRoundNs);
        final double unit = (double) takenNs / Math.max(1, length - stoppedNs);
        away(span, unit * awayNs, found);
        if (stall.wheel() && ownNs >= usualRoundNs) {
            found.merge(Cause.WHEEL_LAG, unit * ownNs, Double::sum);
        }
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

    private static Map<Cause, Long> scaled(Map<Cause, Double> found, long lateNs) {
        final double sum =
                found.values().stream().mapToDouble(Double::doubleValue).sum();
        final double scale = sum > lateNs ? lateNs / sum : 1;
        final Map<Cause, Long> shares = new EnumMap<>(Cause.class);
        found.forEach((cause, ns) -> shares.put(cause, Math.round(ns * scale)));
        shares.put(Cause.UNEXPLAINED, Math.max(0, Math.round(lateNs - sum * scale)));
        return shares;
    }
}

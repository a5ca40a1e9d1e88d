package io.millrace.rig.knee;

import io.millrace.rig.measure.LadderMeter;
import io.millrace.rig.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every interval of a run, told as it ends, with the ladders that were measured between them. Belongs to one thread. */
final class StepLog {
    private static final int LADDERS_EACH = 16;

    private final LadderMeter ladders;
    private final Progress progress;
    private final List<Step> steps = new ArrayList<>();

    /**
     * An empty log.
     *
     * @param progress receives each interval: its step as it begins, a line as it ends.
     */
    StepLog(LadderMeter ladders, Progress progress) {
        this.ladders = ladders;
        this.progress = progress;
    }

    /** An interval is about to begin: nothing moves yet. */
    void begin(String subject, double rate, double seconds) {
        ladders.sample(LADDERS_EACH);
        progress.step(String.format(Locale.ROOT, "%s at %,.0f packets/s", subject, rate), seconds);
    }

    /** Something that is no interval begins. */
    void begin(String name, double seconds) {
        progress.step(name, seconds);
    }

    void add(Step step) {
        steps.add(step);
        progress.note(String.format(
                Locale.ROOT,
                "%-9s %,9.0f/s  %,9d sent  %,6d lost%s%s%s",
                step.subject(),
                step.rate(),
                step.sent(),
                step.lost(),
                step.grows() ? "  (latency grew by " + step.growthNs() / 1_000 + " µs)" : "",
                step.generatorBehind() ? "  (the generator fell behind)" : "",
                step.lost() == 0 ? "" : "  (" + where(step) + ")"));
    }

    private static String where(Step step) {
        final List<String> places = new ArrayList<>();
        step.dropped().forEach((reason, count) -> places.add(String.format(Locale.ROOT, "%s %,d", reason, count)));
        step.socketDrops()
                .forEach((socket, count) ->
                        places.add(String.format(Locale.ROOT, "socket of the %s %,d", socket, count)));
        return places.isEmpty() ? "place unknown" : String.join(", ", places);
    }

    /** In the order in which they ran. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Median of the ladders between the intervals. */
    long ladderNs() {
        return ladders.medianNs();
    }
}

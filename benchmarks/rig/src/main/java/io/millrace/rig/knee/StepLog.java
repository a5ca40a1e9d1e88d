package io.millrace.rig.knee;

import io.millrace.rig.measure.LadderMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Every interval of a run, told as it ends, with the ladders that were measured between them. Belongs to one thread. */
final class StepLog {
    private static final int LADDERS_EACH = 16;

    private final LadderMeter ladders;
    private final Consumer<String> progress;
    private final List<Step> steps = new ArrayList<>();

    /**
     * An empty log.
     *
     * @param progress receives each interval, a line each.
     */
    StepLog(LadderMeter ladders, Consumer<String> progress) {
        this.ladders = ladders;
        this.progress = progress;
    }

    /** An interval is about to begin: nothing moves yet. */
    void quiet() {
        ladders.sample(LADDERS_EACH);
    }

    /** Something that is no interval. */
    void tell(String line) {
        progress.accept(line);
    }

    void add(Step step) {
        steps.add(step);
        progress.accept(String.format(
                Locale.ROOT,
                "%-9s %,9.0f/s  %,9d sent  %,6d lost%s%s%s",
                step.subject(),
                step.rate(),
                step.sent(),
                step.lost(),
                step.grows() ? "  (latency grew by " + step.growthNs() / 1_000 + " us)" : "",
                step.generatorBehind() ? "  (the generator fell behind)" : "",
                step.lost() == 0 ? "" : "  " + step.dropped() + " sockets " + step.socketDrops()));
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

package io.millrace.cli.knee;

import java.io.IOException;

/**
 * Loads one subject until its highest rate without loss is found: warms it up, finds the neighbourhood by short intervals,
 * and lets a {@link Staircase} of whole ones say where half of them pass. Belongs to one thread.
 */
final class KneeSearch {
    private static final double WARM_UP_RATE = 20_000;
    private static final int WARM_UP_PACKETS = 30_000;
    private static final int WARM_UPS_MIN = 3;
    private static final int WARM_UPS_MAX = 12;
    private static final long COMPILED_MS = 200;
    private static final double SCOUT_SHARE = 1.0 / 3;
    private static final double SCOUT_RESOLUTION = 0.15;

    private final TestBed bed;
    private final int packets;
    private final KneeOptions options;
    private final StepLog log;

    /**
     * Searches on {@code bed}, which stays the caller's.
     *
     * @param packets that it can be loaded with in one interval.
     * @param log takes every interval but those that warm up.
     */
    KneeSearch(TestBed bed, int packets, KneeOptions options, StepLog log) {
        this.bed = bed;
        this.packets = packets;
        this.options = options;
        this.log = log;
    }

    /**
     * The highest rate without loss, packets a second.
     *
     * @param trials whole intervals that are spent on it.
     * @throws IllegalStateException if every rate lost packets.
     */
    double knee(int trials) throws Exception {
        warmUp();
        // The shortest interval that a rate is still tried for is a third of the one asked for.
        final double highest = packets / (options.interval() * SCOUT_SHARE);
        final double scouted = RateSearch.highest(
                rate -> scout(rate).passed(),
                options.firstRate(),
                highest,
                Math.max(SCOUT_RESOLUTION, options.resolution()));
        final double knee = Staircase.highest(
                rate -> whole(rate).passed(),
                scouted == 0 ? options.firstRate() : scouted,
                highest,
                options.resolution(),
                trials);
        if (knee == 0) {
            throw new IllegalStateException("the " + bed.kind() + " lost packets at every rate that was tried, down to "
                    + Math.round(options.firstRate() / 64) + " a second");
        }
        return knee;
    }

    /** One whole interval at {@code rate}. */
    Step whole(double rate) throws IOException {
        return step(rate, options.interval(), false);
    }

    private Step scout(double rate) throws IOException {
        return step(rate, options.interval() * SCOUT_SHARE, true);
    }

    /** Until its compiler has nothing more to do: on few cores it takes them away from what is measured. */
    private void warmUp() throws IOException {
        log.tell("warming up the " + bed.kind() + " ...");
        long compiledMs = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UPS_MAX && (i < WARM_UPS_MIN || compiledMs > COMPILED_MS); i++) {
            final long before = i == 0 ? 0 : bed.report().compiledMs();
            bed.run(WARM_UP_RATE, Math.min(WARM_UP_PACKETS, packets), true);
            compiledMs = bed.report().compiledMs() - before;
            log.tell("... its compiler worked for " + compiledMs + " ms");
        }
    }

    private Step step(double rate, double seconds, boolean scout) throws IOException {
        log.quiet();
        final Step step = bed.run(rate, Math.clamp(Math.round(rate * seconds), 1, packets), scout);
        log.add(step);
        return step;
    }
}

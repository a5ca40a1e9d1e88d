package io.millrace.rig.knee;

import java.io.IOException;

/**
 * Loads one subject until its rates are found: warms it up, finds the neighbourhood by short intervals, lets a
 * {@link Staircase} of brief ones say where half of them pass, and goes down from there until whole intervals pass one after
 * the other. Belongs to one thread.
 */
final class KneeSearch {
    /** Part of the knee that is measured again, and must hold. */
    private static final double AGAIN = 0.95;

    private static final double WARM_UP_RATE = 20_000;
    private static final int WARM_UP_PACKETS = 30_000;
    private static final int WARM_UPS_MIN = 3;
    private static final int WARM_UPS_MAX = 12;
    private static final int QUICK_WARM_UPS = 6;
    private static final double WARM_UP_SECONDS = 8;
    private static final double AROUND_SECONDS = 0.7; // before and after an interval
    private static final int SCOUTS = 8; // as a rule
    private static final double TRIES = 1.5; // as a rule
    private static final int PACKETS_LEAST = 64;
    private static final long COMPILED_MS = 200;
    private static final double SCOUT_SHARE = 0.1;
    private static final double BRIEF_SHARE = 0.3;
    private static final double SCOUT_RESOLUTION = 0.15;
    private static final int SMALL_STEPS = 4;
    private static final double LARGE_STEP = 0.15;
    private static final double LOWEST_SHARE = 1.0 / 64;

    private final TestBed bed;
    private final KneeOptions options;
    private final StepLog log;

    /**
     * Searches on {@code bed}, which stays the caller's.
     *
     * @param log takes every interval but those that warm up.
     */
    KneeSearch(TestBed bed, KneeOptions options, StepLog log) {
        this.bed = bed;
        this.options = options;
        this.log = log;
    }

    /** Time that {@link #halfPoint} and then so many brief intervals take, by plan, in seconds. */
    static double halfPointSeconds(KneeOptions options, int trials, int further) {
        return WARM_UP_SECONDS
                + SCOUTS * (options.interval() * SCOUT_SHARE + AROUND_SECONDS)
                + (trials + further) * (options.interval() * BRIEF_SHARE + AROUND_SECONDS);
    }

    /** Time that {@link #knee} and then so many whole intervals take, by plan, in seconds. */
    static double kneeSeconds(KneeOptions options, int further) {
        return (TRIES * options.confirmations() + 1 + further) * (options.interval() + AROUND_SECONDS);
    }

    /** The rate of which about half of the brief intervals pass. */
    double halfPoint(int trials) throws Exception {
        warmUp();
        // The shortest interval that a rate is still tried for is a tenth of a whole one.
        final double highest = bed.packets() / (options.interval() * SCOUT_SHARE);
        final double scouted = RateSearch.highest(
                rate -> scout(rate).passed(),
                options.firstRate(),
                highest,
                Math.max(SCOUT_RESOLUTION, options.resolution()));
        final double half = Staircase.highest(
                rate -> brief(rate).passed(),
                scouted == 0 ? options.firstRate() : scouted,
                bed.packets() / (options.interval() * BRIEF_SHARE),
                options.resolution(),
                trials);
        if (half == 0) {
            throw failed();
        }
        return half;
    }

    /**
     * The highest rate, from {@code from} downwards, that {@link KneeOptions#confirmations} whole intervals out of as many
     * carry without a loss and without a growing queue, and of which 95 % does so once more. The bed then still has the
     * load of that last interval.
     */
    Knee knee(double from) throws IOException {
        final double most = Math.min(from, bed.packets() / options.interval());
        double rate = most;
        int tries = 0;
        while (rate > options.firstRate() * LOWEST_SHARE) {
            tries++;
            if (holds(rate)) {
                final Step again = whole(AGAIN * rate);
                if (again.passed()) {
                    return new Knee(rate, again, tries, most < from && rate == most);
                }
            }
            rate *= 1
                    - (tries <= SMALL_STEPS ? 1.5 * options.resolution() : Math.max(LARGE_STEP, options.resolution()));
        }
        throw failed();
    }

    /**
     * Result of the search.
     *
     * @param rate packets a second.
     * @param again the interval at 95 % of it, which lost nothing.
     * @param tries rates that were tried.
     * @param poolLimited whether a higher rate was not tried for a whole interval for want of packets.
     */
    record Knee(double rate, Step again, int tries, boolean poolLimited) {}

    /** One whole interval at {@code rate}. */
    Step whole(double rate) throws IOException {
        return step(rate, 0, options.interval(), false);
    }

    /** One brief interval at {@code rate}. */
    Step brief(double rate) throws IOException {
        return step(rate, 0, options.interval() * BRIEF_SHARE, false);
    }

    /** {@code count} packets at {@code rate}, half of them before the first roll of the key, if there is one. */
    Step light(double rate, int count) throws IOException {
        final int roll = Math.min(options.circumstances().firstOf(2, bed.packets()), bed.packets() / 2);
        final int first = options.circumstances().epochs() == 1 ? 0 : Math.max(0, roll - count / 2);
        log.begin(bed.kind(), rate, count / rate + AROUND_SECONDS);
        final Step step = bed.run(rate, first, Math.min(count, bed.packets() - first), false);
        log.add(step);
        return step;
    }

    private boolean holds(double rate) throws IOException {
        for (int i = 0; i < options.confirmations(); i++) {
            if (!whole(rate).passed()) {
                return false;
            }
        }
        return true;
    }

    private Step scout(double rate) throws IOException {
        return step(rate, 0, options.interval() * SCOUT_SHARE, true);
    }

    /** Until its compiler has nothing more to do: on few cores it takes them away from the subject. */
    private void warmUp() throws IOException {
        log.begin("warming up the " + bed.kind(), WARM_UP_SECONDS);
        long compiledMs = Long.MAX_VALUE;
        long before = 0;
        for (int i = 0;
                i < (options.quick() ? QUICK_WARM_UPS : WARM_UPS_MAX) && (i < WARM_UPS_MIN || compiledMs > COMPILED_MS);
                i++) {
            bed.run(WARM_UP_RATE, 0, Math.min(WARM_UP_PACKETS, bed.packets()), true);
            compiledMs = bed.report().compiledMs() - before;
            before = bed.report().compiledMs();
        }
    }

    private Step step(double rate, int first, double seconds, boolean scout) throws IOException {
        log.begin(bed.kind(), rate, seconds + AROUND_SECONDS);
        final int count = Math.clamp(Math.round(rate * seconds), PACKETS_LEAST, bed.packets() - first);
        final Step step = bed.run(rate, first, count, scout);
        log.add(step);
        return step;
    }

    private IllegalStateException failed() {
        return new IllegalStateException("the " + bed.kind() + " lost packets at every rate that was tried, down to "
                + Math.round(options.firstRate() * LOWEST_SHARE) + " a second");
    }
}

package io.millrace.rig.progress;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts the steps of a measurement and estimates the time left.
 *
 * <p>The measurement plans a length for each step and for all of them together. The estimate is the planned time of the
 * steps that are left, times the ratio of elapsed to planned time so far. {@value #PRIOR_SECONDS} s of steps on time are
 * added to both sides of that ratio, so that one slow step at the beginning does not promise hours.
 *
 * <p>Not thread safe.
 */
public final class Progress {
    private static final double PRIOR_SECONDS = 5;
    private static final double NS_PER_SECOND = 1e9;

    private final LongSupplier clock;
    private final ProgressListener listener;
    private long beganNs;
    private int number;
    private int count;
    private double plannedSeconds;
    private double doneSeconds; // planned, of steps that have begun before the current one
    private double currentSeconds;

    /**
     * The progress of one measurement.
     *
     * @param clock monotonic, in nanoseconds.
     * @param listener receives each step; called by the thread that calls {@link #step}.
     */
    public Progress(LongSupplier clock, ProgressListener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    /** Progress that is not shown. */
    public static Progress silent() {
        return new Progress(() -> 0, ProgressListener.SILENT);
    }

    /**
     * Begins, with a plan of the whole measurement.
     *
     * @param steps number of steps; 0 if it is not known.
     * @param seconds planned for all steps together, 0 or more.
     */
    public void plan(int steps, double seconds) {
        beganNs = clock.getAsLong();
        number = 0;
        count = steps;
        plannedSeconds = seconds;
        doneSeconds = 0;
        currentSeconds = 0;
    }

    /**
     * Begins a step, and thereby ends the one before.
     *
     * @param name for people, one line.
     * @param seconds planned for the step, 0 or more.
     */
    public void step(String name, double seconds) {
        doneSeconds += currentSeconds;
        currentSeconds = seconds;
        number++;
        final double elapsed = (clock.getAsLong() - beganNs) / NS_PER_SECOND;
        final double pace = (elapsed + PRIOR_SECONDS) / (doneSeconds + PRIOR_SECONDS);
        final double left = pace * Math.max(seconds, plannedSeconds - doneSeconds);
        listener.step(new Step(number, count, name, duration(seconds), duration(elapsed), duration(left)));
    }

    /**
     * Passes on a result on the way, or a remark.
     *
     * @param line one line for people.
     */
    public void note(String line) {
        listener.note(line);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NS_PER_SECOND));
    }
}

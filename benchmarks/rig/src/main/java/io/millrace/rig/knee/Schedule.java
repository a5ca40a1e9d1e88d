package io.millrace.rig.knee;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * When packets are due, at a rate of one a second: evenly spaced, or as a Poisson process. Read only once made.
 */
final class Schedule {
    private static final double NS_PER_SECOND = 1e9;

    private final double[] seconds;

    private Schedule(double[] seconds) {
        this.seconds = seconds;
    }

    /** Every packet a second after the one before. */
    static Schedule even(int packets) {
        final double[] seconds = new double[packets];
        Arrays.setAll(seconds, number -> number);
        return new Schedule(seconds);
    }

    /** Exponential gaps of one second in the mean. */
    static Schedule poisson(int packets, long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final double[] seconds = new double[packets];
        double now = 0;
        for (int number = 0; number < packets; number++) {
            seconds[number] = now;
            now -= Math.log(1 - random.nextDouble());
        }
        return new Schedule(seconds);
    }

    /** Nanoseconds from when packet {@code first} is due until {@code number} is, at {@code rate} packets a second. */
    long offsetNs(int first, int number, double rate) {
        return (long) ((seconds[number] - seconds[first]) * (NS_PER_SECOND / rate));
    }
}

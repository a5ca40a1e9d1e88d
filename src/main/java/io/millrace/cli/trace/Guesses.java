package io.millrace.cli.trace;

import java.util.Locale;

/**
 * How often an attacker named the right next hop.
 *
 * @param attacker by its knowledge.
 * @param right packets whose next hop it named.
 * @param of packets.
 */
record Guesses(String attacker, int right, int of) {
    /** Standard deviations of the interval: 99.9 %. */
    private static final double DEVIATIONS = 3.2905;

    static Guesses of(String attacker, int[] guesses, int[] truth) {
        int right = 0;
        for (int i = 0; i < truth.length; i++) {
            right += guesses[i] == truth[i] ? 1 : 0;
        }
        return new Guesses(attacker, right, truth.length);
    }

    double share() {
        return (double) right / of;
    }

    /** Lower end of Wilson's interval. */
    double low() {
        return middle() - half();
    }

    /** Upper end of Wilson's interval. */
    double high() {
        return middle() + half();
    }

    String interval() {
        return String.format(Locale.ROOT, "%.3f to %.3f", low(), high());
    }

    private double middle() {
        final double square = DEVIATIONS * DEVIATIONS / of;
        return (share() + square / 2) / (1 + square);
    }

    private double half() {
        final double square = DEVIATIONS * DEVIATIONS / of;
        return DEVIATIONS * Math.sqrt(share() * (1 - share()) / of + square / (4 * of)) / (1 + square);
    }
}

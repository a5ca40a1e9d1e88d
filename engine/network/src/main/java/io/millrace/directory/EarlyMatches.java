package io.millrace.directory;

import io.millrace.vrf.DelayDistribution;
import java.util.List;

/**
 * Early probes whose rest becomes usual when the delay of one passage through a relay is taken out: matches.
 *
 * @param count probes with a match.
 * @param expected matches by coincidence: a delay drawn from the law happens to fit.
 */
record EarlyMatches(int count, double expected) {
    static EarlyMatches of(
            List<DisclosedProbe> early, IdentityKey relay, DelayLaw law, long toleranceNs, long boundNs) {
        final DelayDistribution distribution = law.distribution();
        int count = 0;
        double expected = 0;
        for (DisclosedProbe probe : early) {
            final long leastNs = -toleranceNs * probe.hops().size() - probe.restNs();
            final long mostNs = boundNs - probe.restNs();
            final double chance = distribution.cumulative(mostNs) - distribution.cumulative(leastNs - 1);
            double none = 1;
            boolean matches = false;
            for (int i = 0; i < probe.delaysNs().length; i++) {
                if (probe.hops().get(i).relay().equals(relay)) {
                    none *= 1 - chance;
                    matches |= probe.delaysNs()[i] >= leastNs && probe.delaysNs()[i] <= mostNs;
                }
            }
            expected += 1 - none;
            count += matches ? 1 : 0;
        }
        return new EarlyMatches(count, expected);
    }

    /** Probability of as many matches by coincidence or more. */
    double p() {
        return count == 0 ? 1 : Tails.poisson(count, expected);
    }
}

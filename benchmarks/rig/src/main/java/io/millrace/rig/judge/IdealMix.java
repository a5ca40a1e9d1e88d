package io.millrace.rig.judge;

import io.millrace.vrf.DelayDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The mix that only delays: every packet leaves exactly when its delay has passed. */
final class IdealMix {
    private IdealMix() {}

    /** The same arrivals, through an ideal mix with that law. */
    static Passages of(Passages passages, DelayDistribution law, long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] leftNs = new long[passages.count()];
        Arrays.setAll(leftNs, index -> passages.arrivedNs(index) + law.delayNs(random.nextLong()));
        return passages.leaving(leftNs);
    }

    /** Mean success of a guess, for each departure, among the packets that are inside just then. */
    static double chance(Passages passages) {
        double sum = 0;
        int arrived = 0;
        int left = 0;
        for (int departure : passages.byDeparture()) {
            while (arrived < passages.count() && passages.arrivedNs(arrived) <= passages.leftNs(departure)) {
                arrived++;
            }
            sum += 1.0 / (arrived - left);
            left++;
        }
        return sum / passages.count();
    }
}

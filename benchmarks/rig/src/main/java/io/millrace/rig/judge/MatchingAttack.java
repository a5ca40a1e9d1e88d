package io.millrace.rig.judge;

import java.util.Arrays;

/**
 * Matches departures to arrivals by their times alone, knowing how long packets stay, as an observer of all wires can.
 * Three attackers try, and the best one counts.
 *
 * <ul>
 *   <li>The first keeps the order: the n-th departure is the n-th arrival. For a law with a log-concave density this is the
 *       most likely matching of all packets together, and it finds every packet of a relay that keeps the order.
 *   <li>The second takes departure by departure, and for each the most likely arrival that is not taken yet.
 *   <li>The third takes for each departure the most likely arrival, whether it was taken before or not: one mistake does not
 *       lead to the next.
 * </ul>
 */
final class MatchingAttack {
    private MatchingAttack() {}

    /**
     * Attacks.
     *
     * @param passages 1 packet or more; the attackers do not use the delays, nor which departure belongs to which arrival.
     * @return departures whose arrival was found, as a share of all: 0 to 1.
     */
    static double success(Passages passages) {
        final int[] departures = passages.byDeparture();
        final ObservedLaw law = ObservedLaw.of(passages.spentNs());
        return Math.max(
                inOrder(departures),
                Math.max(byLikelihood(passages, departures, law), eachAlone(passages, departures, law)));
    }

    private static double inOrder(int[] departures) {
        int found = 0;
        for (int rank = 0; rank < departures.length; rank++) {
            if (departures[rank] == rank) {
                found++;
            }
        }
        return (double) found / departures.length;
    }

    private static double eachAlone(Passages passages, int[] departures, ObservedLaw law) {
        int first = 0;
        int found = 0;
        for (int departure : departures) {
            final long leftNs = passages.leftNs(departure);
            while (first < passages.count() && leftNs - passages.arrivedNs(first) > law.maxNs()) {
                first++;
            }
            int best = -1;
            double likelihood = 0;
            for (int each = first; each < passages.count() && passages.arrivedNs(each) <= leftNs; each++) {
                final double density = law.density(leftNs - passages.arrivedNs(each));
                if (density > likelihood) {
                    likelihood = density;
                    best = each;
                }
            }
            if (best == departure) {
                found++;
            }
        }
        return (double) found / departures.length;
    }

    private static double byLikelihood(Passages passages, int[] departures, ObservedLaw law) {
        final int count = passages.count();
        final int[] next = new int[count]; // the next arrival that is not taken yet
        final int[] before = new int[count];
        Arrays.setAll(next, index -> index + 1);
        Arrays.setAll(before, index -> index - 1);
        int first = 0;
        int found = 0;
        for (int departure : departures) {
            final long leftNs = passages.leftNs(departure);
            while (first < count && leftNs - passages.arrivedNs(first) > law.maxNs()) {
                first = next[first]; // left without being recognised
            }
            int best = -1;
            double likelihood = 0;
            for (int each = first; each < count && passages.arrivedNs(each) <= leftNs; each = next[each]) {
                final double density = law.density(leftNs - passages.arrivedNs(each));
                if (density > likelihood) {
                    likelihood = density;
                    best = each;
                }
            }
            if (best >= 0) {
                if (best == departure) {
                    found++;
                }
                if (best == first) {
                    first = next[best];
                } else {
                    next[before[best]] = next[best];
                    if (next[best] < count) {
                        before[next[best]] = before[best];
                    }
                }
            }
        }
        return (double) found / count;
    }
}

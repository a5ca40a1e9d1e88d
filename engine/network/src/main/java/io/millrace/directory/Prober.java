package io.millrace.directory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the delays that probes had against the delays that the relays have disclosed.
 *
 * <p>Two tests per relay, each with a false-alarm rate of {@link #FALSE_ALARM}:
 *
 * <ul>
 *   <li>Slope: least squares of the time under way on the disclosed delays of every relay. The slope of an honest relay is
 *       1, of one without delays 0, of one with halved delays 0.5, of one whose delays follow another output or law
 *       another value.
 *   <li>Early: a probe that arrives early by just one passage's delay counts against that passage's relay; the count is
 *       compared with the coincidences that the law of the delays lets expect.
 * </ul>
 *
 * <p>Not thread safe. Off the packet path.
 *
 * <p>Source: {@code src/docs/specs/delay.md}, section "Probing".
 */
public final class Prober {
    /** Probability with which a test refuses an honest relay. */
    public static final double FALSE_ALARM = 1e-6;

    /** Distance of a slope from 1 that is never refused: processing that grows with a packet's stay. */
    static final double SLOPE_TOLERANCE = 0.02;

    private static final double MAD_TO_DEVIATION = 1.4826;
    private static final double BOUND_DEVIATIONS = 6;

    private final Map<IdentityKey, DisclosureLog> logs = new HashMap<>();
    private final long toleranceNs;

    /**
     * Makes a prober.
     *
     * @param logs verified disclosures, one log per relay; kept, not copied.
     * @param toleranceNs time by which an honest relay may release a packet early, in nanoseconds per passage, 0 or more: a
     *     tick of its wheel.
     * @throws IllegalArgumentException if two logs are of one relay.
     */
    public Prober(Collection<DisclosureLog> logs, long toleranceNs) {
        if (toleranceNs < 0) {
            throw new IllegalArgumentException("the tolerance must be 0 or more: toleranceNs=" + toleranceNs);
        }
        for (DisclosureLog log : logs) {
            if (this.logs.put(log.descriptor().identity(), log) != null) {
                throw new IllegalArgumentException(
                        "two logs of one relay: relay=" + log.descriptor().identity());
            }
        }
        this.toleranceNs = toleranceNs;
    }

    /**
     * Judges all relays on the way of the probes.
     *
     * @param probes any number, in any order; those with a delay that is not disclosed are only counted.
     */
    public ProbeReport judge(Collection<Probe> probes) {
        final List<DisclosedProbe> judged = new ArrayList<>();
        for (Probe probe : probes) {
            final DisclosedProbe disclosed = disclosed(probe);
            if (disclosed != null) {
                judged.add(disclosed);
            }
        }
        final int waiting = probes.size() - judged.size();
        final long[] rests =
                judged.stream().mapToLong(DisclosedProbe::restNs).sorted().toArray();
        final long medianNs = rests.length == 0 ? 0 : rests[rests.length / 2];
        final long boundNs = boundNs(rests, medianNs);
        final List<DisclosedProbe> early =
                judged.stream().filter(probe -> probe.isEarly(toleranceNs)).toList();
        final int late =
                (int) Arrays.stream(rests).filter(rest -> rest > boundNs).count();
        return new ProbeReport(
                judged.size(), waiting, early.size(), late, medianNs, boundNs, relays(judged, early, boundNs));
    }

    private List<RelayJudgement> relays(List<DisclosedProbe> judged, List<DisclosedProbe> early, long boundNs) {
        final Map<IdentityKey, Integer> visits = new LinkedHashMap<>();
        judged.forEach(probe -> probe.hops().forEach(hop -> visits.merge(hop.relay(), 1, Integer::sum)));
        final List<IdentityKey> relays = List.copyOf(visits.keySet());
        final Slopes slopes = Slopes.of(judged, relays);
        final List<RelayJudgement> judgements = new ArrayList<>();
        for (int i = 0; i < relays.size(); i++) {
            final IdentityKey relay = relays.get(i);
            final EarlyMatches matches = EarlyMatches.of(early, relay, lawOf(relay), toleranceNs, boundNs);
            judgements.add(new RelayJudgement(
                    relay,
                    visits.get(relay),
                    slopes.slope(i),
                    slopes.error(i),
                    slopes.p(i),
                    matches.count(),
                    matches.expected(),
                    matches.p(),
                    refusal(slopes, i, matches)));
        }
        return judgements;
    }

    private static String refusal(Slopes slopes, int relay, EarlyMatches matches) {
        if (slopes.p(relay) < FALSE_ALARM && Math.abs(slopes.slope(relay) - 1) > SLOPE_TOLERANCE) {
            return String.format(
                    java.util.Locale.ROOT,
                    "its packets do not stay for the disclosed delays: slope %.3f instead of 1, p = %.1e",
                    slopes.slope(relay),
                    slopes.p(relay));
        }
        if (matches.p() < FALSE_ALARM) {
            return String.format(
                    java.util.Locale.ROOT,
                    "it releases packets early: %d probes, %.1f by coincidence, p = %.1e",
                    matches.count(),
                    matches.expected(),
                    matches.p());
        }
        return null;
    }

    private DelayLaw lawOf(IdentityKey relay) {
        return logs.get(relay).descriptor().law();
    }

    /** With the delay of every passage; null if one is not disclosed. */
    private DisclosedProbe disclosed(Probe probe) {
        final long[] delaysNs = new long[probe.hops().size()];
        for (int i = 0; i < delaysNs.length; i++) {
            final ProbeHop hop = probe.hops().get(i);
            final DisclosureLog log = logs.get(hop.relay());
            final Optional<DelayDisclosure> disclosure = log == null ? Optional.empty() : log.of(hop.epoch());
            if (disclosure.isEmpty()) {
                return null;
            }
            delaysNs[i] = disclosure.get().delayNs(hop.tagLow(), hop.tagHigh());
        }
        return new DisclosedProbe(probe.hops(), probe.elapsedNs(), delaysNs);
    }

    /** Median and six deviations, the deviation by the median of the distances: half of the probes may be wrong. */
    private long boundNs(long[] sortedRests, long medianNs) {
        if (sortedRests.length == 0) {
            return 0;
        }
        final long[] distances = Arrays.stream(sortedRests)
                .map(rest -> Math.abs(rest - medianNs))
                .sorted()
                .toArray();
        final double deviation = MAD_TO_DEVIATION * distances[distances.length / 2];
        return medianNs + (long) (BOUND_DEVIATIONS * deviation) + toleranceNs;
    }
}

package io.millrace.cli.knee;

import io.millrace.cli.measure.Percentiles;
import io.millrace.crypto.Sodium;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result; also its form in JSON. Times are in nanoseconds.
 *
 * @param link {@code udp} or {@code tcp}.
 * @param kneePacketsPerSecond the highest rate that lost no packet in {@code intervalSeconds}, and at which, or above which,
 *     about half of such intervals do: see {@link Staircase}.
 * @param kneeLadders time from one packet to the next at the knee, in ladders: what compares between machines, and between
 *     moods of a shared one.
 * @param ladderNs median time of one libsodium scalar multiplication between the intervals.
 * @param stolenShare processor time that the machine's host gave to others while rates were tried, as a part of all.
 * @param floorPacketsPerSecond the same for a bare forwarder of frames.
 * @param floorGeneratorLimited whether the forwarder's sweep ended because the generator could offer no more.
 * @param kneeGeneratorLimited the same for the relay's.
 * @param kneeEndedBy what ended the relay's sweep: {@code loss}, {@code the generator}, or {@code backpressure}, where the
 *     generator fell behind because its socket took no more.
 * @param floorEndedBy the same for the forwarder's.
 * @param lossBegins the slowest interval of the relay that lost packets: how many, and where; absent if none did.
 * @param percentiles by load in percent of the knee: from when a packet was due until it came back, less its delay.
 * @param floorPercentiles the forwarder at the same rates.
 * @param stages by load and stage, on the relay's own clock.
 * @param hiccup lateness of a thread that wants to run every millisecond, idle and while loads ran.
 * @param anonymity by load: what an observer of the wires does not know.
 * @param delays by load: whether delays are what was declared.
 * @param steps every interval of both subjects.
 */
record KneeReport(
        String link,
        double kneePacketsPerSecond,
        double kneeLadders,
        long ladderNs,
        double stolenShare,
        double floorPacketsPerSecond,
        boolean kneeGeneratorLimited,
        boolean floorGeneratorLimited,
        String kneeEndedBy,
        String floorEndedBy,
        Map<String, Object> lossBegins,
        double intervalSeconds,
        String provider,
        String threading,
        String waitMode,
        int batch,
        String policy,
        String delay,
        Map<String, Map<String, Long>> percentiles,
        Map<String, Map<String, Long>> floorPercentiles,
        Map<String, Map<String, Map<String, Long>>> stages,
        Map<String, Map<String, Long>> hiccup,
        Map<String, Anonymity> anonymity,
        Map<String, DelayCheck> delays,
        boolean conserved,
        List<Step> steps,
        long seed,
        double seconds,
        String jdk,
        String cpu,
        String libsodium) {
    /** Share of refused packets above which the subject and not the generator was too slow. */
    private static final double HELD_BACK = 0.01;

    private static final double THOUSAND = 1_000;

    static KneeReport of(KneeMeasurements measured, String cpu) {
        final KneeOptions options = measured.options();
        final Map<String, Map<String, Long>> percentiles = new LinkedHashMap<>();
        final Map<String, Map<String, Long>> floor = new LinkedHashMap<>();
        final Map<String, Map<String, Map<String, Long>>> stages = new LinkedHashMap<>();
        final Map<String, Anonymity> anonymity = new LinkedHashMap<>();
        final Map<String, DelayCheck> delays = new LinkedHashMap<>();
        final Map<String, Map<String, Long>> hiccup = new LinkedHashMap<>();
        hiccup.put("idle", Percentiles.of(measured.idle()));
        hiccup.put("loaded", Percentiles.of(measured.loaded()));
        measured.relayLoads().forEach((percent, figures) -> {
            final String load = percent.toString();
            percentiles.put(load, Percentiles.of(figures.latency()));
            stages.put(load, figures.stagePercentiles());
            anonymity.put(load, figures.anonymity());
            delays.put(load, figures.delays());
            hiccup.put(load, Percentiles.of(figures.hiccups()));
        });
        measured.floorLoads()
                .forEach((percent, figures) -> floor.put(percent.toString(), Percentiles.of(figures.latency())));
        return new KneeReport(
                options.tcp() ? "tcp" : "udp",
                Math.round(measured.knee()),
                Math.round(1e9 / measured.knee() / measured.ladderNs() * THOUSAND) / THOUSAND,
                measured.ladderNs(),
                Math.round(measured.stolenShare() * THOUSAND) / THOUSAND,
                Math.round(measured.floor()),
                generatorLimited(measured, SubjectSetup.RELAY, measured.knee()),
                generatorLimited(measured, SubjectSetup.FORWARDER, measured.floor()),
                endedBy(measured, SubjectSetup.RELAY, measured.knee()),
                endedBy(measured, SubjectSetup.FORWARDER, measured.floor()),
                lossBegins(measured),
                options.interval(),
                measured.provider(),
                options.threading(),
                options.waitMode(),
                options.batch(),
                options.policy().label(),
                options.delay().toString(),
                percentiles,
                floor,
                stages,
                hiccup,
                anonymity,
                delays,
                measured.steps().stream().allMatch(Step::conserved),
                measured.steps(),
                options.seed(),
                Math.round(measured.seconds() * 10) / 10.0,
                System.getProperty("java.runtime.version"),
                cpu,
                Sodium.version() + ", " + Sodium.origin());
    }

    /** Whether all that the run checks held. */
    boolean passed() {
        return conserved && kneePacketsPerSecond > 0 && delays.values().stream().allMatch(DelayCheck::passed);
    }

    /** Whether no interval above the knee lost anything while the generator kept its schedule. */
    private static boolean generatorLimited(KneeMeasurements measured, String subject, double knee) {
        return measured.steps().stream()
                .filter(step -> step.subject().equals(subject) && step.rate() > knee)
                .noneMatch(step -> step.lost() > 0 && !step.generatorBehind());
    }

    private static String endedBy(KneeMeasurements measured, String subject, double knee) {
        if (!generatorLimited(measured, subject, knee)) {
            return "loss";
        }
        final boolean heldBack = measured.steps().stream()
                .filter(step -> step.subject().equals(subject) && step.rate() > knee && step.generatorBehind())
                .anyMatch(step -> step.refused() > step.sent() * HELD_BACK);
        return heldBack ? "backpressure" : "the generator";
    }

    private static Map<String, Object> lossBegins(KneeMeasurements measured) {
        final Map<String, Object> first = new LinkedHashMap<>();
        measured.steps().stream()
                .filter(step -> step.subject().equals(SubjectSetup.RELAY) && !step.scout())
                .filter(step -> step.lost() > 0 && step.rate() > measured.knee())
                .min((a, b) -> Double.compare(a.rate(), b.rate()))
                .ifPresent(step -> {
                    first.put("rate", Math.round(step.rate()));
                    first.put("lost", step.lost());
                    first.put("dropped", new TreeMap<>(step.dropped()));
                    first.put("socketDrops", new TreeMap<>(step.socketDrops()));
                    first.put("unaccounted", step.unaccounted());
                });
        return first;
    }
}

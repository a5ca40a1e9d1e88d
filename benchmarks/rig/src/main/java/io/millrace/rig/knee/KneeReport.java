package io.millrace.rig.knee;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.crypto.Sodium;
import io.millrace.node.config.EngineKeys;
import io.millrace.rig.judge.AnonymityJudgement;
import io.millrace.rig.judge.DelayJudgement;
import io.millrace.rig.judge.FalseAlarms;
import io.millrace.rig.judge.OrderJudgement;
import io.millrace.rig.knee.subject.SubjectSetup;
import io.millrace.rig.measure.CoreSplit;
import io.millrace.rig.measure.Percentiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The result; also its form in JSON. Times are in nanoseconds.
 *
 * @param circumstances {@code ordinary} or {@code best}.
 * @param circumstancesText the same in words.
 * @param mutant the way in which the relay under test cheated; empty for an honest one.
 * @param link {@code udp} or {@code tcp}.
 * @param kneePacketsPerSecond the highest rate that lost no packet, and at which the latency did not grow, in any of
 *     {@code confirmations} intervals of {@code intervalSeconds}.
 * @param lostAt95 packets lost when 95 % of the knee were measured again: 0, or the knee would be lower.
 * @param lostAt packets lost at each load below the knee.
 * @param kneeTries rates that were tried for it, from the half point downwards.
 * @param kneePoolLimited whether no higher rate was tried because not enough packets were prepared.
 * @param halfPointPacketsPerSecond the rate at which, or above which, half of brief intervals lose nothing: see
 *     {@link Staircase}. Up to the end of 2026 it was called the knee.
 * @param kneeLadders time from one packet to the next at the knee, in ladders: what compares between machines, and between
 *     moods of a shared one.
 * @param ladderNs median time of one libsodium scalar multiplication between the intervals.
 * @param stolenShare processor time that the machine's host gave to others while rates were tried, as a part of all.
 * @param floorPacketsPerSecond half point of a bare forwarder of frames.
 * @param kneeGeneratorLimited the same for the relay's.
 * @param floorGeneratorLimited whether the forwarder's sweep ended because the generator could offer no more.
 * @param kneeEndedBy what ended the relay's sweep: {@code loss}, {@code growing latency}, {@code the generator}, or
 *     {@code backpressure}, where the generator fell behind because its socket took no more.
 * @param floorEndedBy the same for the forwarder's.
 * @param lossBegins the slowest interval of the relay that lost packets: how many, and where; absent if none did.
 * @param packetsPerSecondPerCore at 80 % of the knee, per second of processor time of all threads of the relay.
 * @param boundPacketsPerSecond what the processors would carry if each did nothing but a packet's work, at the generator and
 *     at the relay.
 * @param boundShare the knee as a share of that.
 * @param ioNsPerPacket time in the relay's carrier, by packet.
 * @param ledger where the time went at 95 % of the knee.
 * @param floorIoNsPerPacket time in the forwarder's carrier, by frame, at the same rate.
 * @param limitedBy what was closest to its end at the knee: a thread or the processors; {@code bursts} if all had time
 *     left, so that queues and sockets overflowed in between.
 * @param intervalSeconds length of a whole interval.
 * @param confirmations intervals that passed one after the other.
 * @param packets distinct packets that were prepared.
 * @param provider name of the crypto provider.
 * @param profile wire profile of the packets, {@code mr1} or {@code mr2}.
 * @param threading threading mode of the relay, as it was asked for.
 * @param cores processors of relay and generator, as in {@link CoreSplit#parse}; empty if each ran on all.
 * @param idleMode behaviour of a thread without work.
 * @param batch most packets in a batch.
 * @param policy who draws the delays.
 * @param delay distribution of the delays.
 * @param percentiles by load in percent of the knee: from when a packet was due until it came back, less its delay.
 * @param floorPercentiles the forwarder at the same rates.
 * @param stages by load and stage, on the relay's own clock.
 * @param hiccup lateness of a thread that wants to run every millisecond, idle and while loads ran.
 * @param attackSuccess share of the departures whose arrival an observer of the wires found, at the light load.
 * @param chance the same of a guess among the packets inside an ideal mix.
 * @param idealSuccess the same of the observer of an ideal mix.
 * @param falseAlarmRate probability that this run refuses an honest relay by chance.
 * @param anonymity by load: success of an attack.
 * @param delays by load: whether packets left when the disclosed law says so.
 * @param order by load: whether packets of one tick left in the order of their arrival.
 * @param keyRolls key epochs that ended while the relay was loaded.
 * @param disclosures of their delays that the relay made, all of them verified.
 * @param conserved whether the subjects' counters added up in every interval.
 * @param unexplained packets lost in whole intervals, that no counter of the subject or the kernel explains.
 * @param steps every interval of both subjects.
 * @param seed of the generator's draws.
 * @param seconds length of the run.
 * @param jdk version of the JDK.
 * @param cpu processor and number of cores of the machine.
 * @param libsodium version of libsodium, and where it comes from.
 */
public record KneeReport(
        String circumstances,
        String circumstancesText,
        String mutant,
        String link,
        double kneePacketsPerSecond,
        int lostAt95,
        Map<String, Integer> lostAt,
        int kneeTries,
        boolean kneePoolLimited,
        double halfPointPacketsPerSecond,
        double kneeLadders,
        long ladderNs,
        double stolenShare,
        double floorPacketsPerSecond,
        boolean kneeGeneratorLimited,
        boolean floorGeneratorLimited,
        String kneeEndedBy,
        String floorEndedBy,
        Map<String, Object> lossBegins,
        double packetsPerSecondPerCore,
        double boundPacketsPerSecond,
        double boundShare,
        long ioNsPerPacket,
        KneeLedger ledger,
        long floorIoNsPerPacket,
        String limitedBy,
        double intervalSeconds,
        int confirmations,
        int packets,
        String provider,
        String profile,
        String threading,
        String cores,
        @JsonProperty("waitMode") String idleMode,
        int batch,
        String policy,
        String delay,
        Map<String, Map<String, Long>> percentiles,
        Map<String, Map<String, Long>> floorPercentiles,
        Map<String, Map<String, Map<String, Long>>> stages,
        Map<String, Map<String, Long>> hiccup,
        double attackSuccess,
        double chance,
        double idealSuccess,
        double falseAlarmRate,
        Map<String, AnonymityJudgement> anonymity,
        Map<String, DelayJudgement> delays,
        Map<String, OrderJudgement> order,
        int keyRolls,
        int disclosures,
        boolean conserved,
        long unexplained,
        List<Step> steps,
        long seed,
        double seconds,
        String jdk,
        String cpu,
        String libsodium) {
    /** Share of refused packets above which the subject and not the generator was too slow. */
    private static final double HELD_BACK = 0.01;

    private static final String AT_THE_KNEE = Integer.toString(KneeRun.LOADS.getLast());

    /** A thread that works for a larger part of the interval has no time left for bursts. */
    private static final double NO_TIME_LEFT = 0.85;

    private static final double THOUSAND = 1_000;

    static KneeReport of(KneeMeasurements measured, String cpu) {
        final KneeOptions options = measured.options();
        final Map<String, Map<String, Long>> percentiles = new LinkedHashMap<>();
        final Map<String, Map<String, Long>> floor = new LinkedHashMap<>();
        final Map<String, Map<String, Map<String, Long>>> stages = new LinkedHashMap<>();
        final Map<String, AnonymityJudgement> anonymity = new LinkedHashMap<>();
        final Map<String, DelayJudgement> delays = new LinkedHashMap<>();
        final Map<String, OrderJudgement> order = new LinkedHashMap<>();
        final Map<String, Integer> lostAt = new LinkedHashMap<>();
        final Map<String, Map<String, Long>> hiccup = new LinkedHashMap<>();
        hiccup.put("idle", Percentiles.of(measured.idle()));
        hiccup.put("loaded", Percentiles.of(measured.loaded()));
        measured.relayLoads().forEach((load, figures) -> {
            percentiles.put(load, Percentiles.of(figures.latency()));
            stages.put(load, figures.stagePercentiles());
            anonymity.put(load, figures.judgement().anonymity());
            delays.put(load, figures.judgement().delays());
            order.put(load, figures.judgement().order());
            lostAt.put(load, figures.step().lost());
            hiccup.put(load, Percentiles.of(figures.hiccups()));
        });
        measured.floorLoads().forEach((load, figures) -> floor.put(load, Percentiles.of(figures.latency())));
        final double knee = measured.knee().rate();
        final KneeLedger ledger = measured.relayLoads().get(AT_THE_KNEE).ledger();
        final double bound = ledger.boundPacketsPerSecond(Runtime.getRuntime().availableProcessors());
        final AnonymityJudgement light = anonymity.get(KneeRun.LIGHT);
        return new KneeReport(
                options.circumstances().name(),
                options.circumstances().text(),
                options.mutant(),
                options.tcp() ? "tcp" : "udp",
                Math.round(knee),
                measured.knee().again().lost(),
                lostAt,
                measured.knee().tries(),
                measured.knee().poolLimited(),
                Math.round(measured.halfPoint()),
                Math.round(1e9 / knee / measured.ladderNs() * THOUSAND) / THOUSAND,
                measured.ladderNs(),
                Math.round(measured.stolenShare() * THOUSAND) / THOUSAND,
                Math.round(measured.floor()),
                generatorLimited(measured, SubjectSetup.RELAY, knee),
                generatorLimited(measured, SubjectSetup.FORWARDER, measured.floor()),
                endedBy(measured, SubjectSetup.RELAY, knee),
                endedBy(measured, SubjectSetup.FORWARDER, measured.floor()),
                lossBegins(measured, knee),
                perCore(measured),
                Math.round(bound),
                Math.round(knee / bound * THOUSAND) / THOUSAND,
                ledger.ioNs(),
                ledger,
                measured.floorLoads().get(AT_THE_KNEE).ledger().ioNs(),
                limitedBy(measured, ledger),
                options.interval(),
                options.confirmations(),
                measured.packets(),
                measured.provider(),
                options.engine().profile().label(),
                options.engine().threads().toString(),
                options.cores().toString(),
                options.engine().texts().get(EngineKeys.IDLE.name()),
                options.engine().config().batchLimit(),
                options.policy().label(),
                options.delay().toString(),
                percentiles,
                floor,
                stages,
                hiccup,
                light.attackSuccess(),
                light.chance(),
                light.idealSuccess(),
                FalseAlarms.FAMILY,
                anonymity,
                delays,
                order,
                ofRelay(measured).mapToInt(Step::keyRolls).sum(),
                ofRelay(measured).mapToInt(Step::disclosures).sum(),
                measured.steps().stream().allMatch(Step::conserved),
                ofRelay(measured)
                        .filter(step -> !step.scout())
                        .mapToLong(Step::unaccounted)
                        .sum(),
                measured.steps(),
                options.seed(),
                Math.round(measured.seconds() * 10) / 10.0,
                System.getProperty("java.runtime.version"),
                cpu,
                Sodium.version() + ", " + Sodium.origin());
    }

    /** Whether all that the run checks held. */
    public boolean passed() {
        return conserved
                && unexplained == 0
                && kneePacketsPerSecond > 0
                && lostAt95 == 0
                && delays.values().stream().allMatch(DelayJudgement::passed)
                && anonymity.values().stream().allMatch(AnonymityJudgement::passed)
                && order.values().stream().allMatch(OrderJudgement::passed);
    }

    /**
     * A load in words.
     *
     * @param load name of a load in the maps of the report.
     */
    public static String loadText(String load) {
        return load.equals(KneeRun.LIGHT) ? "light load" : load + " % of the knee";
    }

    private static Stream<Step> ofRelay(KneeMeasurements measured) {
        return measured.steps().stream().filter(step -> step.subject().equals(SubjectSetup.RELAY));
    }

    private static double perCore(KneeMeasurements measured) {
        final Step step = measured.relayLoads().get("80").step();
        return Math.round((step.sent() - step.lost()) * 1e9 / Math.max(1, step.cpuNs()));
    }

    /** Whether no interval above the knee lost anything, or grew, while the generator kept its schedule. */
    private static boolean generatorLimited(KneeMeasurements measured, String subject, double knee) {
        return measured.steps().stream()
                .filter(step -> step.subject().equals(subject) && step.rate() > knee)
                .noneMatch(step -> (step.lost() > 0 || step.grows()) && !step.generatorBehind());
    }

    private static String endedBy(KneeMeasurements measured, String subject, double knee) {
        if (!generatorLimited(measured, subject, knee)) {
            final boolean lost = measured.steps().stream()
                    .filter(step -> step.subject().equals(subject) && step.rate() > knee && !step.generatorBehind())
                    .anyMatch(step -> step.lost() > 0);
            return lost ? "loss" : "growing latency";
        }
        final boolean heldBack = measured.steps().stream()
                .filter(step -> step.subject().equals(subject) && step.rate() > knee && step.generatorBehind())
                .anyMatch(step -> step.refused() > step.sent() * HELD_BACK);
        return heldBack ? "backpressure" : "the generator";
    }

    private static String limitedBy(KneeMeasurements measured, KneeLedger ledger) {
        if (measured.knee().poolLimited()) {
            return "the packets prepared";
        }
        return ledger.busy().get(ledger.busiest()) >= NO_TIME_LEFT ? ledger.busiest() : "bursts";
    }

    private static Map<String, Object> lossBegins(KneeMeasurements measured, double knee) {
        final Map<String, Object> first = new LinkedHashMap<>();
        ofRelay(measured)
                .filter(step -> !step.scout())
                .filter(step -> step.lost() > 0 && step.rate() > knee)
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

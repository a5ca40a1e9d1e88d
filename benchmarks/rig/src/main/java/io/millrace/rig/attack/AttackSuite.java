package io.millrace.rig.attack;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.rig.flood.HtxFlood;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code bench flood --attacks}: honest sessions at half load and honest newcomers, under each attack by itself and from each
 * source. Each row has a server to itself, or a relay with links over UDP, and many short slices with the attack, each paired
 * with one without.
 */
public final class AttackSuite {
    /** Honest sessions that send all the time. */
    static final int HONEST = 4;

    /** Sessions of a server at once, and as many connections in a handshake. */
    static final int PLACES = 2_000;

    private static final double LOAD = 0.5;

    private final AttackTimes times;
    private final AdmissionConfig admission;
    private final Progress progress;
    private final Randomness randomness = new SecureRandomness();

    /**
     * Makes a suite.
     *
     * @param seconds of each row with its attack, and as many without; 1 or more.
     * @param admission bounds of the servers.
     * @param progress receives a step for each row.
     */
    public AttackSuite(int seconds, AdmissionConfig admission, Progress progress) {
        this(AttackTimes.of(seconds), admission, progress);
    }

    /**
     * Makes a suite with other times.
     *
     * @param times of each row.
     * @param admission bounds of the servers.
     * @param progress receives a step for each row.
     */
    AttackSuite(AttackTimes times, AdmissionConfig admission, Progress progress) {
        this.times = times;
        this.admission = admission;
        this.progress = progress;
    }

    /**
     * Measures attacks from all sources.
     *
     * @param attacks names of those to measure, of {@link #names()}.
     * @return a row for each attack and source.
     * @throws IOException if a socket or the attackers' process is not to be had, or an honest session broke.
     */
    public AttackReport run(List<String> attacks) throws IOException, InterruptedException {
        final List<Attack> chosen = new ArrayList<>();
        for (Attack each : Attack.values()) {
            if (attacks.contains(HtxFlood.name(each))) {
                chosen.add(each);
            }
        }
        return measure(chosen, List.of(AttackSource.values()), Map.of());
    }

    /** Names of all attacks. */
    public static List<String> names() {
        return List.of(Attack.values()).stream().map(HtxFlood::name).toList();
    }

    /** @param reasons for which each attack is to be refused: its lead lasts until it was, at most a minute. */
    AttackReport measure(List<Attack> attacks, List<AttackSource> sources, Map<Attack, Set<String>> reasons)
            throws IOException, InterruptedException {
        final boolean links = attacks.stream().anyMatch(Attack::isOnLinks);
        final BatchCrypto crypto = CryptoProviders.byName("auto");
        final List<AttackRow> rows = new ArrayList<>();
        final List<String> unavailable = new ArrayList<>();
        final List<AttackSource> available =
                sources.stream().filter(AttackSource::isAvailable).toList();
        final int steps = available.stream()
                .mapToInt(source -> (int)
                        attacks.stream().filter(each -> each.comesFrom(source)).count())
                .sum();
        progress.plan(steps, steps * times.rowSeconds());
        try (LinkBed bed = links ? new LinkBed(crypto, HONEST) : null;
                AttackProcess process = new AttackProcess()) {
            final Targets targets = new Targets(admission, randomness, crypto, bed);
            final double saturated = saturated(targets, false, !attacks.stream().allMatch(Attack::isOnLinks));
            final double linkSaturated = saturated(targets, true, links);
            for (AttackSource source : sources) {
                if (!available.contains(source)) {
                    unavailable.add(HtxFlood.name(source));
                    continue;
                }
                for (Attack attack : attacks) {
                    if (attack.comesFrom(source)) {
                        progress.step(HtxFlood.name(attack) + " from " + HtxFlood.name(source), times.rowSeconds());
                        try (AttackTarget target = targets.open(attack.isOnLinks(), source.server())) {
                            final double offered = (attack.isOnLinks() ? linkSaturated : saturated) * LOAD;
                            rows.add(row(
                                    new AttackMeasurement(attack, source, target, process),
                                    target,
                                    offered,
                                    reasons.getOrDefault(attack, Set.of())));
                        }
                    }
                }
            }
            return new AttackReport(
                    Machine.cpu(),
                    System.getProperty("java.version"),
                    times.slice().toNanos() / 1e9,
                    HONEST,
                    saturated,
                    saturated * LOAD,
                    linkSaturated,
                    linkSaturated * LOAD,
                    rows,
                    unavailable);
        }
    }

    /** Makes the targets of the rows. */
    private record Targets(AdmissionConfig admission, Randomness randomness, BatchCrypto crypto, LinkBed bed) {
        AttackTarget open(boolean links, InetAddress address) throws IOException {
            return links ? new LinkTarget(bed, address, HONEST, crypto) : new HtxTarget(address, admission, randomness);
        }
    }

    /** Bytes a second without any schedule; 0 if it is not needed. */
    private double saturated(Targets targets, boolean links, boolean needed) throws IOException, InterruptedException {
        if (!needed) {
            return 0;
        }
        try (AttackTarget target = targets.open(links, InetAddress.getLoopbackAddress())) {
            target.start(0);
            Thread.sleep(times.lead().multipliedBy(2)); // warm up
            final long bytes = target.taken();
            final long startNs = System.nanoTime();
            Thread.sleep(times.lead());
            final double rate = (target.taken() - bytes) * 1e9 / (System.nanoTime() - startNs);
            target.finish();
            return rate;
        }
    }

    private AttackRow row(AttackMeasurement measurement, AttackTarget target, double offered, Set<String> reasons)
            throws IOException, InterruptedException {
        try (Newcomers with = target.newcomers();
                Newcomers without = target.newcomers()) {
            target.start(offered);
            measurement.lead(times, reasons, with);
            final int most = AttackTimes.FURTHER * times.pairs();
            for (int pair = 0; pair < times.pairs() || (with.count() < times.newcomers() && pair < most); pair++) {
                measurement.pair(pair % 2 == 1, times, with, without);
            }
            return measurement.row(with, without, target.finish());
        }
    }
}

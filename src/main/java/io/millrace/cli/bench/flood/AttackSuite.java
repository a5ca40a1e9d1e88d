package io.millrace.cli.bench.flood;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.measure.Machine;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.endpoint.HtxServer;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code bench --htx-attacks}: honest sessions at half load and honest newcomers, under each attack by itself and from each
 * source. Each row has a server to itself, and many short slices with the attack, each paired with one without.
 */
public final class AttackSuite {
    /** Honest sessions that send all the time. */
    static final int HONEST = 4;

    /** Sessions of a server at once, and as many connections in a handshake. */
    static final int PLACES = 2_000;

    private static final double LOAD = 0.5;

    private final AttackTimes times;
    private final AdmissionConfig admission;
    private final Consumer<String> progress;
    private final Randomness randomness = new SecureRandomness();

    /**
     * Makes a suite.
     *
     * @param seconds of each row with its attack, and as many without; 1 or more.
     * @param admission bounds of the servers.
     * @param progress receives a line for each row as it begins.
     */
    public AttackSuite(int seconds, AdmissionConfig admission, Consumer<String> progress) {
        this(AttackTimes.of(seconds), admission, progress);
    }

    /**
     * Makes a suite with other times.
     *
     * @param times of each row.
     * @param admission bounds of the servers.
     * @param progress receives a line for each row as it begins.
     */
    AttackSuite(AttackTimes times, AdmissionConfig admission, Consumer<String> progress) {
        this.times = times;
        this.admission = admission;
        this.progress = progress;
    }

    /**
     * Measures all attacks from all sources and prints a row for each.
     *
     * @param attacks names of those to measure.
     * @return exit code: failed if a row does not pass.
     * @throws IOException if a socket or the attackers' process is not to be had, or an honest session broke.
     */
    public int run(List<String> attacks, Output output) throws IOException, InterruptedException {
        final List<Attack> chosen = new ArrayList<>();
        for (Attack each : Attack.values()) {
            if (attacks.contains(HtxFlood.name(each))) {
                chosen.add(each);
            }
        }
        final AttackReport report = measure(chosen, List.of(AttackSource.values()), Map.of());
        report.print(output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Names of all attacks. */
    public static List<String> names() {
        return List.of(Attack.values()).stream().map(HtxFlood::name).toList();
    }

    /** @param reasons for which each attack is to be refused: its lead lasts until it was, at most a minute. */
    AttackReport measure(List<Attack> attacks, List<AttackSource> sources, Map<Attack, Set<String>> reasons)
            throws IOException, InterruptedException {
        final double saturated = saturated();
        final List<AttackRow> rows = new ArrayList<>();
        final List<String> unavailable = new ArrayList<>();
        try (AttackProcess process = new AttackProcess()) {
            for (AttackSource source : sources) {
                if (!source.isAvailable()) {
                    unavailable.add(HtxFlood.name(source));
                    continue;
                }
                for (Attack attack : attacks) {
                    if (attack != Attack.CLOCK || source == AttackSource.ADDRESS) {
                        progress.accept(HtxFlood.name(attack) + " from " + HtxFlood.name(source));
                        rows.add(
                                row(attack, source, saturated * LOAD, reasons.getOrDefault(attack, Set.of()), process));
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
                rows,
                unavailable);
    }

    private double saturated() throws IOException, InterruptedException {
        try (X25519KeyPair own = X25519KeyPair.generate(randomness);
                X25519KeyPair client = X25519KeyPair.generate(randomness);
                TicketKey ticketKey = TicketKey.open(own.publicKey());
                FloodServer server = server(own, ticketKey, InetAddress.getLoopbackAddress(), new JumpingClock());
                HonestClients honest = new HonestClients(server.listener().address(), own, client, ticketKey)) {
            honest.start(HONEST, 0);
            Thread.sleep(times.lead().multipliedBy(2)); // warm up
            final long bytes = server.taken();
            final long startNs = System.nanoTime();
            Thread.sleep(times.lead());
            final double rate = (server.taken() - bytes) * 1e9 / (System.nanoTime() - startNs);
            honest.finish();
            return rate;
        }
    }

    private AttackRow row(
            Attack attack, AttackSource source, double offered, Set<String> reasons, AttackProcess process)
            throws IOException, InterruptedException {
        final JumpingClock clock = new JumpingClock();
        try (X25519KeyPair own = X25519KeyPair.generate(randomness);
                X25519KeyPair client = X25519KeyPair.generate(randomness);
                TicketKey ticketKey = TicketKey.open(own.publicKey());
                FloodServer server = server(own, ticketKey, source.server(), clock);
                HonestClients honest = new HonestClients(server.listener().address(), own, client, ticketKey);
                Newcomers with = newcomers(server, own, client, ticketKey);
                Newcomers without = newcomers(server, own, client, ticketKey)) {
            final AttackMeasurement measurement =
                    new AttackMeasurement(attack, source, server, honest, own.publicKey(), process, clock);
            honest.start(HONEST, offered);
            measurement.lead(times, reasons, with);
            for (int pair = 0; pair < times.pairs(); pair++) {
                measurement.pair(pair % 2 == 1, times, with, without);
            }
            return measurement.row(with, without, honest.finish());
        }
    }

    private Newcomers newcomers(FloodServer server, X25519KeyPair own, X25519KeyPair client, TicketKey ticketKey) {
        return new Newcomers(server.listener().address(), own, client, ticketKey, admission.perSecond());
    }

    private FloodServer server(X25519KeyPair own, TicketKey ticketKey, InetAddress address, JumpingClock clock)
            throws IOException {
        return new FloodServer(
                address,
                new HtxServer(own, List.of(ticketKey), key -> true, admission, PLACES, connection -> {}),
                clock);
    }
}

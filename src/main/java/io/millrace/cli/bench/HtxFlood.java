package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.endpoint.HtxListener;
import io.millrace.htx.SessionConfig;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * {@code bench --htx-flood}: a server over real sockets, honest sessions that keep it busy, and then strangers of every
 * kind at once.
 */
final class HtxFlood {
    private static final int HONEST = 4;
    private static final int NEWCOMERS = 20;
    private static final int MAX_CONNECTIONS = 6_000;
    private static final long SAMPLE_NS = 20_000_000;
    private static final long SETTLE_NS = 30_000_000_000L;

    /** What a session holds at the most beside the queues of its streams: sealed frames, the frame that comes. */
    private static final long SESSION_BYTES = 512 << 10;

    private final int attackers;
    private final Duration before;
    private final AdmissionConfig admission;
    private final Randomness randomness = new SecureRandomness();

    private long peakBuffered;
    private int peakPending;
    private int peakConnections;

    /**
     * Makes one.
     *
     * @param attackers 20 or more.
     * @param before how long the honest sessions are measured alone, and at least with the attackers.
     */
    HtxFlood(int attackers, Duration before, AdmissionConfig admission) {
        this.attackers = attackers;
        this.before = before;
        this.admission = admission;
    }

    int run(Output output) throws IOException, InterruptedException {
        final FloodReport report = measure();
        print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    FloodReport measure() throws IOException, InterruptedException {
        try (X25519KeyPair own = X25519KeyPair.generate(randomness);
                X25519KeyPair client = X25519KeyPair.generate(randomness);
                TicketKey ticketKey = TicketKey.open(own.publicKey());
                FloodServer server = new FloodServer(own, ticketKey, admission, MAX_CONNECTIONS);
                HonestClients honest = new HonestClients(server.listener().address(), own, client, ticketKey);
                FloodAttack attack = new FloodAttack(
                        server.listener().address(),
                        attackers,
                        client,
                        own,
                        ticketKey,
                        CryptoProviders.byName("sodium"),
                        randomness)) {
            return measure(server, honest, attack);
        }
    }

    private FloodReport measure(FloodServer server, HonestClients honest, FloodAttack attack)
            throws IOException, InterruptedException {
        honest.start(HONEST);
        Thread.sleep(before); // warm up
        final double alone = rate(server, before);

        final FutureTask<Integer> newcomers = new FutureTask<>(() -> newcomers(honest));
        final long start = System.nanoTime();
        final long bytes = server.taken();
        Thread.ofVirtual().start(newcomers);
        long sampled = start;
        while (!attack.isOver() || System.nanoTime() - start < before.toNanos()) {
            attack.proceed();
            if (System.nanoTime() - sampled >= SAMPLE_NS) {
                sample(server);
                sampled = System.nanoTime();
            }
        }
        final double seconds = (System.nanoTime() - start) / 1e9;
        final double during = (server.taken() - bytes) / seconds;
        final int refused = refused(newcomers);
        final boolean complete = honest.finish();
        attack.close();
        settle(server.listener());
        return report(server.listener(), attack, seconds, refused, complete, alone, during);
    }

    private static double rate(FloodServer server, Duration time) throws InterruptedException {
        final long start = System.nanoTime();
        final long bytes = server.taken();
        Thread.sleep(time);
        return (server.taken() - bytes) / ((System.nanoTime() - start) / 1e9);
    }

    private static int newcomers(HonestClients honest) throws IOException {
        int refused = 0;
        for (int i = 0; i < NEWCOMERS; i++) {
            refused += honest.newcomer();
        }
        return refused;
    }

    private static int refused(FutureTask<Integer> newcomers) throws InterruptedException, IOException {
        try {
            return newcomers.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "an honest newcomer got no session: " + e.getCause().getMessage(), e);
        }
    }

    private void sample(FloodServer server) {
        peakBuffered = Math.max(peakBuffered, server.bufferedBytes());
        peakPending = Math.max(peakPending, server.listener().pending());
        peakConnections = Math.max(peakConnections, server.listener().open());
    }

    /** Counters are complete when no connection is left. */
    private static void settle(HtxListener listener) throws InterruptedException, IOException {
        final long deadline = System.nanoTime() + SETTLE_NS;
        while (listener.open() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("connections are left: open=" + listener.open());
            }
            Thread.sleep(1);
        }
    }

    private FloodReport report(
            HtxListener listener,
            FloodAttack attack,
            double seconds,
            int refused,
            boolean complete,
            double alone,
            double during) {
        final Map<String, Long> rejections = new TreeMap<>();
        long accounted = listener.turnedAway();
        for (HandshakeVerdict verdict : HandshakeVerdict.values()) {
            final long count = listener.counters().get(verdict);
            if (count > 0 && verdict != HandshakeVerdict.ANSWERED && verdict != HandshakeVerdict.ESTABLISHED) {
                rejections.put(name(verdict), count);
                accounted += count;
            }
        }
        final long slow = listener.counters().get(HandshakeVerdict.ESTABLISHED) - HONEST - NEWCOMERS;
        final Map<String, Integer> kinds = new TreeMap<>();
        attack.kinds().forEach((kind, count) -> kinds.put(name(kind), count));
        final SessionConfig config = SessionConfig.HTX1;
        final long limit = (HONEST + 1L) * config.maxReceived()
                + (slow + HONEST + NEWCOMERS) * (SESSION_BYTES + config.maxQueued() + config.initialWindow());
        return new FloodReport(
                Machine.cpu(),
                System.getProperty("java.version"),
                attackers,
                kinds,
                seconds,
                HONEST,
                NEWCOMERS,
                refused,
                complete,
                alone,
                during,
                during / alone,
                rejections,
                listener.turnedAway(),
                slow,
                accounted + slow - refused,
                peakConnections,
                peakPending,
                admission.maxPending(),
                peakBuffered,
                limit);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void print(FloodReport report, Output output) {
        output.line(report.cpu() + ", JDK " + report.jdk());
        output.line("");
        final Table attack = new Table("attackers", "count");
        report.attackersByKind().forEach(attack::row);
        output.table(attack);
        output.line("");
        final Table counted = new Table("what the server counted", "count");
        report.rejections().forEach(counted::row);
        output.table(counted.row("turned away at the door", report.turnedAway())
                .row("sessions of slow readers", report.slowReaders())
                .row("of these, honest newcomers who came again", -report.honestRefused())
                .row("together", report.accounted()));
        output.line("");
        output.table(new Table("figure", "value")
                .row(
                        "honest bytes per second before",
                        String.format(Locale.ROOT, "%,.0f", report.honestBytesPerSecondBefore()))
                .row(
                        "honest bytes per second during",
                        String.format(Locale.ROOT, "%,.0f", report.honestBytesPerSecondDuring()))
                .row("ratio (at least 0.8)", String.format(Locale.ROOT, "%.3f", report.ratio()))
                .row("every honest byte and newcomer arrived", report.honestComplete() ? "yes" : "NO")
                .row("most connections at once", report.peakConnections())
                .row("most handshakes waiting", report.peakPending() + " of " + report.pendingLimit())
                .row(
                        "most bytes buffered",
                        String.format(
                                Locale.ROOT, "%,d of %,d", report.peakBufferedBytes(), report.bufferedBytesLimit()))
                .row("seconds", String.format(Locale.ROOT, "%.1f", report.attackSeconds())));
    }
}

package io.millrace.rig.flood;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.session.SessionConfig;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * {@code bench flood}: a server over real sockets, honest sessions that keep it busy, and then strangers of every
 * kind at once, from a separate process; twice: while the honest send as fast as they can, and while they offer half of
 * that.
 */
public final class HtxFlood {
    private static final int HONEST = 4;
    private static final int NEWCOMERS = 20;
    private static final int MAX_CONNECTIONS = 6_000;
    private static final Duration SAMPLE = Duration.ofMillis(20);
    private static final int WAVE_STEPS = 3;
    private static final double STATED_SHARE = 0.5;
    private static final long SETTLE_NS = 30_000_000_000L;

    /** Most memory of a session other than the queues of its streams: sealed frames, the frame that comes. */
    private static final long SESSION_BYTES = 512 << 10;

    private final int attackers;
    private final Duration before;
    private final AdmissionConfig admission;
    private final Progress progress;
    private final Randomness randomness = new SecureRandomness();

    private Map<String, Integer> kinds = Map.of();
    private long peakBuffered;
    private int peakPending;
    private int peakConnections;

    /**
     * Makes one.
     *
     * @param attackers 20 to 60,000.
     * @param before how long the honest sessions are measured alone, and at least with the attackers.
     * @param admission bounds of the server for strangers.
     * @param progress receives a step for each time with and without attackers.
     */
    public HtxFlood(int attackers, Duration before, AdmissionConfig admission, Progress progress) {
        this.attackers = attackers;
        this.before = before;
        this.admission = admission;
        this.progress = progress;
    }

    /**
     * Measures at both loads.
     *
     * @return the figures of both.
     * @throws IOException if there is no socket or no process to be had, or an honest session broke.
     */
    public FloodReport measure() throws IOException, InterruptedException {
        final double seconds = before.toNanos() / 1e9;
        progress.plan(2 * WAVE_STEPS, 2 * WAVE_STEPS * seconds);
        final FloodWave saturated = wave(0);
        final FloodWave stated = wave(saturated.honestBytesPerSecondBefore() * STATED_SHARE);
        return new FloodReport(
                Machine.cpu(),
                System.getProperty("java.version"),
                attackers,
                kinds,
                HONEST,
                NEWCOMERS,
                admission.maxPending(),
                stated,
                saturated);
    }

    private FloodWave wave(double offered) throws IOException, InterruptedException {
        peakBuffered = 0;
        peakPending = 0;
        peakConnections = 0;
        try (X25519KeyPair own = X25519KeyPair.generate(randomness);
                X25519KeyPair client = X25519KeyPair.generate(randomness);
                TicketKey ticketKey = TicketKey.open(own.publicKey());
                FloodServer server = new FloodServer(own, ticketKey, admission, MAX_CONNECTIONS);
                HonestClients honest = new HonestClients(server.listener().address(), own, client, ticketKey);
                FloodProcess attack = new FloodProcess(new FloodChild.Setup(
                        server.listener().address().getPort(),
                        HexFormat.of().formatHex(own.publicKey().toArray(ValueLayout.JAVA_BYTE)),
                        attackers))) {
            kinds = attack.kinds();
            return wave(server, honest, attack, offered);
        }
    }

    private FloodWave wave(FloodServer server, HonestClients honest, FloodProcess attack, double offered)
            throws IOException, InterruptedException {
        final double seconds = before.toNanos() / 1e9;
        final String load = offered == 0 ? "full load" : "half load";
        progress.step(load + ", warming up", seconds);
        honest.start(HONEST, offered);
        Thread.sleep(before); // warm up
        honest.lagUs();
        progress.step(load + ", without attackers", seconds);
        final Interval alone = new Interval(server);
        Thread.sleep(before);
        alone.end(server, honest);

        progress.step(load + ", with attackers", seconds);
        final FutureTask<Integer> newcomers = new FutureTask<>(() -> newcomers(honest));
        final Interval attacked = new Interval(server);
        Thread.ofVirtual().start(newcomers);
        attack.go();
        while (!attack.isOver() || attacked.elapsed() < before.toNanos()) {
            Thread.sleep(SAMPLE);
            sample(server);
        }
        attacked.end(server, honest);
        final Outcome outcome = new Outcome(attack.result(), refused(newcomers), honest.finish());
        attack.close();
        settle(server.listener());
        return wave(server.listener(), offered, alone, attacked, outcome);
    }

    /** How attackers and honest clients fared. */
    private record Outcome(FloodChild.Result attack, int refused, boolean complete) {}

    /** A time, what honest clients moved in it and how late, and the processor time of this process. */
    private static final class Interval {
        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final long startNs = System.nanoTime();
        private final long startCpuNs = system.getProcessCpuTime();
        private final long startBytes;
        private double seconds;
        private double cpuNs;
        private double bytes;
        private Map<String, Long> lagUs = Map.of();

        Interval(FloodServer server) {
            startBytes = server.taken();
        }

        long elapsed() {
            return System.nanoTime() - startNs;
        }

        void end(FloodServer server, HonestClients honest) {
            bytes = server.taken() - startBytes;
            seconds = elapsed() / 1e9;
            cpuNs = system.getProcessCpuTime() - startCpuNs;
            lagUs = honest.lagUs();
        }

        double rate() {
            return bytes / seconds;
        }

        double cpuNsPerByte() {
            return cpuNs / bytes;
        }
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

    private FloodWave wave(HtxListener listener, double offered, Interval alone, Interval attacked, Outcome outcome) {
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
        final SessionConfig config = SessionConfig.HTX1;
        final long limit = (HONEST + 1L) * config.maxReceived()
                + (slow + HONEST + NEWCOMERS) * (SESSION_BYTES + config.maxQueued() + config.initialWindow());
        return new FloodWave(
                offered,
                alone.rate(),
                attacked.rate(),
                attacked.rate() / alone.rate(),
                alone.lagUs,
                attacked.lagUs,
                outcome.refused,
                outcome.complete,
                outcome.attack.seconds(),
                outcome.attack.cpuSeconds(),
                (attacked.cpuNs - alone.cpuNsPerByte() * attacked.bytes) / attackers,
                rejections,
                listener.turnedAway(),
                slow,
                accounted + slow - outcome.refused,
                peakConnections,
                peakPending,
                peakBuffered,
                limit);
    }

    /**
     * Name of a constant for people and in JSON: lower case, words joined by hyphens.
     *
     * @param value of any enum.
     */
    public static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

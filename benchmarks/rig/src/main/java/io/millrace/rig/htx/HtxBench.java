package io.millrace.rig.htx;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.Sodium;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.RekeyLimits;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.progress.Progress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * {@code bench htx}: cost of frames, keys, streams and handshakes. All but the connections over sockets runs in one
 * thread and by turns, and of each the best turn counts, so that a busy machine spoils all alike.
 */
public final class HtxBench {
    private static final int TURN_FRAMES = 1_000;
    private static final int WARMUP_TURNS = 50;

    /** Frames of a turn that is compared with the bare AEAD: so few that most turns are not interrupted. */
    private static final int PAIR_FRAMES = 200;

    private static final int PAIRS = 6;

    /** Handshakes of a turn. */
    private static final int HANDSHAKES = 10;

    /** Connections of a turn over sockets. */
    private static final int CONNECTIONS = 25;

    private static final int LEAST_CONNECTION_TURNS = 20;

    /** The part of the time that connections get: one in so many. */
    private static final int CONNECTION_PART = 4;

    private static final int LEAST_TURNS = 150;
    private static final int BULK_WRITES = 10;
    private static final int STREAMS = 32;
    private static final int SHARE_ROUNDS = 4_000;
    private static final int SHARE_PORTION = 50_000;
    private static final int OFTEN = 1_000;
    private static final int STEPS = 5;
    private static final double WARMUP_SECONDS = 3;
    private static final double SHARE_SECONDS = 2;

    /** Turns of the tails for one of the changes, which need fewer. */
    private static final int CHANGE_TURNS = 4;

    private static final double TAIL = 99.99;
    private static final RekeyLimits NEVER = new RekeyLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1));

    private final int seconds;
    private final BatchCrypto crypto;
    private final Progress progress;

    /**
     * A measurement of that length.
     *
     * @param seconds 1 or more: half for the means, half for the tails, which have a least number of frames too, and a quarter
     *     more for connections.
     * @param provider name of the crypto provider, as for {@link CryptoProviders#byName}.
     * @param progress receives each step.
     */
    public HtxBench(int seconds, String provider, Progress progress) {
        this.seconds = seconds;
        this.crypto = CryptoProviders.byName(provider);
        this.progress = progress;
    }

    /**
     * Measures everything.
     *
     * @return the figures.
     * @throws IOException if there is no socket to be had.
     */
    public HtxBenchReport measure() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            return measure(arena);
        }
    }

    private HtxBenchReport measure(Arena arena) throws IOException {
        final Best best = new Best();
        final double allocated;
        final long[] moved;
        try (FrameLoop frames = new FrameLoop(arena, crypto, RekeyLimits.HTX1);
                SessionLoop sessions = new SessionLoop(arena, crypto, new SecureRandomness(), STREAMS);
                HandshakeLoop handshakes = new HandshakeLoop(arena, new SecureRandomness())) {
            final Best ignored = new Best();
            progress.plan(STEPS, WARMUP_SECONDS + SHARE_SECONDS + seconds * (1 + 1.0 / CONNECTION_PART));
            progress.step("warming up", WARMUP_SECONDS);
            for (int i = 0; i < WARMUP_TURNS; i++) {
                ignored.turn(frames, sessions, handshakes);
            }
            progress.step("frames, sessions and handshakes", seconds / 2.0);
            final long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos() / 2;
            while (System.nanoTime() < end) {
                best.turn(frames, sessions, handshakes);
            }
            progress.step("streams in one session", SHARE_SECONDS);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long before = threads.getCurrentThreadAllocatedBytes();
            frames.frames(TURN_FRAMES);
            frames.framesTogether(TURN_FRAMES);
            sessions.frames(TURN_FRAMES);
            allocated = (threads.getCurrentThreadAllocatedBytes() - before) / (3.0 * TURN_FRAMES);
            moved = sessions.share(SHARE_ROUNDS, SHARE_PORTION);
        }
        try (SocketHandshakes sockets = new SocketHandshakes(new SecureRandomness())) {
            progress.step("connections", (double) seconds / CONNECTION_PART);
            best.connections(sockets, Duration.ofSeconds(seconds).toNanos() / CONNECTION_PART);
        }
        progress.step("tails of latency", seconds / 2.0);
        final Latencies latencies = latencies(arena);
        final long least = Arrays.stream(moved).min().orElseThrow();
        final long most = Arrays.stream(moved).max().orElseThrow();
        return new HtxBenchReport(
                Machine.cpu(),
                System.getProperty("java.version"),
                Sodium.version(),
                crypto.name(),
                1e9 / best.handshakeNs,
                best.handshakeNs,
                best.responderNs,
                best.kemNs,
                1e9 / best.connectNs,
                best.connectCpuNs,
                1e9 / best.frameNs,
                best.frameNs,
                best.bareNs,
                best.bareNs / best.frameNs,
                allocated,
                FrameLoop.TOGETHER,
                best.togetherNs,
                best.bareTogetherNs,
                best.frameNs / best.togetherNs,
                best.sessionNs,
                best.bulkNs,
                STREAMS,
                least,
                most,
                (double) (most - least) / least,
                percentiles(latencies.plain),
                percentiles(latencies.rekeyed),
                (double) latencies.rekeyed.getValueAtPercentile(TAIL) / latencies.plain.getValueAtPercentile(TAIL),
                percentiles(latencies.changes),
                percentiles(latencies.unprepared));
    }

    /** The best turn of each, in nanoseconds per frame or KiB. */
    private static final class Best {
        private double frameNs = Double.MAX_VALUE;
        private double bareNs = Double.MAX_VALUE;
        private double togetherNs = Double.MAX_VALUE;
        private double bareTogetherNs = Double.MAX_VALUE;
        private double sessionNs = Double.MAX_VALUE;
        private double bulkNs = Double.MAX_VALUE;
        private double handshakeNs = Double.MAX_VALUE;
        private double responderNs = Double.MAX_VALUE;
        private double kemNs = Double.MAX_VALUE;
        private double connectNs = Double.MAX_VALUE;
        private double connectCpuNs = Double.MAX_VALUE;

        private void turn(FrameLoop frames, SessionLoop sessions, HandshakeLoop handshakes) {
            for (int i = 0; i < PAIRS; i++) {
                frameNs = Math.min(frameNs, frames.frames(PAIR_FRAMES));
                bareNs = Math.min(bareNs, frames.bare(PAIR_FRAMES));
            }
            togetherNs = Math.min(togetherNs, frames.framesTogether(TURN_FRAMES));
            bareTogetherNs = Math.min(bareTogetherNs, frames.bareTogether(TURN_FRAMES));
            sessionNs = Math.min(sessionNs, sessions.frames(TURN_FRAMES));
            bulkNs = Math.min(bulkNs, sessions.bulk(BULK_WRITES));
            final HandshakeLoop.Cost handshake = handshakes.handshakes(HANDSHAKES);
            if (handshake.bothNs() < handshakeNs) {
                handshakeNs = handshake.bothNs();
                responderNs = handshake.responderNs();
            }
            kemNs = Math.min(kemNs, handshakes.kem(HANDSHAKES));
        }

        private void connections(SocketHandshakes sockets, long leastNs) throws IOException {
            final long start = System.nanoTime();
            for (int turn = 0; turn < LEAST_CONNECTION_TURNS || System.nanoTime() - start < leastNs; turn++) {
                final SocketHandshakes.Cost cost = sockets.connections(CONNECTIONS);
                connectNs = Math.min(connectNs, cost.wallNs());
                connectCpuNs = Math.min(connectCpuNs, cost.cpuNs());
            }
        }
    }

    /** Latencies of frames under one key, with changes as often as the profile has them, and of the changes. */
    private static final class Latencies {
        private final Histogram plain = new Histogram(3);
        private final Histogram rekeyed = new Histogram(3);
        private final Histogram changes = new Histogram(3);
        private final Histogram unprepared = new Histogram(3);
    }

    private Latencies latencies(Arena arena) {
        final Latencies latencies = new Latencies();
        final Histogram ignored = new Histogram(3);
        final RekeyLimits often = new RekeyLimits(OFTEN, RekeyLimits.HTX1.bytes(), RekeyLimits.HTX1.age());
        try (FrameLoop plain = new FrameLoop(arena, crypto, NEVER);
                FrameLoop rekeyed = new FrameLoop(arena, crypto, RekeyLimits.HTX1);
                FrameLoop prepared = new FrameLoop(arena, crypto, often);
                FrameLoop unprepared = new FrameLoop(arena, crypto, often)) {
            final long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos() / 2;
            // Long enough for two changes at least, however slow the machine is. The two whose tails are compared go in
            // turn, each as often first, so that the machine's own stalls fall on both.
            for (int turn = 0; turn < LEAST_TURNS || System.nanoTime() < end; turn++) {
                final boolean counts = turn >= WARMUP_TURNS;
                if (turn % 2 == 0) {
                    plain.record(TURN_FRAMES, counts ? latencies.plain : ignored, ignored, true);
                    rekeyed.record(TURN_FRAMES, counts ? latencies.rekeyed : ignored, ignored, true);
                } else {
                    rekeyed.record(TURN_FRAMES, counts ? latencies.rekeyed : ignored, ignored, true);
                    plain.record(TURN_FRAMES, counts ? latencies.plain : ignored, ignored, true);
                }
                if (turn % CHANGE_TURNS == 0) {
                    prepared.record(TURN_FRAMES, ignored, counts ? latencies.changes : ignored, true);
                    unprepared.record(TURN_FRAMES, ignored, counts ? latencies.unprepared : ignored, false);
                }
            }
        }
        return latencies;
    }

    private static Map<String, Long> percentiles(Histogram histogram) {
        final Map<String, Long> values = new TreeMap<>();
        values.put("count", histogram.getTotalCount());
        values.put("p50", histogram.getValueAtPercentile(50));
        values.put("p99", histogram.getValueAtPercentile(99));
        values.put("p999", histogram.getValueAtPercentile(99.9));
        values.put("p9999", histogram.getValueAtPercentile(TAIL));
        values.put("max", histogram.getMaxValue());
        return values;
    }
}

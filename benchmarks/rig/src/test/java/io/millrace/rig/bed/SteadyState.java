package io.millrace.rig.bed;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.Offer;
import io.millrace.relay.RelayEngine;
import io.millrace.rig.crypto.UnsealedCrypto;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxProfile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program for a JVM that never collects garbage: warms an engine up, fills the heap until little more is left than the end
 * of the program needs, lets packets come, and prints how many bytes they left in the heap. A kilobyte per packet ends it.
 */
final class SteadyState {
    /** Left in the heap per packet, in bytes: an object takes 16, or 8 with compact headers. */
    private static final int LEFT_PER_PACKET = 4;

    /** Left in the heap besides, in bytes: for readings of the counters and rolls of the key epoch. */
    private static final int LEFT_BESIDES = 512 * 1_024;

    /** Left in the heap for the work after the packets, in bytes: draining, printing and closing take 0.6 MB. */
    private static final int LEFT_FOR_THE_END = 8 << 20;

    private static final int WARM_UP = 20_000;
    private static final int PACKETS = 8_192;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LIMIT_NS = TimeUnit.HOURS.toNanos(1);
    private static final int ORIGINATE_ROOM = 1_024;

    private static final int WASTE = 16_384;

    /** So that no compiler leaves the array out. */
    @SuppressWarnings("UnusedVariable")
    private static volatile byte[] waste;

    private SteadyState() {}

    /**
     * Runs with {@code relayed}, {@code originated} or {@code wasteful}, which is relayed with an array for each packet
     * that is delivered, and the number of packets; prints the rest of the heap.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        final long count = Long.parseLong(args[1]);
        final BatchCrypto provider = CryptoProviders.byName("auto");
        final boolean relayed = !args[0].equals("originated");
        final Runnable onDelivery = args[0].equals("wasteful") ? () -> waste = new byte[WASTE] : () -> {};
        // The application's packets are only sealed: without that, two million take seconds.
        final BatchCrypto crypto = relayed ? provider : new UnsealedCrypto(provider);
        final MeasuredPath path = new MeasuredPath(
                EngineSettings.of(Map.of("threading", "split", "delay", EngineKeys.SHORT_DELAY)),
                1_024,
                ReplayMode.EXACT);
        try (BenchFixture bed = new BenchFixture(provider, SphinxProfile.MR1, PACKETS, 2);
                BenchSubject subject = new BenchSubject(
                        bed, new BenchSubject.Parts(path, crypto, crypto, bed.undelayed(), false, onDelivery))) {
            final long bytes = relayed ? relay(subject, count) : originate(subject, count);
            System.out.println("{\"packets\":" + count + ",\"bytes\":" + bytes + "}");
        }
    }

    private static long relay(BenchSubject subject, long count) throws InterruptedException {
        subject.engine().start();
        subject.carrier().resume();
        awaitEnded(subject, WARM_UP);
        final Object[] ballast = fill(count);
        final long before = usedBytes();
        awaitEnded(subject, subject.carrier().ended() + count);
        final long used = usedBytes() - before;
        subject.drain();
        requireClean(subject, ballast);
        return used;
    }

    private static long originate(BenchSubject subject, long count) {
        final RelayEngine engine = subject.engine();
        engine.start();
        try (TrackedArena arena = TrackedArena.shared()) {
            final MemorySegment packet = arena.allocate(SphinxGeometry.MR1.packetLength(), 64);
            send(subject, packet, WARM_UP);
            final Object[] ballast = fill(count);
            final long before = usedBytes();
            send(subject, packet, count);
            final long used = usedBytes() - before;
            requireClean(subject, ballast);
            return used;
        }
    }

    /** Sends no more than the queue of one peer holds, and waits until all have left. */
    private static void send(BenchSubject subject, MemorySegment packet, long count) {
        final long start = System.nanoTime();
        final long before = subject.carrier().left();
        long sent = 0;
        int spins = 0;
        while (subject.carrier().left() - before < count) {
            if (sent < count
                    && sent - (subject.carrier().left() - before) < ORIGINATE_ROOM
                    && subject.engine().originate(1, packet, 0) == Offer.OK) {
                sent++;
            } else {
                Thread.onSpinWait();
                if (++spins == Integer.MAX_VALUE) { // looking leaves objects
                    requireTime(subject, start);
                }
            }
        }
    }

    private static void awaitEnded(BenchSubject subject, long count) {
        final long start = System.nanoTime();
        while (subject.carrier().ended() < count) {
            requireTime(subject, start);
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static void requireTime(BenchSubject subject, long start) {
        subject.requireRunning();
        if (System.nanoTime() - start > LIMIT_NS) {
            throw new IllegalStateException(
                    "packets do not get through: " + subject.engine().counters());
        }
    }

    /** Fills the heap but for what {@code count} packets may at most leave in it. */
    private static Object[] fill(long count) {
        final Object[] ballast = new Object[4_096];
        final long target = LEFT_PER_PACKET * count + LEFT_BESIDES + LEFT_FOR_THE_END;
        for (int i = 0; i < ballast.length; i++) {
            final long over = Runtime.getRuntime().maxMemory() - usedBytes() - target;
            if (over < 64) {
                return ballast;
            }
            ballast[i] = new byte[(int) Math.min(over, 1 << 20) - 16];
        }
        throw new IllegalStateException("the heap is too large to be filled");
    }

    private static void requireClean(BenchSubject subject, Object[] ballast) {
        final EngineCounters counters = subject.engine().counters();
        if (!counters.conserved() || counters.droppedTotal() > 0 || ballast[0] == null) {
            throw new IllegalStateException("packets were lost, or the heap was not filled: " + counters);
        }
    }

    private static long usedBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

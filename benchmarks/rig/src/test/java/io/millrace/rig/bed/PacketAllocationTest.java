package io.millrace.rig.bed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.sphinx.SphinxProfile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Packets allocate nothing on the heap, on any thread of an engine with a journal, rolls of the key epoch included. The JVM
 * counts the bytes of each thread exactly. A class that is loaded late, or a method compiled anew, allocates once; a packet
 * allocates in every round. So the best of some rounds counts.
 */
@Timeout(300)
class PacketAllocationTest {
    private static final int PACKETS = 8_192;
    private static final int WARM_UP = 4 * PACKETS; // the first key epochs are retired
    private static final int ROUNDS = 8;
    private static final long LOOK_NS = 1_000_000;

    /** The bar of {@code bench}; a roll of the key epoch takes 2,000 bytes. */
    private static final double BYTES_PER_PACKET = 1;

    @Test
    void packetsAllocateNothingWithOneThreadForPacketsAndOneForTheNetwork() throws Exception {
        assertThat(bytesPerPacket("split", () -> {})).isLessThan(BYTES_PER_PACKET);
    }

    @Test
    void packetsAllocateNothingInOneThread() throws Exception {
        assertThat(bytesPerPacket("shared", () -> {})).isLessThan(BYTES_PER_PACKET);
    }

    @Test
    void anObjectForEveryDeliveryIsSeen() throws Exception {
        final byte[][] waste = new byte[1][];

        assertThat(bytesPerPacket("split", () -> waste[0] = new byte[64])).isGreaterThan(BYTES_PER_PACKET);
    }

    private static double bytesPerPacket(String threading, Runnable onDelivery)
            throws IOException, InterruptedException {
        final MeasuredPath path = new MeasuredPath(
                EngineSettings.of(Map.of("threading", threading, "delay", EngineKeys.SHORT_DELAY)),
                1_024,
                ReplayMode.JOURNALLED);
        final BatchCrypto crypto = path.engine().crypto();
        try (BenchFixture bed = new BenchFixture(crypto, SphinxProfile.MR1, PACKETS, 4);
                BenchSubject subject = new BenchSubject(
                        bed, new BenchSubject.Parts(path, crypto, crypto, bed.undelayed(), true, onDelivery))) {
            subject.engine().start();
            subject.resume();
            awaitEnded(subject, WARM_UP);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < ROUNDS && best >= BYTES_PER_PACKET; i++) {
                best = Math.min(best, round(subject));
            }
            subject.drain();
            assertThat(subject.engine().counters().droppedTotal()).isZero();
            return best;
        }
    }

    /** Bytes that the engine's threads allocate for each packet while all packets of the pool pass once. */
    private static double round(BenchSubject subject) {
        final List<Thread> threads = subject.engine().threads();
        final long ended = subject.carrier().ended();
        final long before = ThreadMeter.allocatedBytes(threads);
        awaitEnded(subject, ended + PACKETS);
        final long allocated = ThreadMeter.allocatedBytes(threads) - before;
        final double bytes = (double) allocated / (subject.carrier().ended() - ended);
        System.out.printf("PacketAllocationTest: %.3f bytes per packet%n", bytes);
        return bytes;
    }

    private static void awaitEnded(BenchSubject subject, long count) {
        while (subject.carrier().ended() < count) {
            subject.requireRunning();
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}

package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.test.VirtualClock;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Datagrams between the nodes of a simulation: lost, duplicated, reordered and corrupted as the seed wants it, and
 * a record of their fate.
 */
final class LossyNetwork {
    /**
     * How bad the network is; each a probability.
     *
     * @param strangers datagrams of strangers, per datagram sent.
     */
    record Weather(double loss, double duplication, double corruption, double truncation, double strangers) {
        static final Weather FAIR = new Weather(0, 0, 0, 0, 0);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Datagram(long dueNs, long order, int from, byte[] bytes) {}

    private final SplittableRandom random;
    private final VirtualClock clock;
    private final long startNs;
    private Weather weather;
    private final long maxLatencyNs;
    private final List<PriorityQueue<Datagram>> inboxes = new ArrayList<>();
    private long order;
    long lost;
    long duplicated;
    long damaged;
    long forged;
    long received;
    long inTransit;

    LossyNetwork(int nodes, SplittableRandom random, VirtualClock clock, Weather weather, long maxLatencyNs) {
        this.random = random;
        this.clock = clock;
        this.startNs = clock.nanoTime();
        this.weather = weather;
        this.maxLatencyNs = maxLatencyNs;
        for (int node = 0; node < nodes; node++) {
            inboxes.add(new PriorityQueue<>(
                    Comparator.comparingLong(Datagram::dueNs).thenComparingLong(Datagram::order)));
        }
    }

    /** The weather changes. */
    void weather(Weather next) {
        weather = next;
    }

    /** The carrier of {@code node}, whose peer {@code i} is the node {@code peers[i]}. */
    Carrier carrier(int node, int[] peers) {
        return new NodeCarrier(node, peers);
    }

    private void post(int from, int to, byte[] bytes) {
        if (random.nextDouble() < weather.strangers()) {
            forged++;
            deliverLater(-1, to, randomBytes(random.nextInt(2_100)));
        }
        if (random.nextDouble() < weather.loss()) {
            lost++;
            return;
        }
        if (random.nextDouble() < weather.duplication()) {
            duplicated++;
            deliverLater(from, to, bytes.clone());
        }
        if (random.nextDouble() < weather.corruption()) {
            damaged++;
            final int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        } else if (random.nextDouble() < weather.truncation()) {
            damaged++;
            deliverLater(from, to, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            return;
        }
        deliverLater(from, to, bytes);
    }

    private void deliverLater(int from, int to, byte[] bytes) {
        inTransit++;
        inboxes.get(to).add(new Datagram(elapsedNs() + random.nextLong(maxLatencyNs), order++, from, bytes));
    }

    /** The clock itself may wrap. */
    private long elapsedNs() {
        return clock.nanoTime() - startNs;
    }

    private byte[] randomBytes(int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return bytes;
    }

    private final class NodeCarrier implements Carrier {
        private final int node;
        private final int[] peers;

        NodeCarrier(int node, int[] peers) {
            this.node = node;
            this.peers = peers;
        }

        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            final PriorityQueue<Datagram> inbox = inboxes.get(node);
            int count = 0;
            while (count < limit && !inbox.isEmpty() && inbox.peek().dueNs() <= elapsedNs()) {
                final Datagram datagram = inbox.poll();
                final int kept = Math.min(datagram.bytes().length, roomLength);
                MemorySegment.copy(datagram.bytes(), 0, frames.memory(), JAVA_BYTE, frames.position(count), kept);
                frames.filled(count, datagram.bytes().length, peerIndex(datagram.from()));
                count++;
            }
            received += count;
            inTransit -= count;
            return count;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            final int taken = random.nextInt(count + 1);
            for (int i = from; i < from + taken; i++) {
                final byte[] bytes = new byte[frames.length(i)];
                MemorySegment.copy(frames.memory(), JAVA_BYTE, frames.position(i), bytes, 0, bytes.length);
                post(node, peers[peer], bytes);
            }
            return taken;
        }

        @Override
        public void sendMessage(int origin, DatagramBatch messages, int index) {
            final byte[] bytes = new byte[messages.length(index)];
            MemorySegment.copy(messages.memory(), JAVA_BYTE, messages.position(index), bytes, 0, bytes.length);
            post(node, peers[origin], bytes);
        }

        @Override
        public long receiveErrors() {
            return 0;
        }

        @Override
        public long sendErrors() {
            return 0;
        }

        @Override
        public void close() {}

        private int peerIndex(int from) {
            for (int i = 0; i < peers.length; i++) {
                if (peers[i] == from) {
                    return i;
                }
            }
            return DatagramBatch.UNKNOWN_PEER;
        }
    }
}

package io.millrace.transfer;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** A network of two ends that loses, repeats and reorders messages as its seed wants, over a virtual clock. */
final class SimulatedChannel {
    private final RandomGenerator random;
    private final double lossRate;
    private final double repeatRate;
    private final long meanDelayNs;
    private final PriorityQueue<Flight> flights =
            new PriorityQueue<>(Comparator.comparingLong(Flight::atNs).thenComparingLong(Flight::number));
    private long count;

    SimulatedChannel(RandomGenerator random, double lossRate, double repeatRate, long meanDelayNs) {
        this.random = random;
        this.lossRate = lossRate;
        this.repeatRate = repeatRate;
        this.meanDelayNs = meanDelayNs;
    }

    void send(boolean toReceiver, ByteBuffer message, long now) {
        if (random.nextDouble() >= lossRate) {
            fly(toReceiver, message, now);
            if (random.nextDouble() < repeatRate) {
                fly(toReceiver, message, now);
            }
        }
    }

    /** When the next message arrives; the end of time if none is on the way. */
    long nextNs() {
        return flights.isEmpty() ? Long.MAX_VALUE : flights.peek().atNs();
    }

    /** Takes the next message. */
    Flight take() {
        return flights.remove();
    }

    private void fly(boolean toReceiver, ByteBuffer message, long now) {
        final long delay = (long) (random.nextExponential() * meanDelayNs) + 1;
        flights.add(new Flight(now + delay, count++, toReceiver, message.duplicate()));
    }

    record Flight(long atNs, long number, boolean toReceiver, ByteBuffer message) {}
}

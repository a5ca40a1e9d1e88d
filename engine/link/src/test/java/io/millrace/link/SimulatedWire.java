package io.millrace.link;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Messages between two ends, 0 and 1: lost, repeated and late as the seed wants it, and all of them recorded. */
public final class SimulatedWire {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(int to, byte[] bytes, long dueNs, long order) {}

    public static final int NOT_BOUND = Integer.MIN_VALUE;

    private final SplittableRandom random;
    private final double loss;
    private final double duplication;
    private final long maxLatencyNs;
    private final PriorityQueue<Message> transit =
            new PriorityQueue<>(Comparator.comparingLong(Message::dueNs).thenComparingLong(Message::order));
    public final List<Message> recorded = new ArrayList<>();
    public final long[] skewNs = new long[2];
    public final int[] bound = {NOT_BOUND, NOT_BOUND}; // last origin that an end took for the way to its peer
    public long nowNs;
    public boolean cut;
    private long order;
    private int delivered;

    public SimulatedWire(SplittableRandom random, double loss, double duplication, long maxLatencyNs) {
        this.random = random;
        this.loss = loss;
        this.duplication = duplication;
        this.maxLatencyNs = maxLatencyNs;
    }

    /** Messages that have arrived. */
    public int delivered() {
        return delivered;
    }

    /** The way out of an end. */
    public LinkPort port(int from) {
        return new LinkPort() {
            @Override
            public void send(int origin, MemorySegment message) {
                post(1 - from, message.toArray(JAVA_BYTE));
            }

            @Override
            public void bind(int origin) {
                bound[from] = origin;
            }
        };
    }

    public void post(int to, byte[] bytes) {
        final Message message = new Message(to, bytes, nowNs + random.nextLong(maxLatencyNs), order++);
        recorded.add(message);
        if (cut || random.nextDouble() < loss) {
            return;
        }
        transit.add(message);
        if (random.nextDouble() < duplication) {
            transit.add(new Message(to, bytes, nowNs + random.nextLong(maxLatencyNs), order++));
        }
    }

    /** Hands over arrived messages. */
    public void deliver(LinkHandshake[] ends) {
        while (!transit.isEmpty() && transit.peek().dueNs() <= nowNs) {
            final Message message = transit.poll();
            delivered++;
            give(ends[message.to()], message.bytes(), nowNs + skewNs[message.to()]);
        }
    }

    public static boolean give(LinkHandshake end, byte[] bytes, long nowNs) {
        return give(end, 0, bytes, nowNs);
    }

    public static boolean give(LinkHandshake end, int origin, byte[] bytes, long nowNs) {
        try (Arena arena = Arena.ofConfined()) {
            return end.onMessage(origin, arena.allocateFrom(JAVA_BYTE, bytes), nowNs);
        }
    }
}

package io.millrace.client;

import io.millrace.directory.Probe;
import io.millrace.directory.ProbeHop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Probes that a client sends to itself: when the next one is due, which are under way, and those that returned.
 *
 * <p>The gaps between probes are exponential, so that their times say nothing about each other. A probe's payload is
 * {@code ff} and a random token of 16 bytes; no message of a transfer begins so. At most {@link #MAX_PENDING} probes are
 * under way: the oldest counts as lost.
 *
 * <p>Not thread safe.
 */
public final class LoopProbes {
    /** Most probes under way. */
    public static final int MAX_PENDING = 4_096;

    private static final byte MARK = (byte) 0xff;
    private static final int LENGTH = 1 + 2 * Long.BYTES;

    private final ProbeSink sink;
    private final RandomGenerator random;
    private final long meanGapNs;
    private final Map<UUID, Departure> pending = new LinkedHashMap<>();
    private long dueNs;
    private long sent;
    private long returned;

    /**
     * Makes a client's probes.
     *
     * @param sink takes probes that returned; stays the caller's.
     * @param random unpredictable.
     * @param meanGapNs mean time between two probes in nanoseconds, 1 or more.
     * @param nowNs by the monotonic clock.
     */
    public LoopProbes(ProbeSink sink, RandomGenerator random, long meanGapNs, long nowNs) {
        if (meanGapNs < 1) {
            throw new IllegalArgumentException("the mean gap must be 1 ns or more: meanGapNs=" + meanGapNs);
        }
        this.sink = sink;
        this.random = random;
        this.meanGapNs = meanGapNs;
        this.dueNs = nowNs + gapNs();
    }

    /** Instant at which the next probe is due, by the monotonic clock. */
    public long dueNs() {
        return dueNs;
    }

    /**
     * Makes the payload of a probe and draws when the next one is due; a pause is not caught up.
     *
     * @param nowNs by the monotonic clock.
     * @return the payload, 17 bytes.
     */
    public ByteBuffer begin(long nowNs) {
        dueNs = nowNs + gapNs();
        return ByteBuffer.allocate(LENGTH)
                .put(MARK)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .flip();
    }

    /**
     * Notes that a probe has left.
     *
     * @param payload as {@link #begin} made it; not changed.
     * @param hops relays on its way.
     * @param departureNs before it left, by the monotonic clock.
     */
    public void left(ByteBuffer payload, List<ProbeHop> hops, long departureNs) {
        if (pending.size() == MAX_PENDING) {
            final Iterator<UUID> oldest = pending.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        pending.put(token(payload), new Departure(hops, departureNs));
        sent++;
    }

    /**
     * Takes a message that arrived, if it is a probe.
     *
     * @param message not changed.
     * @param nowNs by the monotonic clock.
     * @return whether it was one; a probe that is unknown or came twice is one too.
     * @throws IOException if the sink cannot keep it.
     */
    public boolean take(ByteBuffer message, long nowNs) throws IOException {
        if (message.remaining() != LENGTH || message.get(message.position()) != MARK) {
            return false;
        }
        final Departure departure = pending.remove(token(message));
        if (departure != null) {
            sink.append(new Probe(departure.hops(), nowNs - departure.atNs()));
            returned++;
        }
        return true;
    }

    /** Probes that left. */
    public long sent() {
        return sent;
    }

    /** Probes that returned and are in the file. */
    public long returned() {
        return returned;
    }

    private long gapNs() {
        return (long) (-meanGapNs * Math.log1p(-random.nextDouble()));
    }

    private static UUID token(ByteBuffer payload) {
        final int at = payload.position() + 1;
        return new UUID(payload.getLong(at), payload.getLong(at + Long.BYTES));
    }

    private record Departure(List<ProbeHop> hops, long atNs) {}
}

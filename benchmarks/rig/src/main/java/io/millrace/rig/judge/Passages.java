package io.millrace.rig.judge;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Times of the packets that came to a relay and left it again, in the order of their arrival. All times are nanoseconds of
 * one clock, the observer's.
 *
 * <p>Immutable and thread safe.
 */
public final class Passages {
    private static final int INDEX_BITS = 21;
    private static final long LONGEST_NS = 1L << 40;

    private final long[] arrivedNs;
    private final long[] leftNs;
    private final long[] delayNs;
    private final int[] links;

    private Passages(long[] arrivedNs, long[] leftNs, long[] delayNs, int[] links) {
        this.arrivedNs = arrivedNs;
        this.leftNs = leftNs;
        this.delayNs = delayNs;
        this.links = links;
    }

    /**
     * Sorts packets by arrival; all leave over one link. The arrays are copied.
     *
     * @param arrivedNs when each packet was handed to the relay.
     * @param leftNs when the receiver had it, by index of {@code arrivedNs}.
     * @param delayNs delay that the disclosed law gives for the packet's tag, by index of {@code arrivedNs}.
     * @return the packets' times.
     * @throws IllegalArgumentException if the lengths differ, or there are 2^21 packets or 18 minutes of them.
     */
    public static Passages of(long[] arrivedNs, long[] leftNs, long[] delayNs) {
        return of(arrivedNs, leftNs, delayNs, new int[arrivedNs.length]);
    }

    /**
     * Sorts packets by arrival. The arrays are copied.
     *
     * @param arrivedNs when each packet was handed to the relay.
     * @param leftNs when the receiver had it, by index of {@code arrivedNs}.
     * @param delayNs delay that the disclosed law gives for the packet's tag, by index of {@code arrivedNs}.
     * @param links number of the link over which a packet left, by index of {@code arrivedNs}.
     * @return the packets' times.
     * @throws IllegalArgumentException if the lengths differ, or there are 2^21 packets or 18 minutes of them.
     */
    public static Passages of(long[] arrivedNs, long[] leftNs, long[] delayNs, int[] links) {
        if (arrivedNs.length != leftNs.length
                || arrivedNs.length != delayNs.length
                || arrivedNs.length != links.length) {
            throw new IllegalArgumentException("one time each for every packet: arrivals=" + arrivedNs.length
                    + ", departures=" + leftNs.length + ", delays=" + delayNs.length);
        }
        requireRoom(arrivedNs);
        requireRoom(leftNs);
        final int[] order = ascending(arrivedNs);
        return at(arrivedNs, leftNs, delayNs, links, order);
    }

    /** Number of packets. */
    public int count() {
        return arrivedNs.length;
    }

    /**
     * When a packet arrived.
     *
     * @param index 0 to {@link #count()} - 1.
     * @return nanoseconds; rises with the index.
     */
    public long arrivedNs(int index) {
        return arrivedNs[index];
    }

    /**
     * When a packet left.
     *
     * @param index 0 to {@link #count()} - 1.
     * @return nanoseconds.
     */
    public long leftNs(int index) {
        return leftNs[index];
    }

    /**
     * The delay that the disclosed law gives a packet.
     *
     * @param index 0 to {@link #count()} - 1.
     * @return nanoseconds, 0 or more.
     */
    public long delayNs(int index) {
        return delayNs[index];
    }

    /**
     * The time that a packet spent in the relay, less its disclosed delay: the relay's own time, and negative for a packet
     * that left early.
     *
     * @param index 0 to {@link #count()} - 1.
     * @return nanoseconds.
     */
    public long ownNs(int index) {
        return leftNs[index] - arrivedNs[index] - delayNs[index];
    }

    /** Packets of which the index, divided by {@code parts}, leaves {@code part}: disjoint for different parts. */
    Passages part(int part, int parts) {
        final int[] indexes = IntStream.range(0, count())
                .filter(index -> index % parts == part)
                .toArray();
        return at(arrivedNs, leftNs, delayNs, links, indexes);
    }

    /** The first packets, {@code limit} at most. */
    Passages first(int limit) {
        return count() <= limit
                ? this
                : at(
                        arrivedNs,
                        leftNs,
                        delayNs,
                        links,
                        IntStream.range(0, limit).toArray());
    }

    /** The same arrivals with other departures. */
    Passages leaving(long[] otherNs) {
        return new Passages(arrivedNs, otherNs, delayNs, links);
    }

    /** Number of the link over which a packet left. */
    int link(int index) {
        return links[index];
    }

    /** Times spent in the relay, in the order of arrival. */
    long[] spentNs() {
        final long[] spent = new long[count()];
        Arrays.setAll(spent, index -> leftNs[index] - arrivedNs[index]);
        return spent;
    }

    /** Delays of all packets; a copy. */
    long[] delaysNs() {
        return delayNs.clone();
    }

    /** Indexes of all packets in the order of departure. */
    int[] byDeparture() {
        return ascending(leftNs);
    }

    private static void requireRoom(long[] times) {
        if (times.length == 0) {
            return;
        }
        final long spanNs = Arrays.stream(times).max().orElseThrow()
                - Arrays.stream(times).min().orElseThrow();
        if (times.length >= 1 << INDEX_BITS || spanNs < 0 || spanNs >= LONGEST_NS) {
            throw new IllegalArgumentException("at most " + (1 << INDEX_BITS) + " packets within 18 minutes: packets="
                    + times.length + ", spanNs=" + spanNs);
        }
    }

    /** Indexes in the order of their times; equal times in the order of the indexes. */
    private static int[] ascending(long[] times) {
        if (times.length == 0) {
            return new int[0];
        }
        final long begin = Arrays.stream(times).min().orElseThrow();
        final long[] keys = new long[times.length];
        for (int i = 0; i < times.length; i++) {
            keys[i] = (times[i] - begin) << INDEX_BITS | i;
        }
        Arrays.sort(keys);
        final int[] order = new int[times.length];
        Arrays.setAll(order, rank -> (int) (keys[rank] & ((1L << INDEX_BITS) - 1)));
        return order;
    }

    private static Passages at(long[] arrivedNs, long[] leftNs, long[] delayNs, int[] links, int[] indexes) {
        return new Passages(
                picked(arrivedNs, indexes),
                picked(leftNs, indexes),
                picked(delayNs, indexes),
                Arrays.stream(indexes).map(index -> links[index]).toArray());
    }

    private static long[] picked(long[] values, int[] indexes) {
        return Arrays.stream(indexes).mapToLong(index -> values[index]).toArray();
    }
}

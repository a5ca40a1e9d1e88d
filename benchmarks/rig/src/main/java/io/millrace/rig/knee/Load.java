package io.millrace.rig.knee;

import io.millrace.rig.judge.Passages;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * One interval of load, as the generator saw it.
 *
 * @param rate intended, packets a second.
 * @param schedule of the packets.
 * @param first number of the first packet.
 * @param startNs when it was due.
 * @param sent packets, numbered from {@code first}.
 * @param received distinct packets that came back.
 * @param duplicates packets that came back once more.
 * @param unknown frames that did not open or that are no packet of the pool.
 * @param sentNs when each packet was handed to the socket, by number less {@code first}.
 * @param receivedNs when each packet came back; 0 if it did not.
 * @param link over which it came back.
 * @param lag how much later than due packets were handed to the socket.
 * @param behind whether the generator could not keep the schedule: the last packet left later than 2 % of the interval
 *     and a stall of up to 100 ms explain.
 * @param refused packets that were due and that the socket did not take at once, counted each time.
 * @param busyNs time of the generator's rounds that sent or received something, in nanoseconds.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Load(
        double rate,
        Schedule schedule,
        int first,
        long startNs,
        int sent,
        int received,
        int duplicates,
        int unknown,
        long[] sentNs,
        long[] receivedNs,
        byte[] link,
        Histogram lag,
        boolean behind,
        int refused,
        long busyNs) {
    /** Packets that did not come back. */
    int lost() {
        return sent - received;
    }

    /** Whether the packet at {@code index}, 0 to {@link #sent} - 1, came back. */
    boolean isBack(int index) {
        return receivedNs[index] != 0;
    }

    /** When the packet at {@code index} was due. */
    long dueNs(int index) {
        return startNs + schedule.offsetNs(first, first + index, rate);
    }

    /** From when a packet was due until it came back, without the delay that it was to be given; nanoseconds. */
    long latencyNs(int index, long delayNs) {
        return receivedNs[index] - dueNs(index) - delayNs;
    }

    /**
     * The packets that came back.
     *
     * @param delayNs disclosed delay of packet {@code number}.
     */
    Passages passages(IntToLongFunction delayNs) {
        final long[] arrived = new long[received];
        final long[] left = new long[received];
        final long[] delays = new long[received];
        final int[] links = new int[received];
        int count = 0;
        for (int index = 0; index < sent; index++) {
            if (isBack(index)) {
                arrived[count] = sentNs[index];
                left[count] = receivedNs[index];
                links[count] = link[index];
                delays[count++] = delayNs.applyAsLong(first + index);
            }
        }
        return Passages.of(arrived, left, delays, links);
    }
}

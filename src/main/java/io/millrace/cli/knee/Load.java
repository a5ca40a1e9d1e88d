package io.millrace.cli.knee;

import org.HdrHistogram.Histogram;

/**
 * What the generator saw of one interval of load.
 *
 * @param rate intended, packets a second.
 * @param startNs when packet 0 was due.
 * @param sent packets; they were numbered from 0.
 * @param received distinct packets that came back.
 * @param duplicates packets that came back once more.
 * @param unknown frames that did not open or that are no packet of the pool.
 * @param receivedNs when each packet came back; 0 if it did not.
 * @param lag how much later than due packets were handed to the socket.
 * @param behind whether the generator could not keep the schedule: the last packet left over 2 % late.
 * @param refused packets that were due and that the socket did not take at once, counted each time.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Load(
        double rate,
        long startNs,
        int sent,
        int received,
        int duplicates,
        int unknown,
        long[] receivedNs,
        Histogram lag,
        boolean behind,
        int refused) {
    /** Packets that did not come back. */
    int lost() {
        return sent - received;
    }

    /** When packet {@code number} was due. */
    long dueNs(int number) {
        return startNs + (long) (number * (1e9 / rate));
    }

    /** From when a packet was due until it came back, without the delay that it was to be given; nanoseconds. */
    long latencyNs(int number, long delayNs) {
        return receivedNs[number] - dueNs(number) - delayNs;
    }
}

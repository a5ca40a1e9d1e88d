package io.millrace.rig.knee;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * An interval of load in time: the slowest packet, and the machine's longest stall, of each {@link #BUCKET_NS}.
 *
 * @param seconds when each bucket began, since the first packet was due.
 * @param worstUs latency without the intended delay in microseconds, of the slowest packet that was due in the bucket.
 * @param hiccupUs longest stall in the bucket, in microseconds.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TimeSeries(double[] seconds, double[] worstUs, double[] hiccupUs) {
    private static final long BUCKET_NS = 10_000_000;
    private static final double NS_PER_US = 1_000;

    static TimeSeries of(Load load, IntToLongFunction delayNs, HiccupMeter hiccups, long mark) {
        final int count = (int) ((load.dueNs(load.sent() - 1) - load.startNs()) / BUCKET_NS) + 1;
        final double[] seconds = new double[count];
        final double[] worst = new double[count];
        final double[] stalls = new double[count];
        Arrays.setAll(seconds, bucket -> bucket * (BUCKET_NS / 1e9));
        for (int index = 0; index < load.sent(); index++) {
            if (load.isBack(index)) {
                final int bucket = (int) ((load.dueNs(index) - load.startNs()) / BUCKET_NS);
                final double latency = load.latencyNs(index, delayNs.applyAsLong(load.first() + index)) / NS_PER_US;
                worst[bucket] = Math.max(worst[bucket], latency);
            }
        }
        hiccups.forEachSince(mark, (timeNs, lateNs) -> {
            final long bucket = Math.floorDiv(timeNs - load.startNs(), BUCKET_NS);
            if (bucket >= 0 && bucket < count) {
                stalls[(int) bucket] = Math.max(stalls[(int) bucket], lateNs / NS_PER_US);
            }
        });
        return new TimeSeries(seconds, worst, stalls);
    }
}

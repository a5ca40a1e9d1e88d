package io.millrace.cli.knee;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Everything that a run measured.
 *
 * @param options what was asked for.
 * @param provider that ran.
 * @param knee the relay's highest rate without loss, packets a second.
 * @param floor the forwarder's.
 * @param steps every interval, in the order in which they ran.
 * @param relayLoads by percent of the knee.
 * @param floorLoads the forwarder at the same rates.
 * @param idle stalls of the machine before anything ran.
 * @param loaded stalls while the intervals ran.
 * @param ladderNs median time of one libsodium scalar multiplication, between the intervals, in nanoseconds.
 * @param stolenShare of all processor time while the intervals ran, what the machine's host gave to others.
 * @param seconds the whole run took.
 */
record KneeMeasurements(
        KneeOptions options,
        String provider,
        double knee,
        double floor,
        List<Step> steps,
        Map<Integer, LoadFigures> relayLoads,
        Map<Integer, LoadFigures> floorLoads,
        Histogram idle,
        Histogram loaded,
        long ladderNs,
        double stolenShare,
        double seconds) {}

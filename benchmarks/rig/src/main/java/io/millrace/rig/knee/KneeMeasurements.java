package io.millrace.rig.knee;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Everything that a run measured.
 *
 * @param options of the run.
 * @param provider that ran.
 * @param knee the relay's highest rate without loss, and how it was found.
 * @param halfPoint the relay's rate of which half of the brief intervals pass, packets a second.
 * @param floor the same of the forwarder.
 * @param packets that were prepared.
 * @param steps every interval, in the order in which they ran.
 * @param relayLoads by name: percent of the knee, or {@code light}.
 * @param floorLoads the forwarder at the same rates.
 * @param idle stalls of the machine before anything ran.
 * @param loaded stalls while the intervals ran.
 * @param ladderNs median time of one libsodium scalar multiplication, between the intervals, in nanoseconds.
 * @param stolenShare of all processor time while the intervals ran, given to others by the machine's host.
 * @param seconds the whole run took.
 */
record KneeMeasurements(
        KneeOptions options,
        String provider,
        KneeSearch.Knee knee,
        double halfPoint,
        double floor,
        int packets,
        List<Step> steps,
        Map<String, LoadFigures> relayLoads,
        Map<String, LoadFigures> floorLoads,
        Histogram idle,
        Histogram loaded,
        long ladderNs,
        double stolenShare,
        double seconds) {}

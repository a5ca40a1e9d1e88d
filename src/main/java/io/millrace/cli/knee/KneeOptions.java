package io.millrace.cli.knee;

import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.nio.file.Path;

/**
 * What a run measures.
 *
 * @param tcp whether over TCP; else over UDP.
 * @param provider crypto provider of relay and generator.
 * @param threading of the relay.
 * @param waitMode the relay's wait strategy.
 * @param batch packets that a stage of the relay works on at once.
 * @param delay distribution of the delays.
 * @param policy who draws them.
 * @param interval that a rate must be carried without loss, in seconds.
 * @param packets distinct packets to prepare: an interval sends no more; 0 for what 12 seconds allow.
 * @param firstRate where the sweep begins, packets a second.
 * @param resolution the search ends when the bounds are this close, as a share of the rate.
 * @param seed of what the generator draws.
 * @param out folder for the files.
 */
record KneeOptions(
        boolean tcp,
        String provider,
        String threading,
        String waitMode,
        int batch,
        DelayDistribution delay,
        DelayPolicy policy,
        double interval,
        int packets,
        double firstRate,
        double resolution,
        long seed,
        Path out) {}

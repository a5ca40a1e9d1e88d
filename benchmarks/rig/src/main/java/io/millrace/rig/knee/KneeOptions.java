package io.millrace.rig.knee;

import io.millrace.config.EngineConfig;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Settings of a run.
 *
 * @param circumstances of the relay.
 * @param tcp whether over TCP; else over UDP.
 * @param provider crypto provider of relay and generator.
 * @param threading of the relay, as it was asked for.
 * @param config threads, wait mode and batches of the relay.
 * @param delay distribution of the delays.
 * @param policy who draws them.
 * @param interval that a rate must be carried without loss, in seconds.
 * @param confirmations such intervals that must pass one after the other.
 * @param quick whether few intervals do.
 * @param packets distinct packets to prepare: an interval sends no more; 0 for what 15 seconds allow.
 * @param firstRate where the sweep begins, packets a second.
 * @param resolution the search ends when the bounds are this close, as a share of the rate.
 * @param seed of the generator's draws.
 * @param mutant name of a way in which the relay under test cheats; empty for an honest one.
 * @param out folder for the files.
 */
public record KneeOptions(
        KneeCase circumstances,
        boolean tcp,
        String provider,
        String threading,
        EngineConfig config,
        DelayDistribution delay,
        DelayPolicy policy,
        double interval,
        int confirmations,
        boolean quick,
        int packets,
        double firstRate,
        double resolution,
        long seed,
        String mutant,
        Path out) {
    /** Name of the relay's wait mode, as it is asked for. */
    String idleMode() {
        return config.idleMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

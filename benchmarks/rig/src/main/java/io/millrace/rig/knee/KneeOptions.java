package io.millrace.rig.knee;

import io.millrace.node.config.EngineSettings;
import io.millrace.rig.measure.CoreSplit;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a run.
 *
 * @param circumstances of the relay.
 * @param tcp whether over TCP; else over UDP.
 * @param engine settings of the relay's engine; its provider is the generator's too. Journal and receipts are as the
 *     circumstances say.
 * @param interval that a rate must be carried without loss, in seconds.
 * @param confirmations such intervals that must pass one after the other.
 * @param quick whether few intervals do.
 * @param packets distinct packets to prepare: an interval sends no more; 0 for what 15 seconds allow.
 * @param firstRate where the sweep begins, packets a second.
 * @param resolution the search ends when the bounds are this close, as a share of the rate.
 * @param recording file for a flight recording of the relay at half of the knee, if one is wanted.
 * @param cores processors of relay and generator.
 * @param seed of the generator's draws.
 * @param mutant name of a way in which the relay under test cheats; empty for an honest one.
 * @param out folder for the files.
 */
public record KneeOptions(
        KneeCase circumstances,
        boolean tcp,
        EngineSettings engine,
        double interval,
        int confirmations,
        boolean quick,
        int packets,
        double firstRate,
        double resolution,
        Optional<Path> recording,
        CoreSplit cores,
        long seed,
        String mutant,
        Path out) {
    /** Names of links: carriers between relay and generator. */
    public static final List<String> LINKS = List.of("udp", "tcp");

    /** Name of the crypto provider. */
    String provider() {
        return engine.provider();
    }

    /** Distribution of the delays. */
    DelayDistribution delay() {
        return engine.distribution();
    }

    /** Who draws the delays. */
    DelayPolicy policy() {
        return engine.policy();
    }
}

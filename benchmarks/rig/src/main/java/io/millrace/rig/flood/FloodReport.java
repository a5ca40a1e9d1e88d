package io.millrace.rig.flood;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;

/**
 * Result of {@code bench flood}; also its form in JSON, with the fields of {@code stated} on the top level.
 * Server and honest clients are in one process, the attackers in another, all on the same cores.
 *
 * @param cpu processor and number of cores of the machine.
 * @param jdk version of the JDK.
 * @param attackers connections of all kinds together, in each wave.
 * @param attackersByKind silent, garbage, incomplete, replay, random-noise, half-open and slow-reader.
 * @param honestSessions that moved bytes all the time.
 * @param honestNewcomers sessions that were begun during the attack, from a network with no attacker.
 * @param pendingLimit most handshakes at once that may wait for their last message.
 * @param stated the wave while the honest sessions offer half of their undisturbed throughput: the promise.
 * @param saturated the wave while they send as fast as they can: mostly who gets how much of the processor.
 */
public record FloodReport(
        String cpu,
        String jdk,
        int attackers,
        Map<String, Integer> attackersByKind,
        int honestSessions,
        int honestNewcomers,
        int pendingLimit,
        @JsonUnwrapped FloodWave stated,
        FloodWave saturated) {
    private static final double LEAST_RATIO = 0.8;

    /** Whether all but the throughput, which is the machine's affair too, meets the design's goals. */
    boolean held() {
        return stated.held(attackers, pendingLimit) && saturated.held(attackers, pendingLimit);
    }

    public boolean passed() {
        return held() && stated.ratio() >= LEAST_RATIO;
    }
}

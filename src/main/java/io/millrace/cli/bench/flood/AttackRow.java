package io.millrace.cli.bench.flood;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * One attack from one source, in four intervals: without, with, without, with.
 *
 * @param attack silent, random-noise, rapid-reset, ping, window-update, slow-reader, replay, probe or clock.
 * @param source address, network-24 or network-48.
 * @param connections that the attackers made.
 * @param attackerCpuSeconds processor time of their process, from the same cores.
 * @param honestBytesPerSecond that reached the server's application without the attack.
 * @param ratio honest bytes per second with the attack over those without.
 * @param honestComplete whether every byte of the honest sessions arrived.
 * @param newcomers honest clients that came during the attack.
 * @param inTime share of them that had a session within 2 seconds, 0 to 1.
 * @param never newcomers that had none within 30 seconds.
 * @param retries refusals after which a newcomer came again.
 * @param p99Us 99th percentile of their time to a session in microseconds.
 * @param p99UsWithout the same without the attack.
 * @param peakBytes most native bytes of all sessions of the process at once, both ends of the honest ones included.
 * @param boundBytes most that the bounds allow so many sessions.
 * @param peakSessions most sessions of the server at once.
 * @param peakConnections most connections of the server at once, those in a handshake included.
 * @param connectionsBound most that the server's bounds allow.
 * @param drops connections refused and sessions ended by the server during the attack, by reason.
 */
record AttackRow(
        String attack,
        String source,
        long connections,
        double attackerCpuSeconds,
        double honestBytesPerSecond,
        double ratio,
        boolean honestComplete,
        int newcomers,
        double inTime,
        int never,
        int retries,
        long p99Us,
        long p99UsWithout,
        long peakBytes,
        long boundBytes,
        int peakSessions,
        int peakConnections,
        int connectionsBound,
        Map<String, Long> drops) {
    private static final double LEAST_RATIO = 0.9;
    private static final double LEAST_IN_TIME = 0.99;

    /** Whether all that does not depend on the speed of the machine is as it must be. */
    boolean held() {
        return honestComplete && never == 0 && peakBytes <= boundBytes && peakConnections <= connectionsBound;
    }

    /** Whether every line holds. */
    @JsonProperty
    boolean passed() {
        return held() && ratio >= LEAST_RATIO && inTime >= LEAST_IN_TIME;
    }
}

package io.millrace.rig.flood;

import java.util.Map;

/**
 * One wave of attackers against a server whose honest sessions offer a certain load, and how it went.
 *
 * @param offeredBytesPerSecond load of all honest sessions together, on a schedule that does not wait for them; 0 if they
 *     send as fast as they can.
 * @param honestBytesPerSecondBefore bytes that reached the server's application, before the attack.
 * @param honestBytesPerSecondDuring the same during the attack.
 * @param ratio during over before.
 * @param honestLagUsBefore how late blocks of 64 KiB were taken off the honest senders' hands, in microseconds after they
 *     were due: p50, p99 and max. Empty if they have no schedule.
 * @param honestLagUsDuring the same during the attack.
 * @param honestRefused how often honest newcomers were refused and came again: there was no place, or the pending table was
 *     full.
 * @param honestComplete whether every honest byte arrived.
 * @param attackSeconds from the first attacker's start to the end of the last that the server refused.
 * @param attackerCpuSeconds processor time of the attackers' own process meanwhile: it comes out of the same cores.
 * @param cpuNsPerAttacker processor time that server and honest clients needed during the attack beyond that of the same
 *     bytes before it, per attacker, in nanoseconds.
 * @param rejections connections by the server's reason.
 * @param turnedAway connections for which there was no place among the connections.
 * @param slowReaders attackers with a session, who read nothing.
 * @param accounted sum of the last three without those of honest newcomers; must be the attackers.
 * @param peakConnections most connections at once, those in a handshake included.
 * @param peakPending most handshakes at once that waited for their last message.
 * @param peakBufferedBytes most native bytes that the queues of the server's sessions held at once.
 * @param bufferedBytesLimit most that the bounds of the sessions allow them.
 */
public record FloodWave(
        double offeredBytesPerSecond,
        double honestBytesPerSecondBefore,
        double honestBytesPerSecondDuring,
        double ratio,
        Map<String, Long> honestLagUsBefore,
        Map<String, Long> honestLagUsDuring,
        int honestRefused,
        boolean honestComplete,
        double attackSeconds,
        double attackerCpuSeconds,
        double cpuNsPerAttacker,
        Map<String, Long> rejections,
        long turnedAway,
        long slowReaders,
        long accounted,
        int peakConnections,
        int peakPending,
        long peakBufferedBytes,
        long bufferedBytesLimit) {
    /** Whether all but the throughput, which is the machine's affair too, meets the design's goals. */
    boolean held(int attackers, int pendingLimit) {
        return honestComplete
                && accounted == attackers
                && peakPending <= pendingLimit
                && peakBufferedBytes <= bufferedBytesLimit;
    }
}

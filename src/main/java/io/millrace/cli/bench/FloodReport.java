package io.millrace.cli.bench;

import java.util.Map;

/**
 * What {@code bench --htx-flood} found; also its form in JSON. Everything runs in one process, so that the attackers' own
 * work is at the honest sessions' cost too.
 *
 * @param attackers connections of all kinds together.
 * @param attackersByKind garbage, incomplete, replay, half-open and slow-reader.
 * @param attackSeconds from the first attacker's start to the end of the last that the server refused.
 * @param honestSessions that moved bytes all the time.
 * @param honestNewcomers sessions that were begun during the attack, from a network with no attacker.
 * @param honestRefused how often these were refused and came again: there was no place, or the pending table was full.
 * @param honestComplete whether every honest byte arrived.
 * @param honestBytesPerSecondBefore bytes that reached the server's application, before the attack.
 * @param honestBytesPerSecondDuring the same during the attack.
 * @param ratio during over before.
 * @param rejections connections by what the server counted for them.
 * @param turnedAway connections for which there was no place among the connections.
 * @param slowReaders attackers with a session, who read nothing.
 * @param accounted sum of the last three without those of honest newcomers; must be the attackers.
 * @param peakConnections most connections at once, those in a handshake included.
 * @param peakPending most handshakes at once that waited for their last message.
 * @param pendingLimit most that may.
 * @param peakBufferedBytes most native bytes that the queues of the server's sessions held at once.
 * @param bufferedBytesLimit most that the bounds of the sessions allow them.
 */
public record FloodReport(
        String cpu,
        String jdk,
        int attackers,
        Map<String, Integer> attackersByKind,
        double attackSeconds,
        int honestSessions,
        int honestNewcomers,
        int honestRefused,
        boolean honestComplete,
        double honestBytesPerSecondBefore,
        double honestBytesPerSecondDuring,
        double ratio,
        Map<String, Long> rejections,
        long turnedAway,
        long slowReaders,
        long accounted,
        int peakConnections,
        int peakPending,
        int pendingLimit,
        long peakBufferedBytes,
        long bufferedBytesLimit) {
    private static final double LEAST_RATIO = 0.8;

    /** Whether all but the throughput, which is the machine's affair too, is what the design asks for. */
    boolean held() {
        return honestComplete
                && accounted == attackers
                && peakPending <= pendingLimit
                && peakBufferedBytes <= bufferedBytesLimit;
    }

    boolean passed() {
        return held() && ratio >= LEAST_RATIO;
    }
}

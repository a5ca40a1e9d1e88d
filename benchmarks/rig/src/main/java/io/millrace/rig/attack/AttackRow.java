package io.millrace.rig.attack;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.rig.flood.HtxFlood;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One attack from one source, in pairs of slices with and without it.
 *
 * @param attack silent, random-noise, rapid-reset, ping, window-update, slow-reader, replay, probe or clock; on the links of
 *     a relay, link-probe or link-replay.
 * @param source address, network-24 or network-48.
 * @param connections that the attackers made; datagrams that they sent, on links.
 * @param failed attempts of the attackers that came to no connection; datagrams that the system refused.
 * @param attackerProcessors processor seconds a second of their process, from the same cores; it uses as many for nothing
 *     in slices without the attack.
 * @param processorsWithout processor seconds a second of the process of server and honest clients without the attack.
 * @param processorsWith the same with the attack.
 * @param honestBytesPerSecond that reached the server's application without the attack, mean of all slices.
 * @param honestBytesPerSecondWith the same with the attack.
 * @param ratio median over the pairs: honest bytes per second with the attack over those without.
 * @param ratioLow lower end of the 95 % interval of that median.
 * @param ratioHigh upper end.
 * @param pairs of slices.
 * @param honestComplete whether every byte of the honest sessions arrived; of links, whether all stayed up.
 * @param newcomers honest clients that came during the attack.
 * @param inTime those of them that had a session within 2 seconds.
 * @param never newcomers that had none within 30 seconds.
 * @param retries refusals after which a newcomer came again.
 * @param p99Us 99th percentile of their time to a session in microseconds.
 * @param p99UsWithout the same without the attack.
 * @param peakBytes most native bytes of all sessions of the process at once, both ends of the honest ones included; of the
 *     whole relay and its peers, on links.
 * @param boundBytes most that the bounds allow so many sessions; on links, 1 MiB more than before the first attack.
 * @param peakSessions most sessions of the server at once.
 * @param peakConnections most connections of the server at once, those in a handshake included.
 * @param connectionsBound most that the server's bounds allow.
 * @param drops connections refused and sessions ended by the server during the attack, by reason.
 */
public record AttackRow(
        String attack,
        String source,
        long connections,
        long failed,
        double attackerProcessors,
        double processorsWithout,
        double processorsWith,
        double honestBytesPerSecond,
        double honestBytesPerSecondWith,
        double ratio,
        double ratioLow,
        double ratioHigh,
        int pairs,
        boolean honestComplete,
        int newcomers,
        int inTime,
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

    /** Fewer newcomers show no share of 99 in 100. */
    static final int LEAST_NEWCOMERS = 100;

    /** Most attempts that may come to no connection, as a share of all. */
    private static final double MOST_FAILED = 0.1;

    /** Whether the attack took place, and all that does not depend on the speed of the machine is as it must be. */
    boolean held() {
        return broken().isEmpty();
    }

    /** Whether every line holds. */
    @JsonProperty
    public boolean passed() {
        return failures().isEmpty();
    }

    /** Why the row does not pass; empty if it does. */
    @JsonProperty
    public List<String> failures() {
        final List<String> failures = broken();
        if (!(ratio >= LEAST_RATIO)) {
            failures.add(String.format(Locale.ROOT, "throughput ratio %.3f", ratio));
        }
        if (newcomers < LEAST_NEWCOMERS) {
            failures.add("too few newcomers: " + newcomers + ", at least " + LEAST_NEWCOMERS + " are wanted");
        }
        if (inTime < LEAST_IN_TIME * newcomers) {
            failures.add(inTime + " of " + newcomers + " newcomers in time");
        }
        return failures;
    }

    private List<String> broken() {
        final List<String> broken = new ArrayList<>();
        if (!attacked()) {
            broken.add("no attack: " + connections + " connections, " + failed + " attempts failed");
        }
        if (!honestComplete) {
            broken.add("bytes of honest sessions are missing");
        }
        if (never > 0) {
            broken.add(never + " newcomers without a session");
        }
        if (peakBytes > boundBytes) {
            broken.add("memory above its bound");
        }
        if (peakConnections > connectionsBound) {
            broken.add("connections above their bound");
        }
        return broken;
    }

    /** The clock's attack has no attackers; those of all others must have connected, nearly as often as they tried. */
    private boolean attacked() {
        return attack.equals(HtxFlood.name(Attack.CLOCK))
                || (connections > 0 && failed <= MOST_FAILED * (connections + failed));
    }
}

package io.millrace.rig.knee;

import java.util.Map;

/**
 * One interval of load and what became of it.
 *
 * @param subject {@code relay} or {@code forwarder}.
 * @param scout whether it was a short one, that only sought the neighbourhood.
 * @param rate packets a second.
 * @param sent packets.
 * @param lost packets that were sent and never came back.
 * @param dropped by the subject, by reason.
 * @param socketDrops by the kernel, because a socket's buffer was full: {@code subject} before it reached the subject,
 *     {@code generator} on its way back. One drop may be of several packets that travelled together, 64 at most.
 * @param unaccounted lost, and found neither among the subject's drops nor among the kernel's.
 * @param generatorLagP99Ns how late packets were handed to the socket.
 * @param generatorBehind whether the generator could not keep the schedule: then the rate was not offered.
 * @param refused packets that were due and that the generator's socket did not take at once, counted each time: over TCP,
 *     the subject held them back.
 * @param latencyNs median latency, without the intended delay.
 * @param growthNs by how much the latency grew in the interval, see {@link Trend}.
 * @param grows whether that is too much: the rate is more than the subject carries.
 * @param keyRolls key epochs that ended in the interval.
 * @param disclosures of epochs that ended in the interval, all of them verified.
 * @param cpuNs processor time of all threads of the subject's engine, with that of starting it.
 * @param hiccupMaxNs longest stall of the machine meanwhile.
 * @param stolenNs processor time that the machine's host gave to others meanwhile, of all cores together; 0 where the
 *     system does not tell.
 * @param conserved whether the subject's counters added up.
 */
public record Step(
        String subject,
        boolean scout,
        double rate,
        int sent,
        int lost,
        Map<String, Long> dropped,
        Map<String, Long> socketDrops,
        long unaccounted,
        long generatorLagP99Ns,
        boolean generatorBehind,
        int refused,
        long latencyNs,
        long growthNs,
        boolean grows,
        int keyRolls,
        int disclosures,
        long cpuNs,
        long hiccupMaxNs,
        long stolenNs,
        boolean conserved) {
    /** Whether the rate was offered, everything came back, and the queue did not grow. */
    boolean passed() {
        return lost == 0 && !generatorBehind && !grows;
    }
}

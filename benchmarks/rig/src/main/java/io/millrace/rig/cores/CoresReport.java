package io.millrace.rig.cores;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.millrace.crypto.Sodium;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.measure.Quartiles;
import java.util.List;

/**
 * How relays scale over processors; also its form in JSON.
 *
 * @param provider name of the crypto provider.
 * @param kernels that it ran: libsodium, or the level of lanes.
 * @param profile wire profile of the packets, {@code mr1} or {@code mr2}.
 * @param threading of the engines that share nothing, each on one processor.
 * @param bound whether threads were bound to processors; where the system cannot do so, they ran where it let them.
 * @param sweeps samples of each row.
 * @param roundSeconds length of each.
 * @param engines engines that share nothing, one on each processor.
 * @param oneEngine one engine with as many peeling threads as processors.
 * @param threads processor time per packet of the threads of the one engine, on most processors.
 * @param projection what machines with more processors would give, by a model.
 * @param outcome whether all packets got through.
 * @param jdk version of the JDK.
 * @param cpu processor and number of cores of the machine.
 * @param libsodium version of libsodium, and where it comes from.
 */
public record CoresReport(
        String provider,
        String kernels,
        String profile,
        String threading,
        boolean bound,
        int sweeps,
        double roundSeconds,
        List<Row> engines,
        List<Row> oneEngine,
        ThreadCosts threads,
        List<Projection> projection,
        @JsonUnwrapped Outcome outcome,
        String jdk,
        String cpu,
        String libsodium) {
    /**
     * One count of processors.
     *
     * @param processors that the engines had together.
     * @param packetsPerSecond forwarded and delivered, by the clock on the wall; median of the sweeps.
     * @param times that of one processor in the same sweep; median of the sweeps.
     * @param spread of {@code times}: half the distance between its quartiles.
     * @param nsPerPacket processor time per packet of all threads of the engines, without those that make the load. Where
     *     other programs use the machine too, its growth tells more than {@code times}.
     */
    public record Row(int processors, double packetsPerSecond, double times, double spread, double nsPerPacket) {
        static Row of(int processors, Quartiles rate, Quartiles times, Quartiles cost) {
            return new Row(
                    processors,
                    Math.round(rate.median() * 10) / 10.0,
                    thousandths(times.median()),
                    thousandths(times.spread()),
                    Math.round(cost.median() * 10) / 10.0);
        }
    }

    /**
     * Whether all packets got through.
     *
     * @param packets that passed in all rounds together.
     * @param verified outgoing frames that were opened and peeled by the next hop.
     * @param wrong how many of these it could not open or peel.
     * @param conserved whether no packet was lost in any round, with or without a reason.
     */
    public record Outcome(long packets, long verified, long wrong, boolean conserved) {}

    /** What was measured. */
    record Circumstances(MeasuredPath path, BatchCrypto crypto, boolean bound, int sweeps, double roundSeconds) {}

    static CoresReport of(
            Circumstances circumstances, List<Row> engines, List<Row> oneEngine, ThreadCosts threads, Outcome outcome) {
        return new CoresReport(
                circumstances.crypto().name(),
                circumstances.crypto().kernels(),
                circumstances.path().engine().profile().label(),
                circumstances.path().threading(),
                circumstances.bound(),
                circumstances.sweeps(),
                circumstances.roundSeconds(),
                List.copyOf(engines),
                List.copyOf(oneEngine),
                threads,
                Projection.of(engines.getLast().processors(), engines.getLast().times(), threads),
                outcome,
                System.getProperty("java.runtime.version"),
                Machine.cpu(),
                Sodium.version() + ", " + Sodium.origin());
    }

    /** Whether every packet got through in every round, and was right. */
    public boolean passed() {
        return outcome.conserved() && outcome.wrong() == 0 && outcome.verified() > 0;
    }

    private static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}

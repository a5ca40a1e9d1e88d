package io.millrace.rig.matrix;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.millrace.crypto.Sodium;
import io.millrace.node.config.EngineKeys;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.measure.Machine;
import io.millrace.rig.measure.Quartiles;
import java.util.List;

/**
 * The cost ledger of the path; also its form in JSON. Times are processor time of all threads of the relay, in
 * nanoseconds; spreads are half the distance between the quartiles of the samples.
 *
 * @param base what all is measured against.
 * @param rows the other settings, in the order of {@link MatrixCells#FEATURES}.
 * @param ladderNs median time of one libsodium scalar multiplication between the sweeps.
 * @param extent how much was measured.
 * @param jdk version of the JDK.
 * @param cpu processor and number of cores of the machine.
 * @param libsodium version of libsodium, and where it comes from.
 */
public record MatrixReport(
        Base base,
        List<Row> rows,
        long ladderNs,
        @JsonUnwrapped Extent extent,
        String jdk,
        String cpu,
        String libsodium) {
    private static final double THOUSAND = 1_000;

    /**
     * The stated configuration, and the cost of a packet under it.
     *
     * @param provider name of the crypto provider.
     * @param profile wire profile of the packets, {@code mr1} or {@code mr2}.
     * @param threading threading mode of the relay, as it was asked for.
     * @param idleMode behaviour of a thread without work.
     * @param batch most packets in a batch.
     * @param policy who draws the delays.
     * @param delay distribution of the delays.
     * @param replay memory of packets that were seen.
     * @param receipts how receipts are signed; {@code none} if none are made.
     * @param nsPerPacket median of its rounds.
     * @param laddersPerPacket {@code nsPerPacket} in libsodium scalar multiplications.
     * @param spread of them.
     * @param packetsPerSecond median of its rounds, by the clock on the wall.
     */
    public record Base(
            String provider,
            String profile,
            String threading,
            @JsonProperty("waitMode") String idleMode,
            int batch,
            String policy,
            String delay,
            String replay,
            String receipts,
            double nsPerPacket,
            double laddersPerPacket,
            double spread,
            double packetsPerSecond) {}

    /**
     * One switch.
     *
     * @param feature of {@link MatrixCells#FEATURES}.
     * @param setting the feature is switched to.
     * @param against the same without the switch: the base, or the row of that name.
     * @param nsPerPacket its addition to a packet's cost; negative if it saves something. Median of the sweeps.
     * @param laddersPerPacket {@code nsPerPacket} in libsodium scalar multiplications.
     * @param spread of it.
     * @param totalNsPerPacket cost of a packet with it.
     * @param packetsPerSecondRatio packets per second by the clock on the wall, as a part of those
     *     without the switch; median of the sweeps. The generator needs a core too: on two cores it is another figure than
     *     the cost.
     * @param ratioSpread of it.
     */
    public record Row(
            String feature,
            String setting,
            String against,
            double nsPerPacket,
            double laddersPerPacket,
            double spread,
            double totalNsPerPacket,
            double packetsPerSecondRatio,
            double ratioSpread) {
        static Row of(MatrixCell cell, Quartiles difference, Quartiles ratio, double total, long ladderNs) {
            return new Row(
                    cell.feature(),
                    cell.setting(),
                    cell.against().name().strip(),
                    round(difference.median()),
                    ladders(difference.median(), ladderNs),
                    round(difference.spread()),
                    round(total),
                    thousandths(ratio.median()),
                    thousandths(ratio.spread()));
        }
    }

    /**
     * How much was measured.
     *
     * @param sweeps samples of each row.
     * @param roundSeconds length of each.
     * @param packets that passed in all rounds together.
     * @param verified outgoing frames that were opened and peeled by the next hop.
     * @param wrong how many of these it could not open or peel.
     * @param conserved whether no packet was lost in any round, with or without a reason.
     */
    public record Extent(int sweeps, double roundSeconds, long packets, long verified, long wrong, boolean conserved) {}

    static MatrixReport of(
            MatrixCell base, Quartiles cost, Quartiles rate, List<Row> rows, long ladderNs, Extent extent) {
        final MeasuredPath path = base.path();
        return new MatrixReport(
                new Base(
                        base.crypto().name(),
                        path.engine().profile().label(),
                        path.threading(),
                        path.engine().texts().get(EngineKeys.IDLE.name()),
                        path.config().batchLimit(),
                        path.policy().label(),
                        path.delay().toString(),
                        path.replay().label(),
                        MatrixCell.label(path.receipts()),
                        round(cost.median()),
                        ladders(cost.median(), ladderNs),
                        round(cost.spread()),
                        round(rate.median())),
                List.copyOf(rows),
                ladderNs,
                extent,
                System.getProperty("java.runtime.version"),
                Machine.cpu(),
                Sodium.version() + ", " + Sodium.origin());
    }

    /** Whether every packet got through in every round, and was right. */
    public boolean passed() {
        return extent.conserved() && extent.wrong() == 0 && extent.verified() > 0;
    }

    private static double round(double ns) {
        return Math.round(ns * 10) / 10.0;
    }

    private static double ladders(double ns, long ladderNs) {
        return thousandths(ns / ladderNs);
    }

    private static double thousandths(double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }
}

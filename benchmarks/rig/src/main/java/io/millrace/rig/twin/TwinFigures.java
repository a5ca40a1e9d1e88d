package io.millrace.rig.twin;

import java.util.List;

/**
 * What {@code bench twin} measured; also its form in JSON. Costs are processor time of the measuring thread, so that a
 * busy machine does not add to them; what several threads do together is by the wall clock.
 *
 * @param cpu processor and number of cores of the machine.
 * @param jdk version of the JDK.
 * @param libsodium version of libsodium, and where it comes from.
 * @param ladderNs one libsodium X25519 in the same run.
 * @param verifyNs one signature verified on one thread.
 * @param signNs one operation signed and applied by its author.
 * @param curve cost of one signed operation at growing sizes of the map.
 * @param flatness dearest over cheapest point of the curve, signatures left out.
 * @param flatnessWithSignatures the same with one verification in each.
 * @param operationsPerSecondPerCore of one signed operation each, applied and verified, at the largest size.
 * @param batchSize twin operations under one signature, for the next figure.
 * @param batchedOperationsPerSecondPerCore of twin operations, applied and verified.
 * @param threads that verify in parallel.
 * @param parallelVerificationsPerSecond on all of them together.
 * @param parallelSpeedup against one thread, by the wall clock: the median of turns. Says how many cores were free.
 * @param parallelEfficiency processor time of a signature on one thread over that on all threads, handing over included: the
 *     speed-up is this times the cores that are free.
 * @param subgroupCheckNs a check that a point has no part of small order: needed by a batch equation for each R.
 * @param heapBytesPerEntry of a map of the largest size, with keys, values and stamps, without the log.
 * @param stored documents on the disk, the smallest first.
 */
public record TwinFigures(
        String cpu,
        String jdk,
        String libsodium,
        long ladderNs,
        double verifyNs,
        double signNs,
        List<Point> curve,
        double flatness,
        double flatnessWithSignatures,
        double operationsPerSecondPerCore,
        int batchSize,
        double batchedOperationsPerSecondPerCore,
        int threads,
        double parallelVerificationsPerSecond,
        double parallelSpeedup,
        double parallelEfficiency,
        double subgroupCheckNs,
        double heapBytesPerEntry,
        List<StoredTwinFigures> stored) {
    /** Largest {@link #flatness} that counts as flat. */
    public static final double FLAT = 2.0;

    /** Whether the curve is flat. */
    public boolean passed() {
        return flatness <= FLAT;
    }

    /**
     * Cost at one size: half of the operations write new entries, half overwrite some of those that are there.
     *
     * @param entries in the map.
     * @param applyNs decode, hash, check links, append to a log in memory, join: all but the signature. Median
     *     of rounds through all sizes, of medians of windows.
     * @param verifiedNs with the signature.
     */
    public record Point(int entries, double applyNs, double verifiedNs) {}
}

package io.millrace.rig.cores;

import java.util.List;

/**
 * What a machine with more processors of this kind would give, by a model; not a measurement.
 *
 * <p>Engines that share nothing: between two lines. The upper one takes each further processor for a whole one. The lower one is
 * Amdahl's law: all that the measured engines lost to each other is taken for work that can only be done one after the other.
 * Source of the law: G. Amdahl, Validity of the single processor approach, AFIPS 1967.
 *
 * <p>One engine: packets per second are limited by all its threads on all processors together, and by the busier one of its two
 * single threads, {@link ThreadCosts#singleNs()}.
 *
 * @param processors of that machine.
 * @param enginesAtLeast times the packets per second of one processor, by engines that share nothing: the lower line.
 * @param enginesAtMost the same, the upper line.
 * @param oneEngine times the packets per second of one processor, by one engine with as many peeling threads: an upper bound.
 * @param limitedBy what limits the one engine: {@code processors}, or the single thread {@code io} or {@code gate}.
 */
public record Projection(
        int processors, double enginesAtLeast, double enginesAtMost, double oneEngine, String limitedBy) {
    private static final List<Integer> SIZES = List.of(8, 16, 64);

    /**
     * For machines of 8, 16 and 64 processors, without those that were measured.
     *
     * @param measured most processors that were.
     * @param times the packets per second of one of them, by engines that share nothing.
     * @param costs of the threads of one engine.
     */
    static List<Projection> of(int measured, double times, ThreadCosts costs) {
        return SIZES.stream()
                .filter(size -> size > measured)
                .map(size -> {
                    final double single = costs.totalNs() / costs.singleNs();
                    final boolean free = size <= single;
                    return new Projection(
                            size,
                            size / (1 + serialShare(measured, times) * (size - 1)),
                            size,
                            Math.min(size, single),
                            free ? "processors" : costs.ioNs() > costs.gateNs() ? "io" : "gate");
                })
                .toList();
    }

    /** By Amdahl's law, the share of the work that is done one after the other; 0 if nothing was lost or one was measured. */
    static double serialShare(int measured, double times) {
        return measured == 1 ? 0 : Math.clamp((measured / times - 1) / (measured - 1), 0, 1);
    }
}

package io.millrace.rig.cores;

import io.millrace.rig.measure.Quartiles;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Processor time per packet of the threads of one engine with peeling threads.
 *
 * @param ioNs of the one thread that receives and sends frames.
 * @param gateNs of the one thread that checks for replays, waits and seals.
 * @param peelNs of all peeling threads together: opening link frames and peeling.
 */
public record ThreadCosts(double ioNs, double gateNs, double peelNs) {
    /** Processor times so far, in nanoseconds. */
    record Reading(long ioNs, long gateNs, long peelNs) {
        static Reading of(BoundEngines engines) {
            return new Reading(
                    engines.cpuNs("millrace-io"), engines.cpuNs("millrace-gate"), engines.cpuNs("millrace-peel-"));
        }

        /** The costs of {@code packets} between {@code before} and this. */
        ThreadCosts since(Reading before, long packets) {
            return new ThreadCosts(
                    (double) (ioNs - before.ioNs) / packets,
                    (double) (gateNs - before.gateNs) / packets,
                    (double) (peelNs - before.peelNs) / packets);
        }
    }

    static ThreadCosts median(List<ThreadCosts> samples) {
        return new ThreadCosts(
                median(samples, ThreadCosts::ioNs),
                median(samples, ThreadCosts::gateNs),
                median(samples, ThreadCosts::peelNs));
    }

    /** Processor time per packet of all threads. */
    double totalNs() {
        return ioNs + gateNs + peelNs;
    }

    /** Of the busier one of the threads that are one each, however many peel. */
    double singleNs() {
        return Math.max(ioNs, gateNs);
    }

    private static double median(List<ThreadCosts> samples, ToDoubleFunction<ThreadCosts> figure) {
        return Quartiles.of(samples.stream().map(figure::applyAsDouble).toList())
                .median();
    }
}

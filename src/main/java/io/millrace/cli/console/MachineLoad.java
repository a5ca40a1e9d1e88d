package io.millrace.cli.console;

import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Says at the end of a measurement that other programs used the machine meanwhile. */
public final class MachineLoad {
    /** A measurement alone keeps so many threads busy for each processor, at most. */
    private static final int OWN = 2;

    private MachineLoad() {}

    /**
     * Prints a line if the machine is busy.
     *
     * @param output of the measurement.
     */
    public static void note(Output output) {
        note(
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        Runtime.getRuntime().availableProcessors())
                .ifPresent(output::line);
    }

    /**
     * The line.
     *
     * @param load runnable threads of the machine in the last minute; negative if not known.
     * @param processors of this process, 1 or more.
     */
    static Optional<String> note(double load, int processors) {
        return load > OWN * processors + 1
                ? Optional.of("Other programs use this machine: load " + Figures.text("%.1f", load) + " on "
                        + Figures.counted(processors, "processor")
                        + ". Compare figures of this run with one another only.")
                : Optional.empty();
    }
}

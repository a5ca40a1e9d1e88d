package io.millrace.rig.knee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Processor time that the host of a virtual machine gave to others, of all cores together: Linux counts it, in hundredths of
 * a second. Where the system does not tell it is 0.
 *
 * @param startNs when counting began, by {@link System#nanoTime()}.
 * @param stolenNs count of the system at that time.
 */
record StolenTime(long startNs, long stolenNs) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final int STEAL = 8; // after the name: user nice system idle iowait irq softirq steal
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Begins to count. */
    static StolenTime start() {
        return new StolenTime(System.nanoTime(), now());
    }

    /** Since the start, in nanoseconds. */
    long ns() {
        return now() - stolenNs;
    }

    /** Since the start, as a part of the time of all cores. */
    double share() {
        final double cores = Runtime.getRuntime().availableProcessors();
        return ns() / cores / Math.max(1, System.nanoTime() - startNs);
    }

    private static long now() {
        try {
            return Files.isReadable(STAT) ? find(Files.readAllLines(STAT)).orElse(0) : 0;
        } catch (IOException e) {
            return 0; // it explains other figures, which are valid without it
        }
    }

    /** Looks it up in the lines of the kernel's statistics. */
    static OptionalLong find(List<String> lines) {
        return lines.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[0].equals("cpu") && fields.length > STEAL)
                .mapToLong(fields -> TICK_NS * Long.parseLong(fields[STEAL]))
                .findFirst();
    }
}

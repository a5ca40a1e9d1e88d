package io.millrace.rig.judge;

import java.util.Arrays;

/**
 * Distribution of the time that packets spend in a relay, learned from packets, as by a patient observer of the wires.
 * A histogram whose classes hold the same number of packets each.
 *
 * <p>Immutable and thread safe.
 */
final class ObservedLaw {
    private static final int CLASSES = 256;
    private static final int PACKETS_EACH = 8;

    private final long[] edges; // ascending; a class lies between two

    private ObservedLaw(long[] edges) {
        this.edges = edges;
    }

    /** Learns from times in nanoseconds, in any order, 1 or more. */
    static ObservedLaw of(long[] spentNs) {
        final long[] sorted = spentNs.clone();
        Arrays.sort(sorted);
        final int classes = Math.clamp(sorted.length / PACKETS_EACH, 1, CLASSES);
        final long[] edges = new long[classes + 1];
        for (int i = 0; i <= classes; i++) {
            edges[i] = sorted[(int) ((long) i * (sorted.length - 1) / classes)];
        }
        return new ObservedLaw(edges);
    }

    /** Shortest time that was seen. */
    long minNs() {
        return edges[0];
    }

    /** Longest time that was seen. */
    long maxNs() {
        return edges[edges.length - 1];
    }

    /** Density per nanosecond; 0 outside of {@link #minNs()} to {@link #maxNs()}. */
    double density(long ns) {
        if (ns < minNs() || ns > maxNs()) {
            return 0;
        }
        final int found = Arrays.binarySearch(edges, ns);
        final int above = found >= 0 ? found : -found - 1; // the first edge at or above
        final int index = Math.clamp(above - 1L, 0, edges.length - 2);
        return 1.0 / (edges.length - 1) / Math.max(1, edges[index + 1] - edges[index]);
    }
}

package io.millrace.carrier;

/** Lengths of waits of {@link Carrier#await}. */
final class Waits {
    private static final long NS_PER_MS = 1_000_000;

    private Waits() {}

    /**
     * Whole milliseconds of a wait.
     *
     * @param ns its length in nanoseconds.
     * @return 1 to 1,000.
     * @throws IllegalArgumentException if it is shorter than a millisecond: to a selector that would mean for ever.
     */
    static int milliseconds(long ns) {
        if (ns < NS_PER_MS) {
            throw new IllegalArgumentException("a wait takes a millisecond or more: ns=" + ns);
        }
        return (int) (Math.min(ns, Carrier.LONGEST_WAIT_NS) / NS_PER_MS);
    }
}

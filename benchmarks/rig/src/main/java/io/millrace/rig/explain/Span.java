package io.millrace.rig.explain;

/**
 * A stretch of time, in nanoseconds since 1970.
 *
 * @param to not before {@code from}.
 */
record Span(long from, long to) {
    long lengthNs() {
        return to - from;
    }

    /** How much of this lies in {@code other}. */
    long overlapNs(Span other) {
        return Math.max(0, Math.min(to, other.to) - Math.max(from, other.from));
    }
}

package io.millrace.rig.explain;

import java.util.ArrayList;
import java.util.List;

/** Time that nothing accounts for yet. Not thread safe. */
final class UnexplainedTime {
    private List<Span> free = new ArrayList<>();

    /** Adds a stretch that does not overlap those before. */
    void add(Span stretch) {
        if (stretch.lengthNs() > 0) {
            free.add(stretch);
        }
    }

    /** Takes away what lies in {@code taken}; returns how much that was, in nanoseconds. */
    long take(Span taken) {
        long sum = 0;
        final List<Span> left = new ArrayList<>();
        for (Span each : free) {
            final long overlap = each.overlapNs(taken);
            if (overlap == 0) {
                left.add(each);
                continue;
            }
            sum += overlap;
            if (each.from() < taken.from()) {
                left.add(new Span(each.from(), taken.from()));
            }
            if (each.to() > taken.to()) {
                left.add(new Span(taken.to(), each.to()));
            }
        }
        free = left;
        return sum;
    }
}

package io.millrace.rig.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Things that took time, ordered so that those in a given stretch are found at once. Immutable. */
final class Spans<T> {
    private final List<T> ordered;
    private final Function<T, Span> span;
    private final long longestNs;

    /** Orders {@code things} by {@code span}. */
    Spans(List<T> things, Function<T, Span> span) {
        this.span = span;
        this.ordered = new ArrayList<>(things);
        this.ordered.sort(Comparator.comparingLong(thing -> span.apply(thing).from()));
        this.longestNs = things.stream()
                .mapToLong(thing -> span.apply(thing).lengthNs())
                .max()
                .orElse(0);
    }

    /** Spans that are nothing else. */
    static Spans<Span> of(List<Span> spans) {
        return new Spans<>(spans, Function.identity());
    }

    /** Those that overlap {@code stretch}, by their start. */
    List<T> in(Span stretch) {
        final List<T> found = new ArrayList<>();
        for (int i = firstFrom(stretch.from() - longestNs); i < ordered.size(); i++) {
            final Span each = span.apply(ordered.get(i));
            if (each.from() >= stretch.to()) {
                break;
            }
            if (each.to() > stretch.from()) {
                found.add(ordered.get(i));
            }
        }
        return found;
    }

    /** How much of {@code stretch} they cover; where two overlap, it counts once. */
    long coverNs(Span stretch) {
        final UnexplainedTime free = new UnexplainedTime();
        free.add(stretch);
        return in(stretch).stream()
                .mapToLong(thing -> free.take(span.apply(thing)))
                .sum();
    }

    int count() {
        return ordered.size();
    }

    private int firstFrom(long from) {
        int low = 0;
        int high = ordered.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (span.apply(ordered.get(middle)).from() < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

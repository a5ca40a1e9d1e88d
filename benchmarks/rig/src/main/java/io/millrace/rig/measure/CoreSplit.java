package io.millrace.rig.measure;

import io.millrace.natives.ProcessorAffinity;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How relay and generator share the processors: all for both, or some for each.
 *
 * @param relay numbers of the relay's processors, in ascending order; empty for all.
 * @param generator the same of the generator's thread.
 */
public record CoreSplit(List<Integer> relay, List<Integer> generator) {
    /** Each runs where the system lets it. */
    public static final CoreSplit NONE = new CoreSplit(List.of(), List.of());

    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    /** Copies both. */
    public CoreSplit {
        relay = List.copyOf(relay);
        generator = List.copyOf(generator);
    }

    /**
     * Reads one, for example {@code 0/1} or {@code 0-2,4/3}: the relay's processors, then the generator's.
     *
     * @param text as on the command line; empty for {@link #NONE}.
     * @throws IllegalArgumentException if it is none, says what is wrong.
     */
    public static CoreSplit parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        final String[] halves = text.split("/", -1);
        if (halves.length != 2) {
            throw new IllegalArgumentException("must be RELAY/GENERATOR, for example 0/1 or 0-2/3");
        }
        return new CoreSplit(numbers(halves[0]), numbers(halves[1]));
    }

    /**
     * Lets the calling thread, and those that it starts, run on these processors only.
     *
     * @param processors of {@link #relay} or {@link #generator}; does nothing if there are none.
     * @return those on which it ran before; empty if {@code processors} are or the system does not tell.
     * @throws IllegalStateException if the system does not do so.
     */
    public static BitSet bind(List<Integer> processors) {
        if (processors.isEmpty()) {
            return new BitSet();
        }
        final BitSet wanted = new BitSet();
        processors.forEach(wanted::set);
        final BitSet allowed = ProcessorAffinity.ofCurrentThread();
        if (!ProcessorAffinity.bindCurrentThread(wanted)
                || !ProcessorAffinity.ofCurrentThread().equals(wanted)) {
            throw new IllegalStateException("cannot run on processors " + wanted + ": the system allows " + allowed);
        }
        return allowed;
    }

    @Override
    public String toString() {
        return equals(NONE) ? "" : text(relay) + "/" + text(generator);
    }

    private static List<Integer> numbers(String text) {
        final BitSet found = new BitSet();
        for (String part : text.split(",", -1)) {
            final Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException(
                        "processors must be numbers and ranges, as in 0-2,4: \"" + part + "\"");
            }
            final int first = Integer.parseInt(range.group(1));
            final int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first || last >= ProcessorAffinity.LIMIT) {
                throw new IllegalArgumentException(
                        "processors must rise, below " + ProcessorAffinity.LIMIT + ": " + part);
            }
            found.set(first, last + 1);
        }
        return found.stream().boxed().toList();
    }

    private static String text(List<Integer> processors) {
        final List<String> parts = new ArrayList<>();
        for (int i = 0; i < processors.size(); ) {
            int end = i;
            while (end + 1 < processors.size() && processors.get(end + 1) == processors.get(end) + 1) {
                end++;
            }
            parts.add(processors.get(i) + (end == i ? "" : "-" + processors.get(end)));
            i = end + 1;
        }
        return String.join(",", parts);
    }
}

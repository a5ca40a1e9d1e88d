package io.millrace.node;

import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochState;
import io.millrace.relay.epoch.EpochStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Says once for each key epoch that its replay set is nearly full, once that it is full and packets are dropped, and once
 * that this is over.
 *
 * <p>Not thread safe.
 */
public final class EpochComplaints {
    /** Share from which a replay set is nearly full, in percent. */
    private static final int NEARLY_PERCENT = EpochStatus.FULL_PERCENT;

    private final LongFunction<String> remedy;
    private final Set<Long> nearlyFull = new HashSet<>();
    private final Set<Long> full = new HashSet<>();

    /**
     * Complains of nothing yet.
     *
     * @param remedy for an epoch number: how the relay or its operator helps, as the end of a sentence.
     */
    public EpochComplaints(LongFunction<String> remedy) {
        this.remedy = remedy;
    }

    /**
     * Compares with the lines so far.
     *
     * @param epochs all that are live.
     * @return new lines for people; usually none.
     */
    public List<String> look(List<EpochReport> epochs) {
        final List<String> lines = new ArrayList<>();
        final Set<Long> accepting = new HashSet<>();
        for (EpochReport epoch : epochs) {
            if (epoch.state() == EpochState.RETIRING || epoch.capacity() == 0) {
                continue;
            }
            accepting.add(epoch.number());
            final String what = "the replay set of key epoch " + epoch.number();
            if (epoch.tags() >= epoch.capacity()) {
                nearlyFull.add(epoch.number());
                if (full.add(epoch.number())) {
                    lines.add(what + " is full (" + epoch.tags()
                            + " tags): its packets are dropped as replay-set-full; " + remedy.apply(epoch.number()));
                }
            } else if (epoch.tags() * 100 >= epoch.capacity() * NEARLY_PERCENT && nearlyFull.add(epoch.number())) {
                lines.add(what + " is " + NEARLY_PERCENT + " % full (" + epoch.tags() + " of " + epoch.capacity()
                        + " tags); " + remedy.apply(epoch.number()));
            }
        }
        for (long number : List.copyOf(full)) {
            if (!accepting.contains(number)) {
                full.remove(number);
                lines.add("key epoch " + number + " is over: no packet is dropped for its replay set any more");
            }
        }
        nearlyFull.retainAll(accepting);
        return lines;
    }
}

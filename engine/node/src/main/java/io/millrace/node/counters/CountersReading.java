package io.millrace.node.counters;

import io.millrace.node.counters.CountersSnapshot.Flow;
import io.millrace.node.counters.CountersSnapshot.LastSecond;
import io.millrace.node.counters.CountersSnapshot.Level;
import io.millrace.node.counters.CountersSnapshot.Link;
import io.millrace.node.counters.CountersSnapshot.StageTimes;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The counters of one file by family and member; an item that the file lacks is 0. */
final class CountersReading {
    private static final class Member {
        private final String name;
        private final long[] items;

        private Member(String name, int itemCount) {
            this.name = name;
            this.items = new long[itemCount];
        }
    }

    private final Map<CounterFamily, Map<Integer, Member>> families = new LinkedHashMap<>();

    /**
     * Sorts counters.
     *
     * @param counters in any order; of two with the same key the last counts.
     */
    CountersReading(List<Counter> counters) {
        for (CounterFamily family : CounterFamily.values()) {
            families.put(family, new LinkedHashMap<>());
        }
        counters.stream()
                .sorted(Comparator.comparingInt(each -> each.key().index()))
                .forEach(this::add);
    }

    private void add(Counter counter) {
        final CounterKey key = counter.key();
        families.get(key.family())
                        .computeIfAbsent(
                                key.index(),
                                index -> new Member(key.name(), key.family().itemCount()))
                        .items[key.item()] =
                counter.value();
    }

    Map<String, Flow> packets() {
        return members(
                CounterFamily.PACKETS, items -> new Flow(items[CounterFamily.TOTAL], items[CounterFamily.PER_SECOND]));
    }

    Map<String, Level> occupancy() {
        return members(CounterFamily.OCCUPANCY, CountersReading::level);
    }

    Map<String, Level> queues() {
        return members(CounterFamily.QUEUE, CountersReading::level);
    }

    Map<String, Link> links() {
        return members(
                CounterFamily.LINK,
                items -> new Link(
                        items[CounterFamily.UP] == 1,
                        items[CounterFamily.HYBRID] >= 0,
                        items[CounterFamily.HYBRID] == 1,
                        items[CounterFamily.STARTED],
                        items[CounterFamily.FINISHED],
                        items[CounterFamily.REKEYS],
                        items[CounterFamily.FAILURES]));
    }

    Map<String, StageTimes> stages() {
        return members(
                CounterFamily.STAGE,
                items -> new StageTimes(
                        items[CounterFamily.COUNT],
                        items[CounterFamily.P50],
                        items[CounterFamily.P99],
                        items[CounterFamily.P999],
                        items[CounterFamily.MAX],
                        new LastSecond(
                                items[CounterFamily.LAST_COUNT],
                                items[CounterFamily.LAST_P50],
                                items[CounterFamily.LAST_P99],
                                items[CounterFamily.LAST_MAX])));
    }

    Map<String, Long> figures() {
        return members(CounterFamily.RELAY, items -> items[CounterFamily.TOTAL]);
    }

    private static Level level(long[] items) {
        return new Level(items[CounterFamily.USED], items[CounterFamily.CAPACITY]);
    }

    private <T> Map<String, T> members(CounterFamily family, Function<long[], T> form) {
        final Map<String, T> members = new LinkedHashMap<>();
        families.get(family).values().forEach(member -> members.put(member.name, form.apply(member.items)));
        return members;
    }
}

package io.millrace.relay;

import io.millrace.relay.packet.Verdict;
import io.millrace.relay.stage.CounterIndex;
import java.util.Map;
import java.util.TreeMap;

/**
 * The engine's counters at one instant.
 *
 * @param received frames and packets that came in, whatever became of them.
 * @param originated packets that the application wrapped here.
 * @param forwarded packets handed on to the next hop.
 * @param delivered packets handed to this relay's application.
 * @param dropped packets dropped, by reason; reasons that did not occur are absent.
 * @param inFlight packets in the engine, counted by the slots they hold and not from the other figures.
 */
public record EngineCounters(
        long received, long originated, long forwarded, long delivered, Map<Verdict, Long> dropped, long inFlight) {
    static EngineCounters of(long[] tally) {
        final Map<Verdict, Long> dropped = new TreeMap<>();
        for (Verdict verdict : Verdict.values()) {
            if (verdict.isDrop() && tally[verdict.code()] != 0) {
                dropped.put(verdict, tally[verdict.code()]);
            }
        }
        return new EngineCounters(
                tally[CounterIndex.RECEIVED],
                tally[CounterIndex.ORIGINATED],
                tally[Verdict.FORWARDED.code()],
                tally[Verdict.DELIVERED.code()],
                dropped,
                tally[CounterIndex.SLOTS_TAKEN] - tally[CounterIndex.SLOTS_GIVEN_BACK]);
    }

    /** All drops together. */
    public long droppedTotal() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The conservation law: {@code received + originated = forwarded + delivered + dropped + in flight}. */
    public boolean conserved() {
        return inFlight >= 0 && received + originated == forwarded + delivered + droppedTotal() + inFlight;
    }
}

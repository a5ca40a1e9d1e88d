package io.millrace.crdt.sync;

import io.millrace.crdt.op.OperationOutcome;
import java.util.Map;

/**
 * Result of an exchange.
 *
 * @param outcomes number of received operations by outcome.
 * @param requests messages sent, each with an answer.
 * @param sentLength bytes sent.
 * @param receivedLength bytes received.
 * @param complete whether the other side named all its tips, each of them is in the graph now, and every payload is here.
 *     False too if all operations came and an answer about tips did not: it may have had more to name.
 */
public record SyncReport(
        Map<OperationOutcome, Long> outcomes, int requests, long sentLength, long receivedLength, boolean complete) {
    /** Copies the map. */
    public SyncReport {
        outcomes = Map.copyOf(outcomes);
    }

    /**
     * Operations received with that outcome.
     *
     * @param outcome one of them.
     */
    public long count(OperationOutcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Operations that are new to this replica. */
    public long accepted() {
        return outcomes.entrySet().stream()
                .filter(each -> each.getKey().isAccepted())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Operations that an honest sender would not have sent. */
    public long refused() {
        return outcomes.entrySet().stream()
                .filter(each -> each.getKey().isRefused())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}

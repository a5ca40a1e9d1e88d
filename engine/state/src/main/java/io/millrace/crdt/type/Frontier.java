package io.millrace.crdt.type;

import io.millrace.crdt.type.StoredTwinState.Coverage;
import java.util.List;

/**
 * End of a document's hash graph: all that a new operation is signed after. It follows from the beginning of a log, so it
 * can be left with a stored state and spares the next process the graph.
 *
 * @param coverage beginning of the log that it is the end of.
 * @param operations number of operations in the graph, 0 or more.
 * @param withoutPayload number of valid operations whose payload is missing, 0 or more.
 * @param latestReading of the replica's hybrid clock; 0 for none.
 * @param tips last operation of each actor, of several branches the longest; in the order of the actors' first operations.
 * @param heads valid operations that no valid one follows, the latest accepted last.
 */
public record Frontier(
        Coverage coverage, int operations, int withoutPayload, long latestReading, List<Tip> tips, List<Head> heads) {
    /** Most tips and most heads of a frontier that is left: with more of them the graph is filled from the log. */
    public static final int MAX_COUNT = 1 << 16;

    /** Copies the lists. */
    public Frontier {
        tips = List.copyOf(tips);
        heads = List.copyOf(heads);
    }

    /**
     * Last operation of an actor.
     *
     * @param actor its author.
     * @param sequence number of the operation, 0 or more.
     * @param operation its name.
     * @param time its effective time.
     */
    public record Tip(ActorId actor, int sequence, OperationId operation, long time) {}

    /**
     * Operation that no valid one follows.
     *
     * @param operation its name.
     * @param time its effective time.
     */
    public record Head(OperationId operation, long time) {}
}

package io.millrace.crdt.type;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State of a document, the join of its operations. {@link Twin} keeps it on the heap; other implementations may keep it
 * on disk. All give the same answers after the same operations.
 *
 * <p>Not thread safe.
 */
public interface TwinState {
    /** Name of the document. */
    TwinId id();

    /**
     * Joins the operations of one signed operation.
     *
     * @param operation name of the signed operation.
     * @param actor its author.
     * @param time when it takes effect, a reading of a hybrid clock.
     * @param operations its payload; may be empty.
     * @return whether something changed.
     * @throws IllegalStateException if the state cannot be written; it is incomplete from then on.
     */
    boolean apply(OperationId operation, ActorId actor, long time, List<TwinOperation> operations);

    /**
     * Value of a property; empty if it has none.
     *
     * @param key of the property.
     */
    Optional<Value> property(String key);

    /**
     * Whether an element is in a set.
     *
     * @param set name of the set.
     * @param element name of the element.
     */
    boolean contains(String set, String element);

    /**
     * The additions of an element that are not removed, ordered.
     *
     * @param set name of the set.
     * @param element name of the element.
     */
    List<Dot> dotsOf(String set, String element);

    /**
     * Sums of an actor in a counter; {@link PnCounter.Sums#NONE} if the actor has not counted.
     *
     * @param counter name of the counter.
     * @param actor whose sums they are.
     */
    PnCounter.Sums sums(String counter, ActorId actor);

    /**
     * Sums of an actor by counter, without those at 0.
     *
     * @param actor whose sums they are.
     */
    Map<String, PnCounter.Sums> sumsOf(ActorId actor);

    /**
     * Value of a counter, 0 if there is none.
     *
     * @param counter name of the counter.
     */
    BigInteger count(String counter);

    /**
     * Values of a register, in the order of their dots, without repetition.
     *
     * @param register name of the register.
     */
    List<Value> values(String register);

    /**
     * The assignments of a register that are not overwritten, ordered.
     *
     * @param register name of the register.
     */
    List<Dot> currentDots(String register);

    /** The whole document on the heap: the state itself if it is there, else a copy, which costs a pass over all of it. */
    Twin toTwin();
}

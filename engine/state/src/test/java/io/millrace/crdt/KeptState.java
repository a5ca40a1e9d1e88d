package io.millrace.crdt;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.Frontier;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.PnCounter;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stored state that a test keeps from one replica to the next, in memory. */
final class KeptState implements StoredTwinState {
    private final TwinId id;
    private Twin twin;
    private Optional<Coverage> coverage = Optional.empty();
    private Optional<Frontier> frontier = Optional.empty();

    KeptState(TwinId id) {
        this.id = id;
        this.twin = new Twin(id);
    }

    @Override
    public Optional<Coverage> coverage() {
        return coverage;
    }

    @Override
    public void cover(Coverage covered) {
        coverage = Optional.of(covered);
    }

    @Override
    public Optional<Frontier> frontier() {
        return frontier.filter(left -> coverage.filter(left.coverage()::equals).isPresent());
    }

    @Override
    public void leave(Frontier left) {
        frontier = Optional.of(left);
    }

    @Override
    public void clear() {
        twin = new Twin(id);
        coverage = Optional.empty();
        frontier = Optional.empty();
    }

    @Override
    public void close() {
        // Kept.
    }

    @Override
    public TwinId id() {
        return id;
    }

    @Override
    public boolean apply(OperationId operation, ActorId actor, long time, List<TwinOperation> operations) {
        return twin.apply(operation, actor, time, operations);
    }

    @Override
    public Optional<Value> property(String key) {
        return twin.property(key);
    }

    @Override
    public boolean contains(String set, String element) {
        return twin.contains(set, element);
    }

    @Override
    public List<Dot> dotsOf(String set, String element) {
        return twin.dotsOf(set, element);
    }

    @Override
    public PnCounter.Sums sums(String counter, ActorId actor) {
        return twin.sums(counter, actor);
    }

    @Override
    public Map<String, PnCounter.Sums> sumsOf(ActorId actor) {
        return twin.sumsOf(actor);
    }

    @Override
    public BigInteger count(String counter) {
        return twin.count(counter);
    }

    @Override
    public List<Value> values(String register) {
        return twin.values(register);
    }

    @Override
    public List<Dot> currentDots(String register) {
        return twin.currentDots(register);
    }

    @Override
    public Twin toTwin() {
        return twin;
    }
}

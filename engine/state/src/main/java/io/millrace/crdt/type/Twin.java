package io.millrace.crdt.type;

import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A document: one map of properties, and sets, counters and registers by name. Composition of join-semilattices, so one
 * itself: {@link #join} is associative, commutative and idempotent, and so is applying operations.
 *
 * <p>Not thread safe. Readers get the live parts and must not change them.
 */
public final class Twin implements TwinState {
    private final TwinId id;
    private final LwwMap properties = new LwwMap();
    private final Map<String, OrSet> sets = new HashMap<>();
    private final Map<String, PnCounter> counters = new HashMap<>();
    private final Map<String, MvRegister> registers = new HashMap<>();

    /**
     * An empty document.
     *
     * @param id of the document.
     */
    public Twin(TwinId id) {
        this.id = id;
    }

    /** Its name. */
    @Override
    public TwinId id() {
        return id;
    }

    /** The properties: the latest write of each wins. */
    public LwwMap properties() {
        return properties;
    }

    /** The sets by name, ordered; a view of the parts, not to be changed. */
    public Map<String, OrSet> sets() {
        return ordered(sets);
    }

    /** The counters by name, ordered; a view of the parts, not to be changed. */
    public Map<String, PnCounter> counters() {
        return ordered(counters);
    }

    /** The registers by name, ordered; a view of the parts, not to be changed. */
    public Map<String, MvRegister> registers() {
        return ordered(registers);
    }

    /**
     * The set of that name, an empty one if there is none.
     *
     * @param name of the set.
     */
    public OrSet set(String name) {
        return sets.getOrDefault(name, new OrSet());
    }

    /**
     * The counter of that name, one at 0 if there is none.
     *
     * @param name of the counter.
     */
    public PnCounter counter(String name) {
        return counters.getOrDefault(name, new PnCounter());
    }

    /**
     * The register of that name, one without a value if there is none.
     *
     * @param name of the register.
     */
    public MvRegister register(String name) {
        return registers.getOrDefault(name, new MvRegister());
    }

    /**
     * Joins the operations of one signed operation.
     *
     * @param operation name of the signed operation.
     * @param actor its author.
     * @param time of its hybrid clock.
     * @param operations its payload.
     * @return whether something changed: if not, everything it says was known or has been overtaken.
     */
    @Override
    public boolean apply(OperationId operation, ActorId actor, long time, List<TwinOperation> operations) {
        boolean changed = false;
        for (int i = 0; i < operations.size(); i++) {
            changed |= join(operations.get(i), new Stamp(time, actor, new Dot(operation, i)));
        }
        return changed;
    }

    @Override
    public Optional<Value> property(String key) {
        return properties.get(key);
    }

    @Override
    public boolean contains(String set, String element) {
        return set(set).contains(element);
    }

    @Override
    public List<Dot> dotsOf(String set, String element) {
        return set(set).dotsOf(element);
    }

    @Override
    public PnCounter.Sums sums(String counter, ActorId actor) {
        return counter(counter).of(actor);
    }

    @Override
    public Map<String, PnCounter.Sums> sumsOf(ActorId actor) {
        final Map<String, PnCounter.Sums> sums = new TreeMap<>();
        counters.forEach((name, counter) -> {
            if (!counter.of(actor).equals(PnCounter.Sums.NONE)) {
                sums.put(name, counter.of(actor));
            }
        });
        return sums;
    }

    @Override
    public BigInteger count(String counter) {
        return counter(counter).value();
    }

    @Override
    public List<Value> values(String register) {
        return register(register).values();
    }

    @Override
    public List<Dot> currentDots(String register) {
        return register(register).currentDots();
    }

    @Override
    public Twin toTwin() {
        return this;
    }

    /**
     * Joins {@code other} into this document; true if something changed.
     *
     * @param other stays as it is.
     */
    public boolean join(Twin other) {
        if (!other.id.equals(id)) {
            throw new IllegalArgumentException("another document: twin=" + other.id);
        }
        boolean changed = properties.join(other.properties);
        for (final Map.Entry<String, OrSet> each : other.sets.entrySet()) {
            changed |= change(sets, each.getKey(), OrSet::new, set -> set.join(each.getValue()));
        }
        for (final Map.Entry<String, PnCounter> each : other.counters.entrySet()) {
            changed |= change(counters, each.getKey(), PnCounter::new, counter -> counter.join(each.getValue()));
        }
        for (final Map.Entry<String, MvRegister> each : other.registers.entrySet()) {
            changed |= change(registers, each.getKey(), MvRegister::new, register -> register.join(each.getValue()));
        }
        return changed;
    }

    /**
     * Joins one operation.
     *
     * @param operation a small state.
     * @param stamp when and by whom, with the dot of the operation.
     * @return whether something changed.
     */
    public boolean join(TwinOperation operation, Stamp stamp) {
        return switch (operation) {
            case TwinOperation.Set set -> properties.set(set.key(), set.value(), stamp);
            case TwinOperation.Delete delete -> properties.delete(delete.key(), stamp);
            case TwinOperation.Add add ->
                change(sets, add.set(), OrSet::new, set -> set.add(add.element(), stamp.dot()));
            case TwinOperation.Remove remove ->
                change(sets, remove.set(), OrSet::new, set -> set.remove(remove.element(), remove.seen()));
            case TwinOperation.Count count ->
                change(
                        counters,
                        count.counter(),
                        PnCounter::new,
                        counter -> counter.raise(stamp.actor(), count.increments(), count.decrements()));
            case TwinOperation.Assign assign ->
                change(
                        registers,
                        assign.register(),
                        MvRegister::new,
                        register -> register.assign(assign.value(), stamp.dot(), assign.overwritten()));
        };
    }

    /** Changes a part, which begins empty; a change of nothing leaves no trace. */
    private static <T> boolean change(Map<String, T> parts, String name, Supplier<T> empty, Predicate<T> change) {
        final T part = parts.get(name);
        if (part != null) {
            return change.test(part);
        }
        final T fresh = empty.get();
        if (!change.test(fresh)) {
            return false;
        }
        parts.put(name, fresh);
        return true;
    }

    private static <T> Map<String, T> ordered(Map<String, T> parts) {
        return Collections.unmodifiableMap(new TreeMap<>(parts));
    }

    /** Whether both are the same point of the lattice: all that is seen, and all that has been overtaken. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Twin that
                && id.equals(that.id)
                && properties.equals(that.properties)
                && sets.equals(that.sets)
                && counters.equals(that.counters)
                && registers.equals(that.registers);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}

package io.millrace.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.Dot;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.TwinState;
import io.millrace.crdt.type.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random operations of a document: few names, so that they meet; some late, some repeated, some of removed dots. */
final class TwinChanges {
    private static final int NAMES = 7;
    private static final int ACTORS = 3;
    private static final int MAX_VALUE = 900;

    private final Random random;
    private final List<Change> made = new ArrayList<>();

    private record Change(long operation, ActorId actor, long time, List<TwinOperation> operations) {}

    TwinChanges(Random random) {
        this.random = random;
    }

    /** Applies a new operation, or one more often an old one again, to both; whether both say the same. */
    boolean apply(TwinState one, TwinState other) {
        if (made.isEmpty() || random.nextInt(8) > 0) {
            made.add(next());
        }
        final Change change = random.nextInt(4) > 0 ? made.getLast() : made.get(random.nextInt(made.size()));
        return apply(one, change) == apply(other, change);
    }

    private static boolean apply(TwinState state, Change change) {
        return state.apply(MapTwinStateTest.id(change.operation), change.actor, change.time, change.operations);
    }

    void assertSameAnswers(TwinState state, Twin model) {
        final String name = name();
        final String element = name();
        final ActorId actor = MapTwinStateTest.actor(random.nextInt(ACTORS));
        assertThat(state.property(name)).isEqualTo(model.property(name));
        assertThat(state.contains(name, element)).isEqualTo(model.contains(name, element));
        assertThat(state.dotsOf(name, element)).isEqualTo(model.dotsOf(name, element));
        assertThat(state.sums(name, actor)).isEqualTo(model.sums(name, actor));
        assertThat(state.sumsOf(actor)).isEqualTo(model.sumsOf(actor));
        assertThat(state.count(name)).isEqualTo(model.count(name));
        assertThat(state.values(name)).isEqualTo(model.values(name));
        assertThat(state.currentDots(name)).isEqualTo(model.currentDots(name));
    }

    private Change next() {
        final List<TwinOperation> operations = new ArrayList<>();
        final int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            operations.add(operation());
        }
        return new Change(
                made.size(), MapTwinStateTest.actor(random.nextInt(ACTORS)), random.nextInt(2000), operations);
    }

    private TwinOperation operation() {
        return switch (random.nextInt(7)) {
            case 0, 1 -> new TwinOperation.Set(name(), value());
            case 2 -> new TwinOperation.Delete(name());
            case 3 -> new TwinOperation.Add(name(), name());
            case 4 -> new TwinOperation.Remove(name(), name(), dots());
            case 5 -> new TwinOperation.Count(name(), random.nextInt(1000), random.nextInt(1000));
            default -> new TwinOperation.Assign(name(), value(), dots());
        };
    }

    /** Dots of operations that have been made, as a valid operation names only earlier ones. */
    private List<Dot> dots() {
        final List<Dot> dots = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0 && !made.isEmpty(); i--) {
            dots.add(MapTwinStateTest.dot(Math.max(0, made.size() - 1 - random.nextInt(40)), random.nextInt(3)));
        }
        return dots;
    }

    private Value value() {
        final byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(MAX_VALUE) : random.nextInt(20)];
        random.nextBytes(bytes);
        return Value.of(bytes);
    }

    private String name() {
        return "name " + random.nextInt(NAMES);
    }
}

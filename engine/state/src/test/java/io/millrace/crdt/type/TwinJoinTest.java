package io.millrace.crdt.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The laws of a join, for each state type and the document, over random operations of actors who obey no rule. */
class TwinJoinTest {
    private static final int HISTORIES = 3000;
    private static final TwinId TWIN = new TwinId(1, 2);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void joinIsAssociativeCommutativeAndIdempotent() {
        for (int i = 0; i < HISTORIES; i++) {
            final List<Step> steps = steps(12);
            final Twin a = state(some(steps));
            final Twin b = state(some(steps));
            final Twin c = state(some(steps));

            assertThat(join(join(a, b), c)).as("seed=" + seed).isEqualTo(join(a, join(b, c)));
            assertThat(join(a, b)).as("seed=" + seed).isEqualTo(join(b, a));
            assertThat(join(a, a)).as("seed=" + seed).isEqualTo(a);
            assertThat(join(a, b).join(b)).as("seed=" + seed).isFalse();
        }
    }

    @Test
    void orderAndRepetitionOfOperationsDoNotMatter() {
        for (int i = 0; i < HISTORIES; i++) {
            final List<Step> steps = steps(16);
            final Twin expected = state(steps);

            final List<Step> other = new ArrayList<>(steps);
            other.addAll(some(steps));
            Collections.shuffle(other, random);
            final Twin twin = state(other);

            assertThat(twin).as("seed=" + seed).isEqualTo(expected);
            assertThat(TwinDigest.of(twin)).as("seed=" + seed).isEqualTo(TwinDigest.of(expected));
        }
    }

    @Test
    void applyingOperationsIsJoiningTheirStates() {
        for (int i = 0; i < HISTORIES; i++) {
            final List<Step> steps = steps(10);
            final int cut = random.nextInt(steps.size() + 1);

            assertThat(join(state(steps.subList(0, cut)), state(steps.subList(cut, steps.size()))))
                    .as("seed=" + seed)
                    .isEqualTo(state(steps));
        }
    }

    @Test
    void aChangeIsReportedExactlyWhenSomethingChanged() {
        for (int i = 0; i < HISTORIES; i++) {
            final List<Step> steps = steps(14);
            final Twin twin = new Twin(TWIN);
            for (int n = 0; n < steps.size(); n++) {
                final Twin before = state(steps.subList(0, n));
                final boolean changed = steps.get(n).on(twin);
                assertThat(changed).as("seed=" + seed).isEqualTo(!before.equals(twin));
            }
        }
    }

    private Twin join(Twin left, Twin right) {
        final Twin joined = new Twin(TWIN);
        joined.join(left);
        joined.join(right);
        return joined;
    }

    private static Twin state(List<Step> steps) {
        final Twin twin = new Twin(TWIN);
        steps.forEach(step -> step.on(twin));
        return twin;
    }

    private List<Step> some(List<Step> steps) {
        return steps.stream().filter(step -> random.nextBoolean()).toList();
    }

    /** Few names, actors, times and dots, so that everything collides with everything. */
    private List<Step> steps(int count) {
        final List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final List<TwinOperation> operations = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                operations.add(operation());
            }
            steps.add(new Step(
                    new OperationId(0, 0, 0, i),
                    new ActorId(0, 0, 0, random.nextInt(3)),
                    random.nextInt(4),
                    operations));
        }
        return steps;
    }

    private TwinOperation operation() {
        final String name = "n" + random.nextInt(2);
        final String element = "e" + random.nextInt(2);
        final Value value = Value.of("v" + random.nextInt(3));
        return switch (random.nextInt(6)) {
            case 0 -> new TwinOperation.Set(name, value);
            case 1 -> new TwinOperation.Delete(name);
            case 2 -> new TwinOperation.Add(name, element);
            case 3 -> new TwinOperation.Remove(name, element, dots());
            case 4 -> new TwinOperation.Count(name, random.nextInt(4), random.nextInt(4));
            default -> new TwinOperation.Assign(name, value, dots());
        };
    }

    private List<Dot> dots() {
        final List<Dot> dots = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            dots.add(new Dot(new OperationId(0, 0, 0, random.nextInt(12)), random.nextInt(3)));
        }
        return dots.stream().distinct().sorted().toList();
    }

    private record Step(OperationId id, ActorId actor, long time, List<TwinOperation> operations) {
        boolean on(Twin twin) {
            return twin.apply(id, actor, time, operations);
        }
    }
}

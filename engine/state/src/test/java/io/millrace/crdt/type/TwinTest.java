package io.millrace.crdt.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwinTest {
    private static final ActorId ALICE = new ActorId(0, 0, 0, 1);
    private static final ActorId BOB = new ActorId(0, 0, 0, 2);

    private final Twin twin = new Twin(new TwinId(0, 7));

    @Test
    void theLatestWriteWinsAndTiesAreBrokenByActorThenOperation() {
        apply(1, ALICE, 5, new TwinOperation.Set("k", Value.of("alice")));
        apply(2, BOB, 5, new TwinOperation.Set("k", Value.of("bob")));
        apply(3, ALICE, 4, new TwinOperation.Set("k", Value.of("late")));
        assertThat(twin.properties().get("k")).contains(Value.of("bob"));

        apply(4, BOB, 5, new TwinOperation.Set("k", Value.of("bob again")));
        assertThat(twin.properties().get("k")).contains(Value.of("bob again"));
    }

    @Test
    void withinOneOperationTheLastWriteWins() {
        apply(
                1,
                ALICE,
                5,
                new TwinOperation.Set("k", Value.of("first")),
                new TwinOperation.Set("k", Value.of("second")));

        assertThat(twin.properties().get("k")).contains(Value.of("second"));
    }

    @Test
    void aDeletionKeepsOlderWritesOut() {
        apply(1, ALICE, 5, new TwinOperation.Delete("k"));
        apply(2, BOB, 4, new TwinOperation.Set("k", Value.of("late")));
        assertThat(twin.properties().get("k")).isEmpty();
        assertThat(twin.properties().size()).isZero();

        apply(3, BOB, 6, new TwinOperation.Set("k", Value.of("new")));
        assertThat(twin.properties().size()).isEqualTo(1);
    }

    @Test
    void anAdditionThatARemovalHasNotSeenStays() {
        apply(1, ALICE, 1, new TwinOperation.Add("s", "e"));
        apply(2, BOB, 1, new TwinOperation.Add("s", "e"));
        apply(3, ALICE, 2, new TwinOperation.Remove("s", "e", List.of(dot(1))));
        assertThat(twin.set("s").elements()).containsExactly("e");
        assertThat(twin.set("s").dotsOf("e")).containsExactly(dot(2));

        apply(4, ALICE, 3, new TwinOperation.Remove("s", "e", List.of(dot(2))));
        assertThat(twin.set("s").contains("e")).isFalse();
        assertThat(twin.set("s").size()).isZero();
    }

    @Test
    void aRemovalThatComesBeforeItsAdditionHolds() {
        apply(2, ALICE, 2, new TwinOperation.Remove("s", "e", List.of(dot(1))));
        apply(1, BOB, 1, new TwinOperation.Add("s", "e"));

        assertThat(twin.set("s").contains("e")).isFalse();
    }

    @Test
    void aCountThatIsAppliedTwiceCountsOnce() {
        apply(1, ALICE, 1, new TwinOperation.Count("c", 5, 0));
        apply(1, ALICE, 1, new TwinOperation.Count("c", 5, 0));
        apply(2, BOB, 1, new TwinOperation.Count("c", 1, 3));

        assertThat(twin.counter("c").value()).isEqualTo(BigInteger.valueOf(3));
    }

    @Test
    void countersOfSeveralActorsDoNotOverflow() {
        apply(1, ALICE, 1, new TwinOperation.Count("c", Long.MAX_VALUE, 0));
        apply(2, BOB, 1, new TwinOperation.Count("c", Long.MAX_VALUE, 0));

        assertThat(twin.counter("c").value())
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).shiftLeft(1));
        assertThatThrownBy(() -> twin.counter("c").of(ALICE).plus(1)).hasMessageContaining("exhausted");
    }

    @Test
    void concurrentAssignmentsStayUntilOneHasSeenThem() {
        apply(1, ALICE, 1, new TwinOperation.Assign("r", Value.of("a"), List.of()));
        apply(2, BOB, 1, new TwinOperation.Assign("r", Value.of("b"), List.of()));
        assertThat(twin.register("r").values()).containsExactly(Value.of("a"), Value.of("b"));

        apply(
                3,
                BOB,
                2,
                new TwinOperation.Assign("r", Value.of("c"), twin.register("r").currentDots()));
        assertThat(twin.register("r").values()).containsExactly(Value.of("c"));
    }

    @Test
    void documentsOfDifferentNamesAreNotJoined() {
        assertThatThrownBy(() -> twin.join(new Twin(new TwinId(0, 8)))).hasMessageContaining("another document");
    }

    private void apply(int operation, ActorId actor, long time, TwinOperation... operations) {
        twin.apply(new OperationId(0, 0, 0, operation), actor, time, List.of(operations));
    }

    private static Dot dot(int operation) {
        return new Dot(new OperationId(0, 0, 0, operation), 0);
    }
}

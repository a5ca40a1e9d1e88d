package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that are collected before they are signed. */
class DraftTest {
    private final Actor alice = new Actor("alice");
    private final Actor bob = new Actor("bob");
    private final Actor eve = new Actor("eve");
    private Replica replica;

    @BeforeEach
    void open() throws IOException {
        replica = Replica.open(
                new TwinId(3, 4),
                Actor.registry(alice, bob),
                new HybridClock(() -> 1_000_000, 1000),
                new MemoryLog(),
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5));
    }

    @AfterEach
    void close() {
        replica.close();
        alice.close();
        bob.close();
        eve.close();
    }

    @Test
    void aDraftIsMadeAgainstTheDocumentAndItself() throws IOException {
        alice.edit(replica, draft -> draft.increment("c", 2).increment("c", 3).add("s", "x"));
        alice.edit(
                replica,
                draft -> draft.add("s", "y").remove("s", "y").remove("s", "x").increment("c", -1));
        alice.edit(replica, draft -> draft.assign("r", Value.of("a")).assign("r", Value.of("b")));

        assertThat(replica.twin().counter("c").value()).isEqualTo(4);
        assertThat(replica.twin().set("s").elements()).isEmpty();
        assertThat(replica.twin().register("r").values()).containsExactly(Value.of("b"));
    }

    @Test
    void aDraftThatCannotBeSignedChangesNothing() throws IOException {
        final List<Draft> wrong = List.of(
                replica.draft(alice.id),
                replica.draft(alice.id).set("", Value.of("v")),
                replica.draft(alice.id).set("k".repeat(513), Value.of("v")),
                replica.draft(alice.id).set("\u00fc".repeat(257), Value.of("v")),
                replica.draft(alice.id).add("s", "e".repeat(1_000_000)),
                replica.draft(bob.id).set("k", Value.of("v")));

        for (final Draft draft : wrong) {
            assertThatThrownBy(() -> replica.issue(alice.key, draft)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> replica.issue(eve.key, replica.draft(eve.id).delete("k")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(replica.size()).isZero();
    }
}

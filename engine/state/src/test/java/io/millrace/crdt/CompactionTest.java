package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.sync.AntiEntropy;
import io.millrace.crdt.sync.SyncServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompactionTest {
    private static final int HISTORIES = 300;

    private final List<Actor> actors =
            List.of(new Actor("alice"), new Actor("bob"), new Actor("carol"), new Actor("mallory"));
    private final ActorRegistry registry = Actor.registry(actors.toArray(Actor[]::new));
    private final OperationVerifier verifier = new OperationVerifier();

    @AfterEach
    void close() {
        verifier.close();
        actors.forEach(Actor::close);
    }

    @Test
    void compactedReplicasConvergeWithEachOtherWithOthersAndWithNewOnes() throws IOException {
        long dropped = 0;
        final long first = System.nanoTime();
        for (long seed = first; seed < first + HISTORIES; seed++) {
            try (SimulatedTwin simulation = new SimulatedTwin(seed, actors)) {
                for (int i = 0; i < 20; i++) {
                    simulation.step();
                }
                // Compacted before they agree, while messages are under way.
                final Replica one = simulation.replicas().get(0);
                final Replica other = simulation.replicas().get(1);
                final MemoryLog log = new MemoryLog();
                dropped += Compaction.into(log, one).dropped();
                try (Replica compacted = open(log);
                        Replica fresh = open(new MemoryLog())) {
                    assertThat(compacted.twin()).as("seed=" + seed).isEqualTo(one.twin());
                    assertThat(compacted.heads()).as("seed=" + seed).isEqualTo(one.heads());
                    assertThat(compacted.proofs()).as("seed=" + seed).isEqualTo(one.proofs());
                    pull(fresh, compacted);
                    assertThat(fresh.twin()).as("seed=" + seed).isEqualTo(one.twin());

                    pull(one, other); // what waits at one comes along
                    pull(compacted, other);
                    pull(other, compacted);
                    pull(compacted, one);
                    pull(fresh, compacted);
                    assertThat(compacted.twin()).as("seed=" + seed).isEqualTo(one.twin());
                    assertThat(fresh.twin()).as("seed=" + seed).isEqualTo(one.twin());
                    assertThat(compacted.heads()).as("seed=" + seed).isEqualTo(one.heads());
                }
            }
        }
        assertThat(dropped).isGreaterThan(HISTORIES);
    }

    @Test
    void onlyALogWithoutRecordsIsWrittenTo() throws IOException {
        final MemoryLog log = new MemoryLog();
        try (Replica replica = open(log)) {
            actors.get(0).edit(replica, draft -> draft.delete("k"));
            assertThatThrownBy(() -> Compaction.into(log, replica)).hasMessageContaining("not empty");
        }
    }

    private void pull(Replica target, Replica source) throws IOException {
        AntiEntropy.pull(target, new SyncServer(source), verifier);
    }

    private Replica open(OperationLog log) throws IOException {
        return Replica.open(
                SimulatedTwin.TWIN,
                registry,
                new HybridClock(() -> 1_700_000_100_000L, 60_000),
                log,
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5));
    }
}

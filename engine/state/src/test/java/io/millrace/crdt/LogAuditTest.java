package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.type.TwinId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tampering, deletion, reordering and forgery in a log are each found. */
class LogAuditTest {
    private static final TwinId TWIN = new TwinId(3, 4);

    private final Actor alice = new Actor("alice");
    private final Actor bob = new Actor("bob");
    private final OperationVerifier verifier = new OperationVerifier();

    @AfterEach
    void close() {
        verifier.close();
        alice.close();
        bob.close();
    }

    @Test
    void anHonestLogIsSound() throws IOException {
        final LogAudit audit = audit(records(), Actor.registry(alice, bob));

        assertThat(audit.isSound()).isTrue();
        assertThat(audit.records()).isEqualTo(5);
        assertThat(audit.outcomes()).containsOnlyKeys(OperationOutcome.ACCEPTED);
        assertThat(audit.twin().counter("c").value()).isEqualTo(5);
        assertThat(audit.proofs()).isEmpty();
        assertThat(audit.heads()).hasSize(1);
    }

    @Test
    void aDeletedRecordIsFound() throws IOException {
        final List<byte[]> records = records();
        records.remove(2);

        assertThat(audit(records, Actor.registry(alice, bob)).refused())
                .containsEntry(2, OperationOutcome.GAP)
                .containsEntry(3, OperationOutcome.GAP);
    }

    @Test
    void reorderedAndRepeatedRecordsAreFound() throws IOException {
        final List<byte[]> records = records();
        Collections.swap(records, 1, 2);
        records.add(records.get(0));

        assertThat(audit(records, Actor.registry(alice, bob)).refused())
                .containsEntry(1, OperationOutcome.GAP)
                .containsEntry(5, OperationOutcome.DUPLICATE);
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        for (int at = 0; at < records().get(4).length; at++) {
            final List<byte[]> records = records();
            records.get(4)[at] ^= 1;
            assertThat(audit(records, Actor.registry(alice, bob)).isSound())
                    .as("at=" + at)
                    .isFalse();
        }
    }

    @Test
    void anActorWhoIsNotRegisteredIsFound() throws IOException {
        assertThat(audit(records(), Actor.registry(alice)).refused()).containsEntry(1, OperationOutcome.UNKNOWN_ACTOR);
    }

    private LogAudit audit(List<byte[]> records, ActorRegistry registry) throws IOException {
        final MemoryLog log = new MemoryLog();
        records.forEach(log::append);
        return LogAudit.of(log, TWIN, registry, clock(), verifier, segment -> segment.fill((byte) 5));
    }

    private List<byte[]> records() throws IOException {
        final List<byte[]> records = new ArrayList<>();
        try (Replica replica = Replica.open(
                TWIN,
                Actor.registry(alice, bob),
                clock(),
                new MemoryLog(),
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5))) {
            for (int i = 0; i < 5; i++) {
                records.add((i % 2 == 0 ? alice : bob).edit(replica, draft -> draft.increment("c", 1)));
            }
        }
        return records;
    }

    private static HybridClock clock() {
        return new HybridClock(() -> 1_000_000, 1000);
    }
}

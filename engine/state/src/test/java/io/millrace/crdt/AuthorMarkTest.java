package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.sync.AntiEntropy;
import io.millrace.crdt.sync.SyncServer;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An author signs nothing where its operations or payloads are missing. */
class AuthorMarkTest {
    private static final TwinId TWIN = new TwinId(3, 4);

    private final Actor alice = new Actor("alice");
    private final Actor bob = new Actor("bob");
    private final OperationCodec codec = new OperationCodec();
    private final OperationVerifier verifier = new OperationVerifier();
    private final List<Replica> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Replica::close);
        codec.close();
        verifier.close();
        alice.close();
        bob.close();
    }

    @Test
    void aPeerThatWithholdsPayloadsDoesNotMakeAnAuthorCountTooLow() throws IOException {
        final Replica lost = replica();
        final List<byte[]> all = new ArrayList<>();
        all.add(alice.edit(lost, draft -> draft.increment("c", 7)));
        all.add(alice.edit(lost, draft -> draft.increment("c", 5)));
        final AuthorMark mark = lost.mark(alice.id).orElseThrow();
        for (final boolean marked : List.of(false, true)) {
            final Replica rebuilt = replica();
            if (marked) {
                rebuilt.remember(mark);
            }
            for (final byte[] each : all) {
                rebuilt.receive(codec.encode(codec.decode(each).orElseThrow().withoutPayload()));
            }

            assertThatThrownBy(() -> alice.edit(rebuilt, draft -> draft.increment("c", 1)))
                    .hasMessageContaining("missing here");
            bob.edit(rebuilt, draft -> draft.increment("c", 1)); // not his
            for (final byte[] each : all) {
                rebuilt.receive(each);
            }
            alice.edit(rebuilt, draft -> draft.increment("c", 1));
            assertThat(rebuilt.twin().counter("c").value()).isEqualTo(14);
        }
    }

    @Test
    void anOldCopyDoesNotMakeAnAuthorEquivocate() throws IOException {
        final Replica current = replica();
        final byte[] first = alice.edit(current, draft -> draft.set("k", Value.of("1")));
        final Replica old = replica();
        old.receive(first);
        final byte[] second = alice.edit(current, draft -> draft.set("k", Value.of("2")));
        for (final Replica each : List.of(old, replica())) {
            each.remember(AuthorMark.decode(current.mark(alice.id).orElseThrow().encode())
                    .orElseThrow());

            assertThatThrownBy(() -> alice.edit(each, draft -> draft.delete("k")))
                    .hasMessageContaining("lacks operations that the key has signed");
            each.receive(first);
            each.receive(second);
            assertThat(codec.decode(alice.edit(each, draft -> draft.delete("k")))
                            .orElseThrow()
                            .header()
                            .sequence())
                    .isEqualTo(2);
        }
    }

    @Test
    void operationsThatWaitShowAnAuthorWithoutAMarkThatSomethingIsMissing() throws IOException {
        final Replica current = replica();
        final byte[] first = alice.edit(current, draft -> draft.set("k", Value.of("1")));
        final byte[] second = alice.edit(current, draft -> draft.set("k", Value.of("2")));
        final Replica rebuilt = replica();
        rebuilt.receive(second);

        assertThatThrownBy(() -> alice.edit(rebuilt, draft -> draft.delete("k")))
                .hasMessageContaining("wait for others");
        rebuilt.receive(first);
        assertThatCode(() -> alice.edit(rebuilt, draft -> draft.delete("k"))).doesNotThrowAnyException();
    }

    @Test
    void anAuthorWithAMarkGoesOnAfterCompaction() throws IOException {
        final Replica current = replica();
        for (int i = 0; i < 5; i++) {
            alice.edit(current, draft -> draft.increment("c", 1).set("k", Value.of("v")));
        }
        final MemoryLog log = new MemoryLog();
        assertThat(Compaction.into(log, current).dropped()).isEqualTo(4);
        final Replica compacted = open(log);
        assertThatThrownBy(() -> alice.edit(compacted, draft -> draft.increment("c", 1)))
                .as("a replica alone cannot know why the payloads are missing")
                .hasMessageContaining("missing here");

        compacted.remember(current.mark(alice.id).orElseThrow());
        alice.edit(compacted, draft -> draft.increment("c", 1));

        assertThat(compacted.twin().counter("c").value()).isEqualTo(6);
        // Signed elsewhere after the mark, and without its payload: that may be a count.
        final Replica elsewhere = replica();
        AntiEntropy.pull(elsewhere, new SyncServer(compacted), verifier);
        elsewhere.remember(compacted.mark(alice.id).orElseThrow());
        final byte[] later = alice.edit(elsewhere, draft -> draft.increment("c", 1));
        compacted.receive(codec.encode(codec.decode(later).orElseThrow().withoutPayload()));
        assertThatThrownBy(() -> alice.edit(compacted, draft -> draft.increment("c", 1)))
                .hasMessageContaining("missing here");
    }

    @Test
    void onlyItsEncodingIsAMark() throws IOException {
        final Replica replica = replica();
        alice.edit(replica, draft -> draft.increment("c", 3).increment("d", -4).delete("k"));
        final AuthorMark mark = replica.mark(alice.id).orElseThrow();
        final byte[] encoded = mark.encode();

        assertThat(AuthorMark.decode(encoded)).contains(mark);
        assertThat(mark.sums()).containsOnlyKeys("c", "d");
        assertThat(replica.mark(bob.id)).isEmpty();
        for (int length = 0; length < encoded.length; length++) {
            assertThat(AuthorMark.decode(Arrays.copyOf(encoded, length))).isEmpty();
        }
        assertThat(AuthorMark.decode(Arrays.copyOf(encoded, encoded.length + 1)))
                .isEmpty();
        final AuthorMark other = new AuthorMark(new TwinId(9, 9), alice.id, 0, mark.operation(), mark.sums());
        assertThatThrownBy(() -> replica.remember(other)).hasMessageContaining("another document");
    }

    private Replica replica() throws IOException {
        return open(new MemoryLog());
    }

    private Replica open(OperationLog log) throws IOException {
        final Replica replica = Replica.open(
                TWIN,
                Actor.registry(alice, bob),
                new HybridClock(() -> 1_000_000, 1000),
                log,
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5));
        opened.add(replica);
        return replica;
    }
}

package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every outcome of an operation that a replica is given. */
class ReplicaTest {
    private static final TwinId TWIN = new TwinId(3, 4);
    private static final long SKEW_MS = 1000;

    private final Actor alice = new Actor("alice");
    private final Actor bob = new Actor("bob");
    private final Actor eve = new Actor("eve");
    private final ActorRegistry registry = Actor.registry(alice, bob);
    private final OperationCodec codec = new OperationCodec();
    private final List<Replica> opened = new ArrayList<>();
    private long wallMs = 1_000_000;

    @AfterEach
    void close() {
        opened.forEach(Replica::close);
        codec.close();
        alice.close();
        bob.close();
        eve.close();
    }

    @Test
    void anOperationIsAcceptedOnceAndThenADuplicate() throws IOException {
        final Replica first = replica();
        final Replica second = replica();
        final byte[] set = alice.edit(first, draft -> draft.set("k", Value.of("v")));

        assertThat(second.receive(set)).isEqualTo(OperationOutcome.ACCEPTED);
        assertThat(second.receive(set)).isEqualTo(OperationOutcome.DUPLICATE);
        assertThat(second.twin()).isEqualTo(first.twin());
        assertThat(second.heads()).isEqualTo(first.heads());
        assertThat(second.count(OperationOutcome.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void everyBitOfAnOperationMatters() throws IOException {
        final byte[] set = alice.edit(replica(), draft -> draft.set("k", Value.of("v")));
        final Replica replica = replica();

        for (int bit = 0; bit < 8 * set.length; bit++) {
            final byte[] flipped = set.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(replica.receive(flipped)).as("bit=" + bit).matches(OperationOutcome::isRefused);
        }
        assertThat(replica.size()).isZero();
        assertThat(replica.receive(set)).isEqualTo(OperationOutcome.ACCEPTED);
    }

    @Test
    void noPrefixOrExtensionOfAnOperationIsOne() throws IOException {
        final byte[] set = alice.edit(replica(), draft -> draft.set("k", Value.of("v")));
        final Replica replica = replica();

        for (int length = 0; length < set.length; length++) {
            assertThat(replica.receive(Arrays.copyOf(set, length))).isEqualTo(OperationOutcome.MALFORMED);
        }
        assertThat(replica.receive(Arrays.copyOf(set, set.length + 1))).isEqualTo(OperationOutcome.MALFORMED);
        assertThat(replica.receive(new byte[OperationCodec.MAX_LENGTH + 1])).isEqualTo(OperationOutcome.MALFORMED);
    }

    @Test
    void anUnknownActorIsRefused() throws IOException {
        final byte[] set = eve.edit(replica(Actor.registry(eve)), draft -> draft.set("k", Value.of("v")));

        assertThat(replica().receive(set)).isEqualTo(OperationOutcome.UNKNOWN_ACTOR);
    }

    @Test
    void anotherDocumentsOperationIsRefused() throws IOException {
        final OperationHeader header = headerOf(alice.edit(replica(), draft -> draft.set("k", Value.of("v"))));
        final SignedOperation moved = alice.sign(
                new OperationHeader(
                        new TwinId(9, 9),
                        header.actor(),
                        0,
                        header.time(),
                        null,
                        List.of(),
                        header.payloadLength(),
                        header.payloadHash()),
                null);

        assertThat(replica().receive(codec.encode(moved))).isEqualTo(OperationOutcome.WRONG_TWIN);
    }

    @Test
    void anotherActorsSignatureIsRefused() throws IOException {
        final SignedOperation honest = decoded(alice.edit(replica(), draft -> draft.set("k", Value.of("v"))));
        final SignedOperation forged =
                bob.sign(honest.header(), honest.payload().orElseThrow());

        assertThat(replica().receive(codec.encode(forged))).isEqualTo(OperationOutcome.BAD_SIGNATURE);
    }

    @Test
    void anotherPayloadIsRefused() throws IOException {
        final Replica source = replica();
        final SignedOperation one = decoded(alice.edit(source, draft -> draft.set("k", Value.of("a"))));
        final SignedOperation two = decoded(alice.edit(source, draft -> draft.set("k", Value.of("b"))));

        assertThat(replica().receive(codec.encode(one.withPayload(two.payload().orElseThrow()))))
                .isEqualTo(OperationOutcome.BAD_PAYLOAD);
    }

    @Test
    void aClockFarAheadIsRefusedUntilItsTimeHasCome() throws IOException {
        final Replica ahead = replica();
        wallMs += SKEW_MS + 1;
        final byte[] set = alice.edit(ahead, draft -> draft.set("k", Value.of("v")));
        wallMs -= SKEW_MS + 1;
        final Replica replica = replica();

        assertThat(replica.receive(set)).isEqualTo(OperationOutcome.FUTURE_CLOCK);
        assertThat(replica.twin().properties().size()).isZero();
        wallMs += 1;
        assertThat(replica.receive(set)).isEqualTo(OperationOutcome.ACCEPTED);
        wallMs -= 1000;
        bob.edit(replica, draft -> draft.set("k", Value.of("w")));
        assertThat(replica.twin().properties().get("k")).contains(Value.of("w"));
    }

    @Test
    void operationsThatComeTooEarlyWaitForThoseBefore() throws IOException {
        final Replica source = replica();
        final List<byte[]> chain = IntStream.range(0, 20)
                .mapToObj(i -> (i % 2 == 0 ? alice : bob).edit(source, draft -> draft.set("k", Value.of("v" + i))))
                .toList();
        final Replica replica = replica();

        for (int i = 19; i > 0; i--) {
            assertThat(replica.receive(chain.get(i))).isEqualTo(OperationOutcome.GAP);
        }
        assertThat(replica.receive(chain.get(5))).isEqualTo(OperationOutcome.DUPLICATE);
        assertThat(replica.size()).isZero();
        assertThat(replica.pendingCount()).isEqualTo(19);
        assertThat(replica.receive(chain.get(0))).isEqualTo(OperationOutcome.ACCEPTED);
        assertThat(replica.pendingCount()).isZero();
        assertThat(replica.twin()).isEqualTo(source.twin());
        assertThat(replica.count(OperationOutcome.ACCEPTED)).isEqualTo(20);
    }

    @Test
    void whatWaitsIsBoundedForEachActorAndForAll() throws IOException {
        final Replica source = replica();
        final byte[] first = alice.edit(source, draft -> draft.set("k", Value.of("v")));
        final List<byte[]> later = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            later.add(alice.edit(source, draft -> draft.set("k", Value.of("w"))));
        }
        final Replica replica = replica(registry, new ReplicaLimits(100, 3, 2, 100_000, 100_000, 10));
        assertThat(later.stream().map(each -> receive(replica, each)).toList())
                .containsExactly(
                        OperationOutcome.GAP,
                        OperationOutcome.GAP,
                        OperationOutcome.GAP_OVERFLOW,
                        OperationOutcome.GAP_OVERFLOW);
        assertThat(receive(replica, bob.edit(source, draft -> draft.set("k", Value.of("x")))))
                .isEqualTo(OperationOutcome.GAP);
        assertThat(receive(replica, bob.edit(source, draft -> draft.set("k", Value.of("x")))))
                .isEqualTo(OperationOutcome.GAP_OVERFLOW);

        receive(replica, first);
        assertThat(replica.size()).isEqualTo(3);
        assertThat(replica.pendingCount()).isEqualTo(1);
    }

    @Test
    void twoOperationsWithOneNumberAreBothAppliedAndProveEquivocation() throws IOException {
        final byte[] toOne = alice.edit(replica(), draft -> draft.set("k", Value.of("one")));
        wallMs++;
        final byte[] toOther = alice.edit(replica(), draft -> draft.set("k", Value.of("other")));
        final Replica first = replica();
        final Replica second = replica();

        assertThat(first.receive(toOne)).isEqualTo(OperationOutcome.ACCEPTED);
        assertThat(first.receive(toOther)).isEqualTo(OperationOutcome.EQUIVOCATION);
        assertThat(second.receive(toOther)).isEqualTo(OperationOutcome.ACCEPTED);
        assertThat(second.receive(toOne)).isEqualTo(OperationOutcome.EQUIVOCATION);

        assertThat(first.twin()).isEqualTo(second.twin());
        assertThat(first.twin().properties().get("k")).contains(Value.of("other"));
        assertThat(first.proofs()).singleElement().satisfies(proof -> {
            assertThat(proof.actor()).isEqualTo(alice.id);
            assertThat(proof.sequence()).isZero();
        });
        assertThat(second.proofs()).isEqualTo(first.proofs());
    }

    @Test
    void linksThatContradictWhatTheyNameAreRefused() throws IOException {
        final Replica source = replica();
        final byte[] aliceOne = alice.edit(source, draft -> draft.set("k", Value.of("a")));
        final SignedOperation one = decoded(aliceOne);
        final SignedOperation two = decoded(alice.edit(source, draft -> draft.set("k", Value.of("b"))));
        final Replica replica = replica();
        replica.receive(aliceOne);
        final long later = two.header().time();

        assertThat(relinked(replica, alice, two, 2, later, one.id(), List.of())).isEqualTo(OperationOutcome.BAD_LINK);
        assertThat(relinked(replica, bob, two, 1, later, one.id(), List.of())).isEqualTo(OperationOutcome.BAD_LINK);
        assertThat(relinked(replica, alice, two, 1, later, one.id(), List.of(one.id())))
                .isEqualTo(OperationOutcome.BAD_LINK);
        assertThat(relinked(replica, alice, two, 1, later, null, List.of())).isEqualTo(OperationOutcome.MALFORMED);
        assertThat(relinked(replica, bob, two, 0, later, null, List.of(one.id(), one.id())))
                .isEqualTo(OperationOutcome.MALFORMED);
        assertThat(relinked(replica, bob, two, 0, later, null, List.of(one.id())))
                .isEqualTo(OperationOutcome.ACCEPTED);
    }

    @Test
    void aSignedPayloadThatSaysNothingHasNoEffectButItsPlaceInTheGraph() throws IOException {
        final byte[] rubbish = {1, 2, 3};
        final SignedOperation honest = decoded(alice.edit(replica(), draft -> draft.set("k", Value.of("v"))));
        final SignedOperation empty = alice.sign(
                new OperationHeader(
                        TWIN, alice.id, 0, honest.header().time(), null, List.of(), 3, codec.hashOf(rubbish)),
                rubbish);
        final Replica replica = replica();

        assertThat(replica.receive(codec.encode(empty))).isEqualTo(OperationOutcome.ACCEPTED_WITHOUT_EFFECT);
        assertThat(replica.heads()).containsExactly(empty.id());
        assertThat(replica.twin()).isEqualTo(new Twin(TWIN));
    }

    @Test
    void aPayloadCanComeLaterAndWithAnySignature() throws IOException {
        final SignedOperation whole = decoded(alice.edit(replica(), draft -> draft.set("k", Value.of("v"))));
        final Replica replica = replica();

        assertThat(replica.receive(codec.encode(whole.withoutPayload())))
                .isEqualTo(OperationOutcome.ACCEPTED_WITHOUT_PAYLOAD);
        assertThat(replica.withoutPayloadCount()).isEqualTo(1);
        final SignedOperation otherSignature =
                bob.sign(whole.header(), whole.payload().orElseThrow());
        assertThat(replica.receive(codec.encode(otherSignature))).isEqualTo(OperationOutcome.COMPLETED);
        assertThat(replica.withoutPayloadCount()).isZero();
        assertThat(replica.twin().properties().get("k")).contains(Value.of("v"));
        assertThat(replica.operation(whole.id()).orElseThrow().signature()).isEqualTo(whole.signature());
    }

    @Test
    void aFullReplicaSaysSo() throws IOException {
        final Replica source = replica();
        final List<byte[]> chain = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            chain.add(alice.edit(source, draft -> draft.set("k", Value.of("v"))));
        }
        final Replica replica = replica(registry, new ReplicaLimits(2, 10, 10, 10_000, 10_000, 10));

        assertThat(chain.stream().map(each -> receive(replica, each)).toList())
                .containsExactly(OperationOutcome.ACCEPTED, OperationOutcome.ACCEPTED, OperationOutcome.FULL);
        final Draft draft = replica.draft(bob.id).delete("k");
        assertThatThrownBy(() -> replica.issue(bob.key, draft)).hasMessageContaining("full");
    }

    @Test
    void manyAreAdmittedAsIfOneByOne() throws IOException {
        final Replica source = replica();
        final List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(alice.edit(source, draft -> draft.increment("c", 1)));
        }
        all.add(0, new byte[] {1});
        all.add(all.get(2));
        final Replica oneByOne = replica();
        final Replica together = replica();
        try (OperationVerifier verifier = new OperationVerifier()) {
            assertThat(together.receiveAll(all, verifier))
                    .isEqualTo(all.stream().map(each -> receive(oneByOne, each)).toList());
        }
        assertThat(together.twin()).isEqualTo(source.twin());
    }

    @Test
    void reopeningTheLogGivesTheSameDocument() throws IOException {
        final MemoryLog log = new MemoryLog();
        final Replica before = replica(registry, log);
        alice.edit(before, draft -> draft.set("k", Value.of("v")).add("s", "e").increment("c", -3));
        bob.edit(before, draft -> draft.remove("s", "e").assign("r", Value.of("w")));

        final Replica after = replica(registry, log);

        assertThat(after.twin()).isEqualTo(before.twin());
        assertThat(after.heads()).isEqualTo(before.heads());
        assertThat(decoded(alice.edit(after, draft -> draft.delete("k")))
                        .header()
                        .sequence())
                .isEqualTo(1);
    }

    @Test
    void aLogThatNoReplicaWroteIsNotOpened() throws IOException {
        final Replica source = replica();
        final byte[] one = alice.edit(source, draft -> draft.set("k", Value.of("v")));
        final byte[] two = alice.edit(source, draft -> draft.set("k", Value.of("w")));
        for (final List<byte[]> records : List.of(List.of(two), List.of(one, new byte[] {1}))) {
            final MemoryLog log = new MemoryLog();
            records.forEach(log::append);
            assertThatThrownBy(() -> replica(registry, log)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void codesCountFromZero() {
        final OperationOutcome[] outcomes = OperationOutcome.values();
        for (int i = 0; i < outcomes.length; i++) {
            assertThat(outcomes[i].code()).isEqualTo(i);
        }
    }

    private OperationOutcome relinked(
            Replica replica,
            Actor actor,
            SignedOperation like,
            int sequence,
            long time,
            OperationId backlink,
            List<OperationId> predecessors)
            throws IOException {
        final OperationHeader header = new OperationHeader(
                TWIN,
                actor.id,
                sequence,
                time,
                backlink,
                predecessors,
                like.header().payloadLength(),
                like.header().payloadHash());
        return replica.receive(codec.encode(actor.sign(header, like.payload().orElseThrow())));
    }

    private static OperationOutcome receive(Replica replica, byte[] encoded) {
        try {
            return replica.receive(encoded);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private SignedOperation decoded(byte[] encoded) {
        return codec.decode(encoded).orElseThrow();
    }

    private OperationHeader headerOf(byte[] encoded) {
        return decoded(encoded).header();
    }

    private Replica replica() throws IOException {
        return replica(registry);
    }

    private Replica replica(ActorRegistry actors) throws IOException {
        return replica(actors, ReplicaLimits.DEFAULT);
    }

    private Replica replica(ActorRegistry actors, ReplicaLimits limits) throws IOException {
        return keep(Replica.open(TWIN, actors, clock(), new MemoryLog(), limits, segment -> segment.fill((byte) 5)));
    }

    private Replica replica(ActorRegistry actors, OperationLog log) throws IOException {
        return keep(Replica.open(TWIN, actors, clock(), log, ReplicaLimits.DEFAULT, segment -> segment.fill((byte) 5)));
    }

    private Replica keep(Replica replica) {
        opened.add(replica);
        return replica;
    }

    private HybridClock clock() {
        return new HybridClock(() -> wallMs, SKEW_MS);
    }
}

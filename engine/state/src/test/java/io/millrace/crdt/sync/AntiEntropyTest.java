package io.millrace.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.Compaction;
import io.millrace.crdt.Replica;
import io.millrace.crdt.ReplicaLimits;
import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AntiEntropyTest {
    private static final TwinId TWIN = new TwinId(3, 4);

    private final Actor alice = new Actor("alice");
    private final Actor bob = new Actor("bob");
    private final ActorRegistry registry = Actor.registry(alice, bob);
    private final List<Replica> opened = new ArrayList<>();
    private final OperationVerifier verifier = new OperationVerifier();
    private long wallMs = 1_000_000;

    @AfterEach
    void close() {
        opened.forEach(Replica::close);
        verifier.close();
        alice.close();
        bob.close();
    }

    @Test
    void aLongChainComesInBoundedMessagesWithoutAGapOrARepetition() throws IOException {
        final Replica source = replica();
        for (int i = 0; i < 1500; i++) {
            (i % 3 == 0 ? bob : alice).edit(source, draft -> draft.set("k", Value.of(new byte[2000])));
        }
        final Replica target = replica();

        final SyncReport report = pull(target, source);

        assertThat(report.complete()).isTrue();
        assertThat(report.count(OperationOutcome.ACCEPTED)).isEqualTo(1500);
        assertThat(report.outcomes()).hasSize(1);
        assertThat(report.receivedLength()).isLessThan((long) report.requests() * SyncMessage.MAX_LENGTH);
        assertThat(target.heads()).isEqualTo(source.heads());
        assertThat(pull(target, source).requests()).isEqualTo(1);
    }

    @Test
    void onlyWhatIsMissingIsSent() throws IOException {
        final Replica source = replica();
        final Replica target = replica();
        for (int i = 0; i < 200; i++) {
            target.receive(alice.edit(source, draft -> draft.set("k", Value.of("v"))));
        }
        for (int i = 0; i < 3; i++) {
            alice.edit(source, draft -> draft.set("k", Value.of("w")));
        }

        final SyncReport report = pull(target, source);

        assertThat(report.outcomes()).hasSize(1);
        assertThat(report.count(OperationOutcome.ACCEPTED)).isEqualTo(3);
    }

    @Test
    void branchesOfAnEquivocatorCrossInBothDirections() throws IOException {
        final Replica one = replica();
        final Replica other = replica();
        for (int i = 0; i < 50; i++) {
            other.receive(alice.edit(one, draft -> draft.set("k", Value.of("common"))));
        }
        // From here on the same key is used on both, which is what equivocation is.
        for (int i = 0; i < 1100; i++) {
            alice.edit(one, draft -> draft.set("one", Value.of("v")));
        }
        wallMs++;
        for (int i = 0; i < 1200; i++) {
            alice.edit(other, draft -> draft.set("other", Value.of("v")));
        }

        assertThat(pull(one, other).complete()).isTrue();
        assertThat(pull(other, one).complete()).isTrue();
        assertThat(one.heads()).hasSize(2).isEqualTo(other.heads());
        assertThat(one.twin()).isEqualTo(other.twin());
        assertThat(one.proofs()).hasSize(1100);
        final Replica fresh = replica();
        assertThat(pull(fresh, other).complete()).isTrue();
        assertThat(fresh.heads()).isEqualTo(one.heads());
    }

    @Test
    void aDeepForkIsReachedThoughTheFirstAnswersBringNothingNew() throws IOException {
        final Replica one = replica();
        final Replica other = replica();
        // The names offered double in distance: the last common one lies 2,600 before the fork.
        for (int i = 0; i < 2700; i++) {
            other.receive(alice.edit(one, draft -> draft.delete("k")));
        }
        for (int i = 0; i < 3000; i++) {
            alice.edit(one, draft -> draft.delete("k"));
        }
        wallMs++;
        alice.edit(other, draft -> draft.set("other", Value.of("v")));

        final SyncReport report = pull(one, other);

        assertThat(report.complete()).isTrue();
        assertThat(one.proofs()).hasSize(1);
    }

    @Test
    void operationsThatAreRefusedHereDoNotHoldUpTheOthers() throws IOException {
        final List<Actor> strangers = new ArrayList<>();
        for (int i = 0; i < SyncMessage.MAX_WANTS + 1; i++) {
            strangers.add(new Actor("stranger" + i));
        }
        final List<Actor> all = new ArrayList<>(strangers);
        all.add(alice);
        final Replica source = replica(Actor.registry(all.toArray(Actor[]::new)), new MemoryLog());
        strangers.forEach(stranger -> stranger.edit(source, draft -> draft.delete("k")));
        final Replica quiet = replica();
        final byte[] edit = alice.edit(quiet, draft -> draft.set("k", Value.of("v")));
        source.receive(edit);
        final Replica target = replica();

        final SyncReport report = pull(target, source);

        assertThat(report.count(OperationOutcome.UNKNOWN_ACTOR)).isPositive();
        assertThat(report.complete()).isFalse();
        assertThat(target.size()).isEqualTo(1);
        strangers.forEach(Actor::close);
    }

    @Test
    void aPayloadThatOneDoesNotHaveComesFromAnother() throws IOException {
        final Replica source = replica();
        alice.edit(source, draft -> draft.set("k", Value.of("old")));
        alice.edit(source, draft -> draft.set("k", Value.of("new")));
        final MemoryLog compacted = new MemoryLog();
        assertThat(Compaction.into(compacted, source).dropped()).isEqualTo(1);
        final Replica thin = replica(compacted);
        final Replica target = replica();

        final SyncReport fromThin = pull(target, thin);
        assertThat(fromThin.complete()).isFalse();
        assertThat(target.twin()).isEqualTo(source.twin());
        assertThat(target.withoutPayloadCount()).isEqualTo(1);

        final SyncReport fromSource = pull(target, source);
        assertThat(fromSource.count(OperationOutcome.COMPLETED)).isEqualTo(1);
        assertThat(fromSource.complete()).isTrue();
        assertThat(target.twin()).isEqualTo(source.twin());
    }

    /** The fixed seed has a flipped bit that promises more tips, and then answers that cannot be decoded. */
    @ParameterizedTest
    @MethodSource("seeds")
    void aPeerThatAnswersAnythingDoesNoHarm(long seed) throws IOException {
        final Random random = new Random(seed);
        final Replica source = replica();
        for (int i = 0; i < 20; i++) {
            alice.edit(source, draft -> draft.increment("c", 1));
        }
        final SyncServer honest = new SyncServer(source);
        final SyncCodec codec = new SyncCodec();
        for (int i = 0; i < 300; i++) {
            final Replica target = replica();
            final boolean[] tipsChanged = {false};
            final SyncReport report = AntiEntropy.pull(
                    target,
                    request -> {
                        final byte[] right = honest.ask(request);
                        final byte[] answer = changed(random, right);
                        tipsChanged[0] |= codec.decode(request).orElseThrow() instanceof SyncMessage.TipsRequest
                                && !Arrays.equals(answer, right);
                        return answer;
                    },
                    verifier);
            final boolean equal = target.heads().equals(source.heads());
            if (report.complete() || !tipsChanged[0]) {
                assertThat(report.complete()).as("seed=%d, run=%d", seed, i).isEqualTo(equal);
            }
            assertThat(source.heads()).as("seed=%d", seed).isNotEmpty();
        }
    }

    @Test
    void aPeerThatPromisesMoreTipsAndNamesNoneIsNotReportedAsComplete() throws IOException {
        final Replica source = replica();
        alice.edit(source, draft -> draft.set("k", Value.of("v")));
        final SyncServer honest = new SyncServer(source);
        final SyncCodec codec = new SyncCodec();
        final Replica target = replica();

        final SyncReport report = AntiEntropy.pull(
                target,
                request -> codec.decode(request).orElseThrow() instanceof SyncMessage.TipsRequest asked
                        ? asked.from() == 0
                                ? codec.encode(new SyncMessage.Tips(
                                        ((SyncMessage.Tips) codec.decode(honest.ask(request))
                                                        .orElseThrow())
                                                .tips(),
                                        true))
                                : new byte[3]
                        : honest.ask(request),
                verifier);

        assertThat(target.heads()).isEqualTo(source.heads());
        assertThat(report.complete()).isFalse();
    }

    @Test
    void aRequestForAnotherDocumentGetsNothing() throws IOException {
        final Replica source = replica();
        alice.edit(source, draft -> draft.delete("k"));
        final SyncCodec codec = new SyncCodec();
        final byte[] nothing = codec.encode(new SyncMessage.Operations(List.of()));

        final SyncServer server = new SyncServer(source);
        assertThat(server.ask(codec.encode(new SyncMessage.TipsRequest(new TwinId(9, 9), 0))))
                .isEqualTo(nothing);
        assertThat(server.ask(new byte[] {1, 2, 3})).isEqualTo(nothing);
        assertThat(server.ask(codec.encode(new SyncMessage.TipsRequest(TWIN, 1))))
                .isEqualTo(codec.encode(new SyncMessage.Tips(List.of(), false)));
    }

    private static LongStream seeds() {
        return LongStream.of(32_665_966_576_712L, System.nanoTime());
    }

    /** As it is, with a flipped bit, or something else altogether. */
    private static byte[] changed(Random random, byte[] right) {
        final byte[] answer = right.clone();
        if (random.nextBoolean() && answer.length > 0) {
            answer[random.nextInt(answer.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(5) == 0 ? new byte[random.nextInt(40)] : answer;
    }

    private SyncReport pull(Replica target, Replica source) throws IOException {
        return AntiEntropy.pull(target, new SyncServer(source), verifier);
    }

    private Replica replica() throws IOException {
        return replica(new MemoryLog());
    }

    private Replica replica(OperationLog log) throws IOException {
        return replica(registry, log);
    }

    private Replica replica(ActorRegistry actors, OperationLog log) throws IOException {
        final Replica replica = Replica.open(
                TWIN,
                actors,
                new HybridClock(() -> wallMs, 1000),
                log,
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5));
        opened.add(replica);
        return replica;
    }
}

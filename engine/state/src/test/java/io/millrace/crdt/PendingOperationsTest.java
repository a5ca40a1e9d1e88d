package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting operations of one actor never keep out those of another. */
class PendingOperationsTest {
    private static final TwinId TWIN = new TwinId(3, 4);
    private static final int ROUNDS = 300;

    private final List<Actor> honest = List.of(new Actor("alice"), new Actor("bob"), new Actor("carol"));
    private final List<Actor> liars = List.of(new Actor("mallory"), new Actor("mordred"), new Actor("morgan"));
    private final OperationCodec codec = new OperationCodec();
    private int made;

    @AfterEach
    void close() {
        codec.close();
        honest.forEach(Actor::close);
        liars.forEach(Actor::close);
    }

    @Test
    void aFloodOfOneActorCostsTheOthersNothing() {
        final long first = System.nanoTime();
        for (long seed = first; seed < first + ROUNDS; seed++) {
            final Random random = new Random(seed);
            // The honest ones need no more than the room less the bound of one actor.
            final ReplicaLimits limits = new ReplicaLimits(100, 40, 10, 40_000, 10_000, 1);
            final PendingOperations quiet = new PendingOperations(limits);
            final PendingOperations flooded = new PendingOperations(limits);
            final List<SignedOperation> kept = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                for (int n = random.nextInt(8); n > 0; n--) {
                    add(flooded, operation(liars.getFirst(), random.nextInt(1000), random.nextInt(3000)));
                }
                final SignedOperation each =
                        operation(honest.get(random.nextInt(3)), random.nextInt(1000), random.nextInt(1500));
                final boolean fits = add(quiet, each);
                assertThat(add(flooded, each)).as("seed=" + seed).isEqualTo(fits);
                kept.add(each);
                for (final SignedOperation one : kept) {
                    assertThat(flooded.contains(one.id())).as("seed=" + seed).isEqualTo(quiet.contains(one.id()));
                }
            }
            assertThat(flooded.countOf(liars.getFirst().id)).as("seed=" + seed).isPositive();
        }
    }

    @Test
    void severalLiarsLeaveEachActorAnEqualShare() {
        final long first = System.nanoTime();
        for (long seed = first; seed < first + ROUNDS; seed++) {
            final Random random = new Random(seed);
            final PendingOperations pending = new PendingOperations(new ReplicaLimits(100, 40, 30, 40_000, 30_000, 1));
            final List<SignedOperation> kept = new ArrayList<>();
            for (int step = 0; step < 10; step++) {
                for (int n = 0; n < 20; n++) {
                    add(pending, operation(liars.get(random.nextInt(3)), random.nextInt(1000), random.nextInt(3000)));
                }
                if (step < 9) { // below an equal share of 10 operations and 10,000 bytes
                    final SignedOperation each =
                            operation(honest.getFirst(), random.nextInt(1000), random.nextInt(700));
                    assertThat(add(pending, each)).as("seed=" + seed).isTrue();
                    kept.add(each);
                }
            }
            assertThat(kept).as("seed=" + seed).allMatch(each -> pending.contains(each.id()));
        }
    }

    @Test
    void neitherNumberNorBytesExceedTheBoundsAndAllIsGivenBack() {
        final long first = System.nanoTime();
        for (long seed = first; seed < first + ROUNDS; seed++) {
            final Random random = new Random(seed);
            final ReplicaLimits limits = new ReplicaLimits(100, 12, 5, 9_000, 4_000, 1);
            final PendingOperations pending = new PendingOperations(limits);
            final List<SignedOperation> all = new ArrayList<>();
            for (int step = 0; step < 80; step++) {
                final List<Actor> some = random.nextBoolean() ? honest : liars;
                final SignedOperation each =
                        operation(some.get(random.nextInt(3)), random.nextInt(50), random.nextInt(4000));
                add(pending, each);
                all.add(each);
                if (random.nextInt(10) == 0) {
                    pending.take(all.get(random.nextInt(all.size())).header().backlink());
                }
                final List<SignedOperation> in =
                        all.stream().filter(one -> pending.contains(one.id())).toList();
                assertThat(in).as("seed=" + seed).hasSize(pending.size()).hasSizeLessThanOrEqualTo(12);
                assertThat(in.stream().mapToInt(one -> codec.encode(one).length).sum())
                        .as("seed=" + seed)
                        .isLessThanOrEqualTo(9_000);
                for (final Actor actor : some) {
                    final List<SignedOperation> own = in.stream()
                            .filter(one -> one.header().actor().equals(actor.id))
                            .toList();
                    assertThat(own)
                            .as("seed=" + seed)
                            .hasSize(pending.countOf(actor.id))
                            .hasSizeLessThanOrEqualTo(5);
                    assertThat(own.stream()
                                    .mapToInt(one -> codec.encode(one).length)
                                    .sum())
                            .as("seed=" + seed)
                            .isLessThanOrEqualTo(4_000);
                }
            }
            final Set<OperationId> missing = new HashSet<>();
            all.forEach(each -> missing.add(each.header().backlink()));
            missing.forEach(pending::take);
            assertThat(pending.size()).as("seed=" + seed).isZero();
            assertThat(add(pending, operation(honest.getFirst(), 1, 3_500)))
                    .as("seed=" + seed)
                    .isTrue();
        }
    }

    @Test
    void withinAnActorsShareTheLowestNumbersStay() {
        final PendingOperations pending = new PendingOperations(new ReplicaLimits(100, 40, 5, 40_000, 40_000, 1));
        final List<SignedOperation> all = new ArrayList<>();
        for (int sequence = 20; sequence > 0; sequence--) {
            all.add(operation(honest.getFirst(), sequence, 10));
            assertThat(add(pending, all.getLast())).isTrue();
        }
        all.sort(Comparator.comparingInt(each -> each.header().sequence()));

        assertThat(all.subList(0, 5)).allMatch(each -> pending.contains(each.id()));
        assertThat(pending.size()).isEqualTo(5);
        assertThat(add(pending, operation(honest.getFirst(), 30, 10))).isFalse();
    }

    private boolean add(PendingOperations pending, SignedOperation operation) {
        return pending.add(
                operation, codec.encode(operation), operation.header().backlink());
    }

    private SignedOperation operation(Actor actor, int sequence, int length) {
        final byte[] payload = new byte[length + 1];
        made++;
        final OperationHeader header = new OperationHeader(
                TWIN,
                actor.id,
                sequence + 1,
                made,
                new OperationId(0, 0, 0, made % 7 + 1),
                List.of(),
                payload.length,
                codec.hashOf(payload));
        return Actor.unsigned(codec, header, payload);
    }
}

package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.HybridTime;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.PayloadCodec;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.StoredTwinState;
import io.millrace.crdt.type.TwinOperation;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A replica that has only the end of its graph signs byte for byte as one that has all of it, and reads one record. */
class GraphEndTest {
    private static final int HISTORIES = 300;
    private static final int STEPS = 20;

    private final List<Actor> actors =
            List.of(new Actor("alice"), new Actor("bob"), new Actor("carol"), new Actor("mallory"));
    private final Actor alice = actors.get(0);
    private final Actor bob = actors.get(1);
    private final Actor carol = actors.get(2);
    private final Actor mallory = actors.get(3);
    private final OperationCodec codec = new OperationCodec();
    private final CountedLog log = new CountedLog();
    private final KeptState state = new KeptState(SimulatedTwin.TWIN);
    private long wallMs = 1_700_000_100_000L;

    @AfterEach
    void close() {
        codec.close();
        actors.forEach(Actor::close);
    }

    @Test
    void signsAsTheWholeGraphDoesInRandomHistories() throws IOException {
        final long first = System.nanoTime();
        System.out.println("GraphEndTest seeds from " + first);
        int withoutGraph = 0;
        for (long seed = first; seed < first + HISTORIES; seed++) {
            try (SimulatedTwin simulation = new SimulatedTwin(seed, actors)) {
                for (int i = 0; i < STEPS; i++) {
                    simulation.step();
                }
                withoutGraph += signBoth(new Random(seed), simulation.replicas().getFirst(), "seed=" + seed) ? 1 : 0;
            }
        }
        assertThat(withoutGraph).as("histories signed after without the graph").isGreaterThan(HISTORIES / 2);
    }

    /** Gives whether the graph was not needed. */
    private boolean signBoth(Random random, Replica source, String seed) throws IOException {
        final MemoryLog whole = new MemoryLog();
        final CountedLog part = new CountedLog();
        final KeptState kept = new KeptState(SimulatedTwin.TWIN);
        for (int i = 0; i < source.size(); i++) {
            whole.append(source.accepted().encoded(i));
            part.append(source.accepted().encoded(i));
        }
        final ActorRegistry registry = registry(random, source);
        open(registry, part, Optional.of(kept)).close();
        part.reads = 0;
        try (Replica one = open(registry, part, Optional.of(kept));
                Replica other = open(registry, whole, Optional.empty())) {
            boolean withoutGraph = true;
            for (int step = 0; step < 3; step++) {
                final Actor actor = actors.get(random.nextInt(3));
                if (random.nextBoolean()) {
                    other.mark(actor.id).ifPresent(one::remember);
                    other.mark(actor.id).ifPresent(other::remember);
                }
                assertThat(attempt(one, actor, step)).as(seed).isEqualTo(attempt(other, actor, step));
                assertSameEnd(one, other, seed);
                withoutGraph &= part.reads <= 1;
            }
            assertThat(one.twin()).as(seed).isEqualTo(other.twin());
            assertThat(one.graph().actors()).as(seed).isEqualTo(other.graph().actors());
            assertThat(one.revokedCount()).as(seed).isEqualTo(other.revokedCount());
            assertSameEnd(one, other, seed + ", after the graph was filled");
            return withoutGraph;
        }
    }

    /** Mallory is revoked in half of the histories: after one of the operations, or from the first one on. */
    private ActorRegistry registry(Random random, Replica source) throws IOException {
        final Map<ActorId, String> names = new HashMap<>();
        actors.forEach(actor -> names.put(actor.id, actor.name));
        final List<OperationId> own = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            if (source.accepted().read(i).header().actor().equals(mallory.id)) {
                own.add(source.accepted().graph().id(i));
            }
        }
        if (random.nextBoolean()) {
            return ActorRegistry.of(names);
        }
        final Set<OperationId> last =
                own.isEmpty() || random.nextInt(4) == 0 ? Set.of() : Set.of(own.get(random.nextInt(own.size())));
        return ActorRegistry.of(names, Map.of(mallory.id, new Revocation(last)));
    }

    private List<Byte> attempt(Replica replica, Actor actor, int step) {
        byte[] signed;
        try {
            signed = actor.edit(
                    replica,
                    draft -> draft.set("k" + step, Value.of("v")).add("s", "e").remove("s", "e1"));
        } catch (IllegalStateException e) {
            signed = e.getMessage().getBytes(StandardCharsets.UTF_8);
        }
        final List<Byte> bytes = new ArrayList<>();
        for (final byte each : signed) {
            bytes.add(each);
        }
        return bytes;
    }

    private void assertSameEnd(Replica one, Replica other, String seed) {
        assertThat(one.size()).as(seed).isEqualTo(other.size());
        assertThat(one.heads()).as(seed).isEqualTo(other.heads());
        assertThat(one.lastOperations()).as(seed).isEqualTo(other.lastOperations());
        assertThat(one.withoutPayloadCount()).as(seed).isEqualTo(other.withoutPayloadCount());
        for (final Actor actor : actors) {
            assertThat(one.mark(actor.id)).as(seed).isEqualTo(other.mark(actor.id));
        }
    }

    @Test
    void ofMoreHeadsThanAnOperationCanNameItNamesTheLatestAccepted() throws IOException {
        try (Replica source = kept()) {
            for (int branch = 0; branch < OperationHeader.MAX_PREDECESSORS + 9; branch++) {
                final byte[] payload = source.codec().encode(first(mallory, branch));
                assertThat(source.receive(payload).isAccepted()).isTrue();
            }
        }
        assertSignsWithoutReading(alice);
    }

    @Test
    void aReadingOfTheClockThatIsAheadOfTheWallIsPassedOn() throws IOException {
        try (Replica source = kept()) {
            alice.edit(source, draft -> draft.set("k", Value.of("late")));
        }
        wallMs -= 30_000; // within the bound: the next reading comes after the one before all the same
        assertSignsWithoutReading(alice);
        assertSignsWithoutReading(bob);
    }

    /** The clock of the first writer was ahead by a day: the next write wins by having seen it. */
    @Test
    void aWriteTakesEffectAfterTheHeadsThatItNames() throws IOException {
        assertSignsWithoutReading(alice);
        wallMs -= 86_400_000;
        assertSignsWithoutReading(bob);
    }

    @Test
    void aMarkThatNamesAnotherOperationThanTheLastNeedsTheGraph() throws IOException {
        final AuthorMark early;
        try (Replica source = kept()) {
            alice.edit(source, draft -> draft.increment("c", 1));
            early = source.mark(alice.id).orElseThrow();
            alice.edit(source, draft -> draft.increment("c", 1));
        }
        try (Replica replica = kept()) {
            log.reads = 0;
            replica.remember(early);
            alice.edit(replica, draft -> draft.increment("c", 1));
            assertThat(log.reads).isGreaterThan(1);
        }
        final AuthorMark latest;
        try (Replica replica = kept()) {
            latest = replica.mark(alice.id).orElseThrow();
        }
        try (Replica other =
                open(Actor.registry(alice, bob), new MemoryLog(), Optional.of(new KeptState(state.id())))) {
            other.remember(latest);
            assertThatThrownBy(() -> alice.edit(other, draft -> draft.increment("c", 1)))
                    .hasMessageContaining("lacks operations");
        }
    }

    @Test
    void anAuthorWhosePayloadIsMissingSignsNothingWithoutAMark() throws IOException {
        final byte[] whole;
        try (Replica elsewhere = open(registry(), new MemoryLog(), Optional.empty())) {
            whole = alice.edit(elsewhere, draft -> draft.increment("c", 5));
        }
        try (Replica replica = kept()) {
            final byte[] stripped =
                    codec.encode(codec.decode(whole).orElseThrow().withoutPayload());
            assertThat(replica.receive(stripped)).isEqualTo(OperationOutcome.ACCEPTED_WITHOUT_PAYLOAD);
        }
        try (Replica replica = kept()) {
            log.reads = 0;
            assertThat(replica.withoutPayloadCount()).isEqualTo(1);
            assertThat(log.reads).isZero();
            assertThatThrownBy(() -> alice.edit(replica, draft -> draft.increment("c", 1)))
                    .hasMessageContaining("payload of an operation that the key has signed is missing");
        }
        try (Replica replica = kept()) {
            assertThat(replica.receive(whole)).isEqualTo(OperationOutcome.COMPLETED);
        }
        assertSignsWithoutReading(alice);
    }

    @Test
    void anEndThatWasLeftBeforeTheLastOperationIsNotUsed() throws IOException {
        try (Replica replica = kept()) {
            alice.edit(replica, draft -> draft.set("k", Value.of("1")));
        }
        final Replica killed = kept();
        alice.edit(killed, draft -> draft.set("k", Value.of("2"))); // and never closed
        assertThat(state.frontier()).isEmpty();
        try (Replica replica = kept();
                Replica replayed = open(registry(), log, Optional.empty())) {
            assertSameEnd(replica, replayed, "after a kill");
            assertThat(replica.mark(alice.id).orElseThrow().sequence()).isEqualTo(1);
        }
        killed.close();
        assertSignsWithoutReading(alice);
    }

    @Test
    void aFullReplicaSignsNothingWithoutTheGraphEither() throws IOException {
        try (Replica replica = kept()) {
            alice.edit(replica, draft -> draft.set("k", Value.of("1")));
        }
        final ReplicaLimits one = new ReplicaLimits(1, 6, 4, 4096, 2048, 6);
        try (Replica replica = Replica.open(
                SimulatedTwin.TWIN,
                registry(),
                new HybridClock(() -> wallMs, 60_000),
                log,
                one,
                segment -> segment.fill((byte) 5),
                Optional.of(state))) {
            assertThatThrownBy(() -> alice.edit(replica, draft -> draft.set("k", Value.of("2"))))
                    .hasMessageContaining("full");
            assertThat(log.size()).isEqualTo(1);
        }
    }

    /** The next operation is the same as after all of the log, and costs one record. */
    private void assertSignsWithoutReading(Actor actor) throws IOException {
        if (log.size() == 0) {
            try (Replica first = kept()) {
                carol.edit(first, draft -> draft.set("next", Value.of("first")));
            }
        }
        final MemoryLog copy = new MemoryLog();
        for (int i = 0; i < log.size(); i++) {
            copy.append(log.read(i));
        }
        try (Replica whole = open(registry(), copy, Optional.empty());
                Replica replica = kept()) {
            log.reads = 0;
            final byte[] signed = actor.edit(replica, draft -> draft.set("next", Value.of(actor.name)));
            assertThat(log.reads).as("records read").isZero();
            assertThat(signed).isEqualTo(actor.edit(whole, draft -> draft.set("next", Value.of(actor.name))));
            assertThat(replica.state().property("next")).contains(Value.of(actor.name));
            assertThat(replica.twin()).isEqualTo(whole.twin());
            assertSameEnd(replica, whole, "signed");
        }
    }

    private SignedOperation first(Actor actor, int branch) {
        final byte[] payload =
                new PayloadCodec().encode(List.of(new TwinOperation.Set("k", Value.of("branch " + branch))));
        return actor.sign(
                new OperationHeader(
                        SimulatedTwin.TWIN,
                        actor.id,
                        0,
                        HybridTime.of(wallMs + branch),
                        null,
                        List.of(),
                        payload.length,
                        codec.hashOf(payload)),
                payload);
    }

    private ActorRegistry registry() {
        return Actor.registry(actors.toArray(Actor[]::new));
    }

    private Replica kept() throws IOException {
        return open(registry(), log, Optional.of(state));
    }

    private Replica open(ActorRegistry registry, OperationLog of, Optional<StoredTwinState> stored) throws IOException {
        return Replica.open(
                SimulatedTwin.TWIN,
                registry,
                new HybridClock(() -> wallMs, 60_000),
                of,
                ReplicaLimits.DEFAULT,
                segment -> segment.fill((byte) 5),
                stored);
    }
}

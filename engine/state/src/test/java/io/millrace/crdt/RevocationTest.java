package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.sync.AntiEntropy;
import io.millrace.crdt.sync.SyncMessage;
import io.millrace.crdt.sync.SyncReport;
import io.millrace.crdt.sync.SyncServer;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operations up to the point of a revocation stay valid; all others are void on every replica, whatever came first. */
class RevocationTest {
    private static final int HISTORIES = 100;
    private static final int STEPS = 24;

    private final List<Actor> actors =
            List.of(new Actor("alice"), new Actor("bob"), new Actor("carol"), new Actor("mallory"));
    private final Actor alice = actors.get(0);
    private final Actor bob = actors.get(1);
    private final Actor mallory = actors.get(3);
    private final OperationVerifier verifier = new OperationVerifier();
    private final List<Replica> opened = new ArrayList<>();
    private long wallMs = 1_700_000_100_000L;

    @AfterEach
    void close() {
        opened.forEach(Replica::close);
        verifier.close();
        actors.forEach(Actor::close);
    }

    @Test
    void operationsUpToThePointStayValidAndAFreshReplicaHasThem() throws IOException {
        final Replica before = open(registry());
        mallory.edit(before, draft -> draft.set("first", Value.of("kept")));
        alice.edit(before, draft -> draft.set("a", Value.of("1")));
        mallory.edit(before, draft -> draft.set("m", Value.of("kept")));
        final OperationId point = before.heads().getFirst();
        mallory.edit(before, draft -> draft.set("m", Value.of("void")).increment("c", 5));
        alice.edit(before, draft -> draft.set("b", Value.of("2"))); // builds on the void operation
        mallory.edit(before, draft -> draft.set("m", Value.of("a leaf")));

        final Replica old = reopen(before, registry(Revocation.after(point)));
        final Replica fresh = open(old.registry());
        final SyncReport report = AntiEntropy.pull(fresh, new SyncServer(old), verifier);

        assertThat(report.complete()).isTrue();
        for (final Replica each : List.of(old, fresh)) {
            assertThat(each.twin().properties().get("first")).contains(Value.of("kept"));
            assertThat(each.twin().properties().get("m")).contains(Value.of("kept"));
            assertThat(each.twin().properties().get("b")).contains(Value.of("2"));
            assertThat(each.twin().counter("c").value()).isZero();
        }
        assertThat(fresh.heads()).isEqualTo(old.heads()).hasSize(1);
        assertThat(old.size()).isEqualTo(6);
        assertThat(fresh.size()).as("the leaf is refused").isEqualTo(5);
        alice.edit(fresh, draft -> draft.set("c", Value.of("3")));
        AntiEntropy.pull(old, new SyncServer(fresh), verifier);
        assertThat(old.twin()).isEqualTo(fresh.twin());
        assertThat(old.heads()).isEqualTo(fresh.heads());
        assertThatThrownBy(() -> mallory.edit(fresh, draft -> draft.delete("m")))
                .hasMessageContaining("revoked");
    }

    @Test
    void aProofVoidsBothBranchesAndSettlesTheEquivocation() throws IOException {
        final Replica one = open(registry());
        final byte[] common = mallory.edit(one, draft -> draft.set("m", Value.of("common")));
        final Replica other = open(registry());
        other.receive(common);
        mallory.edit(one, draft -> draft.set("m", Value.of("one")));
        mallory.edit(one, draft -> draft.set("m", Value.of("one more")));
        alice.edit(one, draft -> draft.set("a", Value.of("on one")));
        mallory.edit(other, draft -> draft.set("m", Value.of("other")));
        mallory.edit(other, draft -> draft.set("m", Value.of("other more")));
        bob.edit(other, draft -> draft.set("b", Value.of("on the other")));
        AntiEntropy.pull(one, new SyncServer(other), verifier);

        assertThat(one.openProofs()).hasSize(2);
        assertThatThrownBy(() -> Revocation.by(one.proofs().get(1), verifier)).hasMessageContaining("lowest number");
        final ActorRegistry revoked = registry(Revocation.by(one.proofs().getFirst(), verifier));
        final Replica a = reopen(one, revoked);
        final Replica b = reopen(other, revoked);
        AntiEntropy.pull(b, new SyncServer(a), verifier);

        assertThat(a.proofs()).hasSize(2);
        assertThat(a.openProofs()).isEmpty();
        assertThat(a.twin()).isEqualTo(b.twin());
        assertThat(a.heads()).isEqualTo(b.heads());
        assertThat(a.twin().properties().get("m")).contains(Value.of("common"));
        assertThat(a.twin().properties().get("a")).contains(Value.of("on one"));
        assertThat(a.twin().properties().get("b")).contains(Value.of("on the other"));
        assertThat(audit(one, revoked).isSound()).isTrue();
        assertThat(audit(one, revoked).openProofs()).isEmpty();
        assertThat(audit(one, registry()).openProofs()).hasSize(2);
    }

    @Test
    void aLongVoidChainThatAnHonestOperationNamesComesInSeveralMessages() throws IOException {
        final Replica source = open(registry());
        mallory.edit(source, draft -> draft.set("m", Value.of("kept")));
        final OperationId point = source.heads().getFirst();
        for (int i = 0; i < 3 * SyncMessage.MAX_OPERATIONS; i++) {
            mallory.edit(source, draft -> draft.increment("c", 1));
        }
        alice.edit(source, draft -> draft.set("a", Value.of("v")));
        final Replica old = reopen(source, registry(Revocation.after(point)));
        final Replica fresh = open(old.registry());

        final SyncReport report = AntiEntropy.pull(fresh, new SyncServer(old), verifier);

        assertThat(report.complete()).isTrue();
        assertThat(fresh.twin()).isEqualTo(old.twin());
        assertThat(fresh.twin().properties().get("a")).contains(Value.of("v"));
        assertThat(fresh.twin().counter("c").value()).isZero();
    }

    @Test
    void aRevokedActorCannotFillAReplica() throws IOException {
        final Replica source = open(registry());
        final byte[] kept = mallory.edit(source, draft -> draft.set("m", Value.of("kept")));
        final OperationId point = source.heads().getFirst();
        final byte[] named = mallory.edit(source, draft -> draft.set("m", Value.of("named")));
        final byte[] honest = alice.edit(source, draft -> draft.set("a", Value.of("v")));
        final Replica replica = open(registry(Revocation.after(point)), ReplicaLimits.DEFAULT.withHeldOperations(50));
        assertThat(replica.receive(kept)).isEqualTo(OperationOutcome.ACCEPTED);

        assertThat(replica.receive(named)).isEqualTo(OperationOutcome.REVOKED);
        for (int i = 0; i < 200; i++) {
            assertThat(replica.receive(mallory.edit(source, draft -> draft.increment("c", 1))))
                    .isEqualTo(OperationOutcome.REVOKED);
        }

        assertThat(replica.size()).isEqualTo(1);
        // The one that is needed was dropped meanwhile: it is asked for again, and comes in this time.
        assertThat(replica.receive(honest)).isEqualTo(OperationOutcome.GAP);
        assertThat(replica.receive(named)).isEqualTo(OperationOutcome.ACCEPTED_REVOKED);
        assertThat(replica.twin().properties().get("a")).contains(Value.of("v"));
        assertThat(replica.size()).isEqualTo(3);
        assertThat(replica.revokedCount()).isEqualTo(1);
    }

    @Test
    void compactionKeepsWhatOnlyVoidOperationsOvertake() throws IOException {
        final Replica source = open(registry());
        alice.edit(source, draft -> draft.set("k", Value.of("alice")));
        final OperationId point = new OperationId(1, 2, 3, 4);
        mallory.edit(source, draft -> draft.set("k", Value.of("mallory")));
        final Replica replica = reopen(source, registry(Revocation.after(point)));
        final MemoryLog log = new MemoryLog();

        assertThat(Compaction.into(log, replica).dropped()).isEqualTo(1);

        final Replica compacted = open(replica.registry(), log, ReplicaLimits.DEFAULT);
        assertThat(compacted.twin().properties().get("k")).contains(Value.of("alice"));
        assertThat(compacted.twin()).isEqualTo(replica.twin());
    }

    @Test
    void replicasWithOneRevocationConvergeInHundredsOfHistoriesWithALiar() throws IOException {
        final long first = System.nanoTime();
        int voided = 0;
        for (long seed = first; seed < first + HISTORIES; seed++) {
            final Random random = new Random(seed);
            try (SimulatedTwin simulation = new SimulatedTwin(seed, actors)) {
                for (int i = 0; i < STEPS; i++) {
                    simulation.step();
                }
                simulation.repair();
                final Replica all = simulation.replicas().get(0);
                final ActorRegistry revoked = registry(revocation(all, random));
                final Replica reopened = reopen(all, revoked);
                final Replica shuffled = shuffled(all, revoked, random);
                final Replica synced = open(revoked);
                AntiEntropy.pull(synced, new SyncServer(random.nextBoolean() ? shuffled : reopened), verifier);

                check(reopened, all, "reopened, seed=" + seed);
                check(shuffled, all, "shuffled, seed=" + seed);
                check(synced, all, "synced, seed=" + seed);
                assertThat(audit(all, revoked).isSound()).as("seed=" + seed).isTrue();
                voided += reopened.revokedCount();
                goOn(List.of(reopened, shuffled, synced), random, "seed=" + seed);
            }
            opened.forEach(Replica::close);
            opened.clear();
        }
        assertThat(voided).as("first seed=%d", first).isGreaterThan(HISTORIES / 10); // 86 were seen
    }

    /** Honest actors edit replicas that hold different void leaves; all agree again after an exchange. */
    private void goOn(List<Replica> replicas, Random random, String seed) throws IOException {
        for (int i = 0; i < replicas.size(); i++) {
            final int number = i;
            actors.get(i)
                    .edit(
                            replicas.get(i),
                            draft -> draft.set("after" + number, Value.of("v"))
                                    .increment("after", random.nextInt(5) + 1));
        }
        for (int i = 0; i < 2 * replicas.size(); i++) {
            AntiEntropy.pull(replicas.get(i % 3), new SyncServer(replicas.get((i + 1) % 3)), verifier);
        }
        for (final Replica each : replicas) {
            assertThat(each.twin()).as(seed).isEqualTo(replicas.getFirst().twin());
            assertThat(each.heads()).as(seed).isEqualTo(replicas.getFirst().heads());
        }
    }

    private Revocation revocation(Replica all, Random random) throws IOException {
        final List<EquivocationProof> proofs = all.proofs();
        if (!proofs.isEmpty() && random.nextBoolean()) {
            return Revocation.by(proofs.getFirst(), verifier);
        }
        final List<OperationId> own = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (all.accepted().read(i).header().actor().equals(mallory.id)) {
                own.add(all.accepted().graph().id(i));
            }
        }
        Collections.shuffle(own, random);
        return own.isEmpty() ? new Revocation(Set.of()) : Revocation.after(own.getFirst());
    }

    /** All operations in any order, again and again until nothing is new: dropped ones come again. */
    private Replica shuffled(Replica all, ActorRegistry registry, Random random) throws IOException {
        final Replica replica = open(registry, new ReplicaLimits(10_000, 40, 20, 50_000, 20_000, 20));
        final List<byte[]> operations = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            operations.add(all.accepted().encoded(i));
        }
        int before;
        do {
            before = replica.size();
            Collections.shuffle(operations, random);
            replica.receiveAll(operations, verifier);
            replica.receiveAll(operations.reversed(), verifier);
        } while (replica.size() > before);
        return replica;
    }

    /** Compares a replica with the state by definition, computed from all operations at once. */
    private void check(Replica replica, Replica all, String what) throws IOException {
        final Map<OperationId, SignedOperation> operations = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            final SignedOperation each = all.accepted().read(i);
            operations.put(each.id(), each);
        }
        final Set<OperationId> valid = new HashSet<>();
        final Set<OperationId> last =
                replica.registry().revocation(mallory.id).orElseThrow().lastValid();
        for (final SignedOperation each : operations.values()) {
            if (!each.header().actor().equals(mallory.id)) {
                valid.add(each.id());
            } else if (last.contains(each.id())) {
                SignedOperation at = each;
                while (at != null) {
                    valid.add(at.id());
                    at = operations.get(at.header().backlink());
                }
            }
        }
        final Twin expected = new Twin(SimulatedTwin.TWIN);
        final Map<OperationId, Boolean> named = new HashMap<>();
        final List<OperationId> open = new ArrayList<>(valid);
        while (!open.isEmpty()) {
            final OperationHeader header = operations.get(open.removeLast()).header();
            final List<OperationId> names = new ArrayList<>(header.predecessors());
            if (header.backlink() != null) {
                names.add(header.backlink());
            }
            names.stream().filter(name -> named.put(name, true) == null).forEach(open::add);
        }
        for (final OperationId id : valid) {
            final SignedOperation each = operations.get(id);
            expected.apply(
                    id,
                    each.header().actor(),
                    all.accepted().graph().time(all.accepted().graph().find(id)),
                    all.accepted().operations(each));
        }
        assertThat(replica.twin()).as(what).isEqualTo(expected);
        assertThat(replica.heads())
                .as(what)
                .isEqualTo(valid.stream()
                        .filter(id -> !named.containsKey(id))
                        .sorted()
                        .toList());
    }

    private LogAudit audit(Replica source, ActorRegistry registry) throws IOException {
        return LogAudit.of(
                copy(source), source.twin().id(), registry, clock(), verifier, segment -> segment.fill((byte) 5));
    }

    private Replica reopen(Replica source, ActorRegistry registry) throws IOException {
        return open(registry, copy(source), ReplicaLimits.DEFAULT);
    }

    private static MemoryLog copy(Replica source) throws IOException {
        final MemoryLog log = new MemoryLog();
        for (int i = 0; i < source.size(); i++) {
            log.append(source.accepted().encoded(i));
        }
        return log;
    }

    private ActorRegistry registry() {
        return Actor.registry(actors.toArray(Actor[]::new));
    }

    private ActorRegistry registry(Revocation revocation) {
        return ActorRegistry.of(registry().actors(), Map.of(mallory.id, revocation));
    }

    private Replica open(ActorRegistry registry) throws IOException {
        return open(registry, ReplicaLimits.DEFAULT);
    }

    private Replica open(ActorRegistry registry, ReplicaLimits limits) throws IOException {
        return open(registry, new MemoryLog(), limits);
    }

    private Replica open(ActorRegistry registry, OperationLog log, ReplicaLimits limits) throws IOException {
        final Replica replica =
                Replica.open(SimulatedTwin.TWIN, registry, clock(), log, limits, segment -> segment.fill((byte) 5));
        opened.add(replica);
        return replica;
    }

    private HybridClock clock() {
        return new HybridClock(() -> wallMs++, 60_000);
    }
}

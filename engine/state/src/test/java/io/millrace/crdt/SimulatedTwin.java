package io.millrace.crdt;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.HybridTime;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.sync.AntiEntropy;
import io.millrace.crdt.sync.SyncServer;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.TwinId;
import io.millrace.crdt.type.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Three honest replicas and one actor who is not, on a network that loses, repeats and reorders, under a virtual clock;
 * everything follows from the seed.
 */
final class SimulatedTwin implements AutoCloseable {
    static final TwinId TWIN = new TwinId(5, 6);
    private static final int REPLICAS = 3;
    private static final long SKEW_MS = 60_000;

    private final Random random;
    private final List<Actor> actors;
    private final ByzantineActor byzantine;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<List<byte[]>> inFlight = new ArrayList<>();
    private final Set<OperationId> honest = new HashSet<>();
    private final OperationVerifier verifier = new OperationVerifier();
    private final Map<String, Boolean> verified = new HashMap<>();
    private long wallMs = 1_700_000_000_000L;

    SimulatedTwin(long seed, List<Actor> actors) throws IOException {
        this.random = new Random(seed);
        this.actors = actors;
        final Actor bad = actors.get(REPLICAS);
        this.byzantine = new ByzantineActor(bad, actors.get(0), TWIN, random);
        final ActorRegistry registry = Actor.registry(actors.toArray(Actor[]::new));
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(Replica.open(
                    TWIN,
                    registry,
                    new HybridClock(() -> wallMs, SKEW_MS),
                    new MemoryLog(),
                    // Small, so that it overflows.
                    new ReplicaLimits(10_000, 6, 4, 4096, 2048, 6),
                    segment -> segment.fill((byte) 1)));
            inFlight.add(new ArrayList<>());
        }
    }

    List<Replica> replicas() {
        return replicas;
    }

    Set<OperationId> honestOperations() {
        return honest;
    }

    /** One to three things happen and the clock goes on. */
    void step() throws IOException {
        wallMs += random.nextInt(3);
        final int who = random.nextInt(REPLICAS + 1);
        if (who == REPLICAS) {
            final List<OperationId> seen = random.nextBoolean()
                    ? replicas.get(random.nextInt(REPLICAS)).heads()
                    : List.of();
            byzantine.act(HybridTime.of(wallMs + random.nextInt(2000)), seen, REPLICAS, this::send);
        } else {
            edit(who);
        }
        for (int i = 0; i < REPLICAS; i++) {
            deliverSome(i);
        }
    }

    /** Honest replicas talk to each other until nothing is new; returns how many rounds that took. */
    int repair() throws IOException {
        // Far clocks apart, all times are believable by then.
        wallMs += 10_000;
        for (int round = 1; ; round++) {
            boolean changed = false;
            for (int i = 0; i < REPLICAS; i++) {
                final int other = (i + 1 + random.nextInt(REPLICAS - 1)) % REPLICAS;
                changed |= AntiEntropy.pull(replicas.get(i), new SyncServer(replicas.get(other)), this::verifyAll)
                                .accepted()
                        > 0;
            }
            if (!changed && agree()) {
                return round;
            }
            if (round > 50) {
                throw new AssertionError("the replicas do not come to an end");
            }
        }
    }

    boolean agree() {
        return replicas.stream()
                .allMatch(each -> each.heads().equals(replicas.get(0).heads())
                        && each.withoutPayloadCount() == replicas.get(0).withoutPayloadCount());
    }

    private void edit(int who) throws IOException {
        final Actor actor = actors.get(who);
        final Replica replica = replicas.get(who);
        final Draft draft = replica.draft(actor.id);
        for (int n = random.nextInt(2); n >= 0; n--) {
            final String name = Integer.toString(random.nextInt(3));
            switch (random.nextInt(6)) {
                case 0 -> draft.set("k" + name, Value.of(actor.name + random.nextInt(100)));
                case 1 -> draft.delete("k" + name);
                case 2 -> draft.add("s", "e" + name);
                case 3 -> draft.remove("s", "e" + name);
                case 4 -> draft.increment("c", random.nextInt(20) - 10);
                default -> draft.assign("r", Value.of(actor.name));
            }
        }
        if (draft.size() == 0) {
            return;
        }
        final SignedOperation operation = replica.issue(actor.key, draft);
        honest.add(operation.id());
        for (int i = 0; i < REPLICAS; i++) {
            if (i != who) {
                send(i, replica.codec().encode(operation));
            }
        }
    }

    private void send(int to, byte[] encoded) {
        if (random.nextInt(4) == 0) {
            return; // lost
        }
        inFlight.get(to).add(encoded);
        if (random.nextInt(5) == 0) {
            inFlight.get(to).add(encoded); // repeated
        }
    }

    private void deliverSome(int to) throws IOException {
        final List<byte[]> waiting = inFlight.get(to);
        final List<byte[]> arriving = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0 && !waiting.isEmpty(); n--) {
            arriving.add(waiting.remove(random.nextInt(waiting.size())));
        }
        replicas.get(to).receiveAll(arriving, this::verifyAll);
    }

    /** Verifies each signature once: replicas agree on it, and it is most of the time. */
    private boolean[] verifyAll(List<SignedOperation> operations) {
        final boolean[] valid = new boolean[operations.size()];
        for (int i = 0; i < valid.length; i++) {
            final SignedOperation operation = operations.get(i);
            valid[i] = verified.computeIfAbsent(
                    operation.id() + java.util.Arrays.toString(operation.signature()),
                    absent -> verifier.verify(operation));
        }
        return valid;
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        byzantine.close();
        verifier.close();
    }
}

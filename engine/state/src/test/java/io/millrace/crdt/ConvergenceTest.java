package io.millrace.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crdt.op.Actor;
import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replicas that have been told the same hold the same, whatever happened on the way. */
class ConvergenceTest {
    private static final int HISTORIES = 2000;
    private static final int STEPS = 24;

    private final List<Actor> actors =
            List.of(new Actor("alice"), new Actor("bob"), new Actor("carol"), new Actor("mallory"));
    private final Map<OperationOutcome, Long> seen = new EnumMap<>(OperationOutcome.class);
    private int equivocations;

    @AfterEach
    void close() {
        actors.forEach(Actor::close);
    }

    @Test
    void honestReplicasConvergeInThousandsOfHistoriesWithALiar() throws IOException {
        final long first = System.nanoTime();
        for (long seed = first; seed < first + HISTORIES; seed++) {
            try (SimulatedTwin simulation = new SimulatedTwin(seed, actors)) {
                for (int i = 0; i < STEPS; i++) {
                    simulation.step();
                }
                simulation.repair();
                check(simulation, "seed=" + seed);
            }
        }
        // The histories are worth something only if everything occurred.
        assertThat(seen)
                .containsKeys(
                        OperationOutcome.ACCEPTED,
                        OperationOutcome.DUPLICATE,
                        OperationOutcome.EQUIVOCATION,
                        OperationOutcome.ACCEPTED_WITHOUT_PAYLOAD,
                        OperationOutcome.COMPLETED,
                        OperationOutcome.ACCEPTED_WITHOUT_EFFECT,
                        OperationOutcome.GAP,
                        OperationOutcome.GAP_OVERFLOW,
                        OperationOutcome.MALFORMED,
                        OperationOutcome.BAD_SIGNATURE,
                        OperationOutcome.BAD_PAYLOAD,
                        OperationOutcome.FUTURE_CLOCK,
                        OperationOutcome.BAD_LINK);
        assertThat(equivocations).isGreaterThan(HISTORIES / 4);
    }

    private void check(SimulatedTwin simulation, String seed) throws IOException {
        final Replica one = simulation.replicas().get(0);
        for (final Replica each : simulation.replicas()) {
            assertThat(each.heads()).as(seed).isEqualTo(one.heads());
            assertThat(each.twin()).as(seed).isEqualTo(one.twin());
            assertThat(simulation.honestOperations()).as(seed).allMatch(each::contains);
            for (final OperationOutcome outcome : OperationOutcome.values()) {
                if (each.count(outcome) > 0) {
                    seen.merge(outcome, each.count(outcome), Long::sum);
                }
            }
        }
        assertThat(TwinDigest.of(simulation.replicas().get(1).twin())).as(seed).isEqualTo(TwinDigest.of(one.twin()));
        assertThat(one.twin()).as(seed).isEqualTo(joinOfAll(one, new Random(7)));
        try (OperationVerifier verifier = new OperationVerifier()) {
            for (final EquivocationProof proof : one.proofs()) {
                equivocations++;
                assertThat(proof.actor()).as(seed).isEqualTo(actors.get(3).id);
                assertThat(proof.isValid(verifier)).as(seed).isTrue();
            }
        }
    }

    /** The document that follows from the operations alone, in some order. */
    private static Twin joinOfAll(Replica replica, Random random) throws IOException {
        final List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < replica.size(); i++) {
            positions.add(i);
        }
        Collections.shuffle(positions, random);
        final Twin joined = new Twin(replica.twin().id());
        for (final int position : positions) {
            final SignedOperation operation = replica.accepted().read(position);
            joined.apply(
                    operation.id(),
                    operation.header().actor(),
                    replica.accepted().graph().time(position),
                    replica.accepted().operations(operation));
        }
        return joined;
    }
}

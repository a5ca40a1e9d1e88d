package io.millrace.crdt;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.HybridClock;
import io.millrace.crdt.op.MemoryLog;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.OperationOutcome;
import io.millrace.crdt.op.SignatureCheck;
import io.millrace.crdt.type.OperationId;
import io.millrace.crdt.type.Twin;
import io.millrace.crdt.type.TwinId;
import io.millrace.crypto.Randomness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Checks a log from scratch, believing nothing: every signature, hash, link and clock, by giving all records to a replica
 * that has none.
 *
 * @param records in the log.
 * @param outcomes number of records by outcome.
 * @param refused the first {@link #MAX_REFUSED} records that an honest replica would not have written, by number.
 * @param proofs of all equivocations in it.
 * @param openProofs of those that no revocation settles.
 * @param withoutPayload operations whose payload was compacted away.
 * @param twin the document that follows from it.
 * @param heads names of the operations that nothing follows, ordered.
 */
public record LogAudit(
        int records,
        Map<OperationOutcome, Long> outcomes,
        Map<Integer, OperationOutcome> refused,
        List<EquivocationProof> proofs,
        List<EquivocationProof> openProofs,
        int withoutPayload,
        Twin twin,
        List<OperationId> heads) {
    /** Most refused records that are listed. */
    public static final int MAX_REFUSED = 100;

    private static final int BATCH = 1024;

    /**
     * Checks {@code log}.
     *
     * @param log read from its first record on.
     * @param twin document of the log.
     * @param registry of the actors.
     * @param clock bounds how far in the future an operation may be.
     * @param check verifies signatures.
     * @param randomness source of the replica's choices.
     * @throws IOException if the log cannot be read.
     */
    public static LogAudit of(
            OperationLog log,
            TwinId twin,
            ActorRegistry registry,
            HybridClock clock,
            SignatureCheck check,
            Randomness randomness)
            throws IOException {
        final Map<OperationOutcome, Long> outcomes = new EnumMap<>(OperationOutcome.class);
        final Map<Integer, OperationOutcome> refused = new java.util.TreeMap<>();
        try (MemoryLog copy = new MemoryLog();
                Replica replica = Replica.open(twin, registry, clock, copy, limits(log), randomness)) {
            for (int from = 0; from < log.size(); from += BATCH) {
                final int end = Math.min(log.size(), from + BATCH);
                final List<byte[]> records = new ArrayList<>(end - from);
                for (int i = from; i < end; i++) {
                    records.add(log.read(i));
                }
                final List<OperationOutcome> results = replica.receiveAll(records, check);
                for (int i = 0; i < results.size(); i++) {
                    outcomes.merge(results.get(i), 1L, Long::sum);
                    if (!isInOrder(results.get(i)) && refused.size() < MAX_REFUSED) {
                        refused.put(from + i, results.get(i));
                    }
                }
            }
            return new LogAudit(
                    log.size(),
                    outcomes,
                    refused,
                    replica.proofs(),
                    replica.openProofs(),
                    replica.withoutPayloadCount(),
                    replica.twin(),
                    replica.heads());
        }
    }

    /** Whether every record is one that an honest replica would have written. Equivocations of others are no fault. */
    public boolean isSound() {
        return refused.isEmpty();
    }

    /** All void operations of a log are kept: one that is dropped would make the valid ones after it look wrong. */
    private static ReplicaLimits limits(OperationLog log) {
        return ReplicaLimits.DEFAULT.withHeldOperations(Math.max(log.size(), ReplicaLimits.DEFAULT.heldOperations()));
    }

    private static boolean isInOrder(OperationOutcome outcome) {
        return outcome.isAccepted() || outcome == OperationOutcome.COMPLETED || outcome == OperationOutcome.REVOKED;
    }
}

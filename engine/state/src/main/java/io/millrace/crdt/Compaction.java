package io.millrace.crdt;

import io.millrace.crdt.op.OperationHeader;
import io.millrace.crdt.op.OperationLog;
import io.millrace.crdt.op.SignedOperation;
import io.millrace.crdt.type.Twin;
import java.io.IOException;
import java.util.BitSet;

/**
 * Writes a log anew without the payloads that no longer say anything: overwritten properties, overtaken counts, removed
 * elements.
 *
 * <p>A payload goes exactly if the join of those that stay says all that it says. So the document, with all that it has
 * overtaken, is the same before and after and for each receiver of the remaining operations, whatever other replicas
 * have or have not seen: compaction needs no agreement and no acknowledgement. Headers and signatures stay, so the graph,
 * its verification and proofs of equivocation do too; a log shrinks by payloads only. Operations without effect, because
 * their authors are revoked, overtake nothing and lose their payloads.
 *
 * @param operations in the log.
 * @param dropped payloads that were left out, those that had not been there before included.
 * @param lengthBefore bytes of all records before, without repetitions.
 * @param lengthAfter bytes of all records after.
 */
public record Compaction(int operations, int dropped, long lengthBefore, long lengthAfter) {
    /**
     * Writes what {@code replica} has to {@code target}, an empty log, and brings it to the disk. The replica itself does
     * not change.
     *
     * @param target an empty log.
     * @param replica stays as it is.
     * @throws IOException if a log cannot be read or written.
     */
    public static Compaction into(OperationLog target, Replica replica) throws IOException {
        if (target.size() != 0) {
            throw new IllegalArgumentException("the log is not empty: size=" + target.size());
        }
        final BitSet kept = kept(replica);
        long before = 0;
        long after = 0;
        for (int position = 0; position < replica.size(); position++) {
            final byte[] encoded = replica.accepted().encoded(position);
            final byte[] record = kept.get(position)
                    ? encoded
                    : replica.codec().encode(replica.accepted().read(position).withoutPayload());
            target.append(record);
            before += encoded.length;
            after += record.length;
        }
        target.force();
        return new Compaction(replica.size(), replica.size() - kept.cardinality(), before, after);
    }

    /**
     * Joins everything once more, the latest first: an operation that then changes nothing is covered by the remaining ones.
     */
    private static BitSet kept(Replica replica) throws IOException {
        final BitSet kept = new BitSet(replica.size());
        final Twin joined = new Twin(replica.state().id());
        for (int position = replica.size() - 1; position >= 0; position--) {
            final SignedOperation operation = replica.accepted().read(position);
            final OperationHeader header = operation.header();
            if (!replica.accepted().standing().isVoid(position)
                    && joined.apply(
                            operation.id(),
                            header.actor(),
                            replica.accepted().graph().time(position),
                            replica.accepted().operations(operation))) {
                kept.set(position);
            }
        }
        return kept;
    }
}

package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MalformedException;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.Optional;

/**
 * Checks a whole log with its public key: form and encoding of every receipt, every root, every signature, and that it
 * continues the checkpoints that a reader kept.
 *
 * <p>It finds a receipt or record that was changed, deleted, inserted or moved; a signature of another key; and, against
 * kept checkpoints, a log that was cut short or rewritten. Without a kept checkpoint a reader cannot tell a log from an
 * earlier state of itself, or from the other half of a split view: keep checkpoints, or have witnesses cosign them.
 *
 * <p>For one use.
 */
public final class LogAudit {
    private final ReceiptRecords records;
    private final VerifierKey key;
    private final ReceiptOrder order = new ReceiptOrder(MerkleHash.EMPTY_ROOT);
    private long signatures;
    private byte[] firstSegment; // beginning of the first segment that is there, if it is not the log's first
    private long covered; // receipts before this index are covered by a signature
    private String fault;

    /**
     * The outcome.
     *
     * @param first index of the first receipt that is still there and was checked; 0 unless segments were deleted.
     * @param size receipts up to where the log is right, those before {@code first} included.
     * @param root over them.
     * @param signatures that were checked.
     * @param abandoned receipts of batches that never ended; not in the log.
     * @param fault the first thing that is wrong; empty if the log is right.
     */
    public record Report(long first, long size, Hash root, long signatures, long abandoned, Optional<String> fault) {
        /** Whether the log is right. */
        public boolean passed() {
            return fault.isEmpty();
        }
    }

    /**
     * An audit of the log in {@code records} with the key {@code key}.
     *
     * @param records of the log; stay their owner's.
     * @param key of the log.
     */
    public LogAudit(ReceiptRecords records, VerifierKey key) {
        this.records = records;
        this.key = key;
    }

    /**
     * Reads and checks everything.
     *
     * @param kept checkpoints of this log whose signatures were checked before; may be empty.
     */
    public Report run(Collection<Checkpoint> kept) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final LogFollower log = new LogFollower(arena, ShortSha256.fastest(arena), new Checks());
            records.forEach(log);
            if (fault == null) {
                fault = log.fault().orElse(null);
            }
            if (fault == null && covered < log.size()) {
                fault = "receipts from " + covered + " on have no signature";
            }
            if (fault == null && log.first() > 0 && !historyFits(log.first())) {
                fault = "the history of the deleted segments does not hash to the root at " + log.first();
            }
            for (Checkpoint checkpoint : kept) {
                if (fault == null) {
                    fault = contradiction(checkpoint, log);
                }
            }
            return new Report(
                    log.first(), log.size(), log.root(), signatures, log.abandoned(), Optional.ofNullable(fault));
        }
    }

    /** Whether the subtrees of the deleted segments make up the root, and the history has the first segment's beginning. */
    private boolean historyFits(long first) throws IOException {
        final boolean[] differs = {false};
        records.history(record -> {
            differs[0] |=
                    SegmentRecord.size(record) == first && record.mismatch(MemorySegment.ofArray(firstSegment)) != -1;
            return true;
        });
        return !differs[0]
                && new LogReader(records)
                        .proofs()
                        .root(first)
                        .equals(SegmentRecord.root(MemorySegment.ofArray(firstSegment)));
    }

    private boolean check(MemorySegment record) {
        final long first = BatchRecord.firstIndex(record);
        final int count = BatchRecord.count(record);
        final boolean each = BatchRecord.has(record, BatchRecord.EACH_SIGNED);
        for (int i = 0; i < count && fault == null; i++) {
            final byte[] encoding = BatchRecord.encoding(record, i);
            fault = check(first + i, encoding, each ? BatchRecord.eachSignature(record, i) : null);
            if (each) {
                order.pass(encoding);
            }
        }
        order.end(record);
        if (fault == null && each && covered == first) {
            covered = first + count;
        }
        if (fault == null && BatchRecord.has(record, BatchRecord.SIGNED)) {
            signed(new LogReader.Stored(first + count, BatchRecord.root(record), BatchRecord.signature(record)));
        }
        return fault == null;
    }

    private void signed(LogReader.Stored stored) {
        signatures++;
        if (stored.note(key).check(key) == SignedNote.Check.VALID) {
            covered = stored.size();
        } else {
            fault = "the signature under the checkpoint of size " + stored.size() + " is not of " + key;
        }
    }

    private String check(long index, byte[] encoding, byte[] signature) {
        try {
            final Receipt receipt = ReceiptEncoding.decode(encoding);
            if (receipt.keyId() != key.keyId()) {
                return "receipt " + index + " names another key";
            }
        } catch (MalformedException e) {
            return "receipt " + index + ": " + e.getMessage();
        }
        if (signature != null) {
            signatures++;
            if (!ReceiptSignature.verify(ReceiptSignature.of(index, order.prior(), signature), encoding, key)) {
                return "the signature of receipt " + index + " is not of " + key
                        + ", or receipts before it were deleted, inserted or moved";
            }
        }
        return null;
    }

    private String contradiction(Checkpoint checkpoint, LogFollower log) {
        final long size = log.size();
        if (!checkpoint.origin().equals(key.name())) {
            return "the kept checkpoint is of another log: origin=" + checkpoint.origin();
        }
        if (checkpoint.size() > size) {
            return "the log was cut short: it has " + size + " receipts, and had " + checkpoint.size();
        }
        final Hash root;
        try {
            root = new LogReader(records).proofs().root(checkpoint.size());
        } catch (UncheckedIOException e) {
            return "the kept checkpoint cannot be compared: the receipts before " + log.first()
                    + " were deleted, and none of their segments ended at " + checkpoint.size() + ": "
                    + e.getCause().getMessage();
        }
        return root.equals(checkpoint.root())
                ? null
                : "the log was rewritten: its first " + checkpoint.size()
                        + " receipts are not those of the kept checkpoint";
    }

    /** Checks records as they are read. */
    private final class Checks implements LogFollower.Listener {
        @Override
        public boolean record(MemorySegment record) {
            return check(record);
        }

        @Override
        public boolean segment(MemorySegment record) {
            order.segment(record);
            if (firstSegment == null) {
                firstSegment = record.toArray(ValueLayout.JAVA_BYTE);
            }
            signed(new LogReader.Stored(
                    SegmentRecord.size(record), SegmentRecord.root(record), SegmentRecord.signature(record)));
            return fault == null;
        }
    }
}

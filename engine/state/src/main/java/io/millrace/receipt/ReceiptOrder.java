package io.millrace.receipt;

import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import java.lang.foreign.MemorySegment;

/**
 * Prior hashes of a log's receipts, for readers: see {@link ReceiptSignature}. It is shown every record of every batch that
 * ended, in order. Not thread safe.
 */
final class ReceiptOrder {
    private Hash prior;

    /**
     * Begins where a log begins or is read from.
     *
     * @param root of the receipts before.
     */
    ReceiptOrder(Hash root) {
        this.prior = root;
    }

    /** Prior of the next receipt. */
    Hash prior() {
        return prior;
    }

    /** Passes a receipt whose record has a signature of each. */
    void pass(byte[] encoding) {
        prior = MerkleHash.node(prior, MerkleHash.leaf(encoding));
    }

    /** Passes the beginning of a segment. */
    void segment(MemorySegment record) {
        prior = SegmentRecord.root(record);
    }

    /** Passes the end of a record. */
    void end(MemorySegment record) {
        if (BatchRecord.has(record, BatchRecord.ENDS_BATCH)) {
            prior = BatchRecord.root(record);
        }
    }
}

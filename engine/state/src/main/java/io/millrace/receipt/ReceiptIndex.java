package io.millrace.receipt;

import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;

/**
 * Index of a receipt log by operation id. It is derived from the log: {@link IndexCatchUp} brings it up to date and builds it
 * anew when it does not belong to the log. Of several receipts with one operation id it has the first.
 *
 * <p>An answer is a hint, not a proof: read the receipt at the index and compare its operation id.
 *
 * <p>Not thread safe: it belongs to the thread that appends to the log, or to one reader.
 */
public interface ReceiptIndex extends AutoCloseable {
    /** No receipt has that operation id. */
    long ABSENT = -1;

    /**
     * Finds a receipt.
     *
     * @param operationHigh upper eight bytes of the operation id, see {@link ReceiptId#high()}.
     * @param operationLow lower eight bytes of the operation id.
     * @return index of its first receipt in the log, 0 or more; {@link #ABSENT} if there is none.
     */
    long find(long operationHigh, long operationLow);

    /**
     * Adds a receipt. Indexes rise from call to call.
     *
     * @param operationHigh upper eight bytes of the operation id.
     * @param operationLow lower eight bytes of the operation id.
     * @param index in the log, 0 or more.
     * @return false if the operation id is there already: its first receipt stays.
     * @throws IllegalStateException if the index cannot be written; it is incomplete from then on and built anew at the next
     *     opening.
     */
    boolean add(long operationHigh, long operationLow, long index);

    /** Where the log was up to which the index is complete. */
    Coverage coverage();

    /**
     * Tells that the index is complete up to a size of the log.
     *
     * @param coverage of the log from now on.
     */
    void cover(Coverage coverage);

    /** Forgets all receipts; the coverage is {@link Coverage#NONE} then. */
    void clear();

    /**
     * Forgets receipts that the log has deleted; it may keep some of them.
     *
     * @param first index of the first receipt that is kept.
     */
    void release(long first);

    /** Closes it. An index on disk keeps its coverage for the next opening. */
    @Override
    void close();

    /**
     * Part of a log.
     *
     * @param size number of receipts, deleted ones included, 0 or more.
     * @param root of the Merkle tree over them.
     */
    record Coverage(long size, Hash root) {
        /** Of an empty log. */
        public static final Coverage NONE = new Coverage(0, MerkleHash.EMPTY_ROOT);
    }
}

package io.millrace.receipt;

import io.millrace.tlog.Hash;
import io.millrace.tlog.VerifierKey;
import java.util.Objects;

/**
 * One entry of the log: operation, actor, object, time and result. Immutable.
 *
 * <p>The order of receipts is the log's index, not the timestamp: two may carry the same one.
 *
 * @param operationId names this very operation; chosen by the actor, never used twice.
 * @param twinId object of the operation: a document, or the relay itself.
 * @param operation code, 0 to 65535; see {@link Operation} for the relay's own, applications start at
 *     {@link Operation#FIRST_OF_APPLICATIONS}.
 * @param actorId who did it, or with whom: for a relay's batch the neighbour.
 * @param timestampNs nanoseconds since 1970 by the wall clock, 0 or more.
 * @param requestDigest SHA-256 over the request.
 * @param result 0 to 65535; its meaning depends on the operation.
 * @param keyId of the key that answers for it: the first four bytes of a hash over its name and public key, see
 *     {@link VerifierKey#keyId()}.
 */
public record Receipt(
        ReceiptId operationId,
        ReceiptId twinId,
        int operation,
        ReceiptId actorId,
        long timestampNs,
        Hash requestDigest,
        int result,
        int keyId) {
    /** Largest operation and result. */
    public static final int MAX_CODE = 0xffff;

    public Receipt {
        Objects.requireNonNull(operationId, "operationId");
        Objects.requireNonNull(twinId, "twinId");
        Objects.requireNonNull(actorId, "actorId");
        Objects.requireNonNull(requestDigest, "requestDigest");
        requireCode("operation", operation);
        requireCode("result", result);
        if (timestampNs < 0) {
            throw new IllegalArgumentException("timestampNs must not be negative: timestampNs=" + timestampNs);
        }
    }

    private static void requireCode(String name, int value) {
        if (value < 0 || value > MAX_CODE) {
            throw new IllegalArgumentException(name + " must be 0 to " + MAX_CODE + ": " + name + "=" + value);
        }
    }
}

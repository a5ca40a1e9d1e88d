package io.millrace.crdt.op;

/** What became of an operation that a replica was given. Codes are stable. */
public enum OperationOutcome {
    /** New, valid, applied. */
    ACCEPTED(0),

    /** Known already; nothing changed. */
    DUPLICATE(1),

    /**
     * Accepted and applied like any other, but its author has signed another operation with the same sequence number: both
     * together are an {@link EquivocationProof}.
     */
    EQUIVOCATION(2),

    /** Accepted; its payload is not here, because the sender has compacted it away, and is still wanted. */
    ACCEPTED_WITHOUT_PAYLOAD(3),

    /** Known, and now its payload, which had been missing, was applied. */
    COMPLETED(4),

    /** Accepted into the graph without effect: its author signed a payload that says nothing. */
    ACCEPTED_WITHOUT_EFFECT(5),

    /** Valid so far, but comes after operations that are not here: kept until they come. */
    GAP(6),

    /** As {@link #GAP}, but there is no room to keep it: dropped, to be asked for again. */
    GAP_OVERFLOW(7),

    /** Refused: not the encoding of an operation. */
    MALFORMED(8),

    /** Refused: belongs to another document. */
    WRONG_TWIN(9),

    /** Refused: its author is not in the registry. */
    UNKNOWN_ACTOR(10),

    /** Refused: the signature is not the author's. */
    BAD_SIGNATURE(11),

    /** Refused: the payload is not the one that was signed. */
    BAD_PAYLOAD(12),

    /** Refused for now: its time is further ahead of the wall clock than the bound. */
    FUTURE_CLOCK(13),

    /** Refused: contradicts the operations that it names, by author or sequence. */
    BAD_LINK(14),

    /** Refused: the replica holds as many operations as it may. */
    FULL(15),

    /**
     * Accepted into the graph without effect: its author is revoked, and the operation does not lead to the point of the
     * revocation, as far as the graph shows now. It takes effect if that point arrives and the operation leads to it.
     */
    ACCEPTED_REVOKED(16),

    /**
     * Not accepted: its author is revoked, the operation is void, and no valid operation here names it. It is kept for a
     * while, without its payload, in case one does.
     */
    REVOKED(17);

    private final int code;

    OperationOutcome(int code) {
        this.code = code;
    }

    /** Stable number, equal to the ordinal. */
    public int code() {
        return code;
    }

    /** Whether the operation is part of the replica's graph now because of this. */
    public boolean isAccepted() {
        return switch (this) {
            case ACCEPTED, EQUIVOCATION, ACCEPTED_WITHOUT_PAYLOAD, ACCEPTED_WITHOUT_EFFECT, ACCEPTED_REVOKED -> true;
            default -> false;
        };
    }

    /** Whether the operation is wrong in itself, so that an honest sender would not have sent it. */
    public boolean isRefused() {
        return switch (this) {
            case MALFORMED, WRONG_TWIN, UNKNOWN_ACTOR, BAD_SIGNATURE, BAD_PAYLOAD, FUTURE_CLOCK, BAD_LINK -> true;
            default -> false;
        };
    }
}

package io.millrace.relay.packet;

import java.util.Locale;

/**
 * What became of a packet. Every packet gets exactly one; codes are stable and equal to the ordinal, because they are
 * written to slots and to reports.
 */
public enum Verdict {
    /** No stage has decided yet. */
    PENDING(0),
    /** Handed to the carrier, or to the application, for the next hop. */
    FORWARDED(1),
    /** Handed to the application of this relay: it was the last hop. */
    DELIVERED(2),
    /** Dropped: came from an address that is no configured peer. */
    UNKNOWN_PEER(3),
    /** Dropped: the frame has not the length of a packet frame. */
    BAD_LENGTH(4),
    /** Dropped: an authentic frame of a type that this relay does not take. */
    BAD_FRAME_TYPE(5),
    /** Dropped: the frame's counter was seen before on this link or is older than the window. */
    LINK_REPLAY(6),
    /** Dropped: the frame's tag did not verify. */
    BAD_TAG(7),
    /** Dropped: alpha is not a canonical group element of large order. */
    BAD_GROUP_ELEMENT(8),
    /** Dropped: gamma did not verify. */
    BAD_MAC(9),
    /** Dropped: the replay tag was seen before in this key epoch. */
    REPLAY(10),
    /** Dropped: the replay set of the key epoch is full; a packet that cannot be remembered is not forwarded. */
    REPLAY_SET_FULL(11),
    /** Dropped: the key epoch under which the packet was peeled is over. */
    EPOCH_OVER(12),
    /** Dropped: the routing command is malformed. */
    BAD_COMMAND(13),
    /** Dropped: the payload of a packet for this relay was tampered with on the way. */
    BAD_PAYLOAD(14),
    /** Dropped: the next hop is no configured peer. */
    UNKNOWN_NEXT_HOP(15),
    /** Dropped: the sender asks for a longer delay than this relay grants. */
    DELAY_REFUSED(16),
    /** Dropped: the delay wheel is full or the delay lies beyond its horizon. */
    WHEEL_FULL(17),
    /** Dropped as its sender wanted: cover traffic that ends here. */
    COVER(18),
    /** Dropped: no free slot. */
    SLAB_FULL(19),
    /** Dropped: the ring to the engine thread is full. */
    RING_FULL(20),
    /** Dropped: the next hop does not take its packets fast enough. */
    EGRESS_FULL(21),
    /** Dropped: the link has used up its counters and needs new keys. */
    LINK_EXHAUSTED(22),
    /** Dropped: the application refused the packet. */
    REFUSED(23),
    /** Dropped: the engine was stopped before the packet could leave. */
    SHUTDOWN(24),
    /** Dropped: there is no session with the next hop, or it ended, or the peer was removed, before the packet left. */
    LINK_DOWN(25),
    /** Dropped: the frame was sealed under a key that is not here: of another session, or of too long ago. */
    UNKNOWN_KEY(26),
    /** Dropped: the replay journal could not take the packet's tag, so a restart would forget it. */
    JOURNAL_FAILED(27);

    private final int code;
    private final String label;

    @SuppressWarnings("EnumOrdinal") // the check is that the two are equal
    Verdict(int code) {
        if (code != ordinal()) {
            throw new IllegalArgumentException(name() + ": code=" + code);
        }
        this.code = code;
        this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Stable code. */
    public int code() {
        return code;
    }

    /** Name for reports, such as {@code bad-mac}. */
    public String label() {
        return label;
    }

    /** Whether the packet was lost here, for whatever reason. */
    public boolean isDrop() {
        return code > DELIVERED.code;
    }
}

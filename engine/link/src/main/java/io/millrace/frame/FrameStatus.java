package io.millrace.frame;

/** What opening says of a frame. Codes are stable. A peer never learns which one it was. */
public final class FrameStatus {
    /** Authentic and well formed. */
    public static final int OK = 0;

    /** The frame has not the length that it must have, or its length field says otherwise. */
    public static final int BAD_LENGTH = 1;

    /** The counter of a datagram was seen before or lies before the window. */
    public static final int OLD_OR_DUPLICATE = 2;

    /** The tag is wrong. */
    public static final int BAD_TAG = 3;

    /** Authentic, but of no known type, or with flags or a stream id that its type does not have. */
    public static final int BAD_TYPE = 4;

    /** Authentic, but the stream id is cut short or longer than need be. */
    public static final int BAD_VARINT = 5;

    /** Authentic, but the padding has no mark or is not all zero. */
    public static final int BAD_PADDING = 6;

    /** Authentic, but the payload does not fit its type. */
    public static final int BAD_PAYLOAD = 7;

    /** The peer uses a key for longer than the rekey limits allow; not even opened. */
    public static final int KEY_OVERUSED = 8;

    /** The key that the frame names is not here: of another session, of long ago, or of a future not prepared. */
    public static final int UNKNOWN_KEY = 9;

    private FrameStatus() {}
}

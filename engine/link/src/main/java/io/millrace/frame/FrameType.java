package io.millrace.frame;

/**
 * The first byte of a frame's plaintext: a type in the low five bits and flags above it. Codes are stable.
 *
 * <pre>
 *   bit 7   PADDED             padding follows the payload
 *   bit 6   FIN of a STREAM    the sender's last byte is in this frame
 *           ACK of a PING      an answer
 *   bit 5   RESET of a STREAM  the stream ends here in both directions
 *   4 to 0  type
 * </pre>
 *
 * <p>Source: {@code src/docs/specs/htx-sessions.md}.
 */
public final class FrameType {
    /** Bytes of a stream. */
    public static final int STREAM = 0;

    /** Eight bytes that the other end sends back with {@link #ACK}. */
    public static final int PING = 1;

    /** The end of the session, with a varint code. */
    public static final int CLOSE = 2;

    /** The last frame under its key, with the varint number of the next one. */
    public static final int KEY_UPDATE = 3;

    /** Credit of a varint number of bytes for a stream, or for the connection where the stream id is 0. */
    public static final int WINDOW_UPDATE = 4;

    /** One Sphinx packet. */
    public static final int PACKET = 5;

    /** Nothing but padding. */
    public static final int PADDING = 6;

    /** Set if padding follows the payload. */
    public static final int PADDED = 0x80;

    /** Set on a {@link #STREAM} frame if its sender sends no more on the stream. */
    public static final int FIN = 0x40;

    /** Set on a {@link #STREAM} frame that gives the stream up in both directions; the payload is a varint code. */
    public static final int RESET = 0x20;

    /** Set on the answer to a {@link #PING}. */
    public static final int ACK = 0x40;

    static final int TYPE_MASK = 0x1f;

    private FrameType() {}

    /** Whether a frame of {@code type} may carry {@code flags}, {@link #PADDED} apart. */
    static boolean allows(int type, int flags) {
        return switch (type) {
            case STREAM -> flags == 0 || flags == FIN || flags == RESET;
            case PING -> flags == 0 || flags == ACK;
            case CLOSE, KEY_UPDATE, WINDOW_UPDATE, PACKET, PADDING -> flags == 0;
            default -> false;
        };
    }
}

package io.millrace.htx;

/** What opening says of a frame. Codes are stable. */
public final class FrameStatus {
    /** Authentic; the packet is in clear in its place. */
    public static final int OK = 0;

    /** Drop: the frame has not the length of a packet frame, or its length field says otherwise. */
    public static final int BAD_LENGTH = 1;

    /** Drop: its counter was seen before or lies before the window. */
    public static final int OLD_OR_DUPLICATE = 2;

    /** Drop: the tag is wrong. */
    public static final int BAD_TAG = 3;

    /** Drop: authentic, but neither a packet nor of stream 0. */
    public static final int BAD_TYPE = 4;

    private FrameStatus() {}
}

package io.millrace.sphinx;

/** What peeling says of each packet of a {@link PeelBatch}. Codes are stable. */
public final class PeelStatus {
    /** Not looked at yet: {@link SphinxPeeler#authenticate} will take it. */
    public static final int PENDING = 0;

    /** Passed every check so far: {@link SphinxPeeler#transform} will take it, or has taken it. */
    public static final int OK = 1;

    /** Drop: alpha is no canonical u-coordinate, or of low order. */
    public static final int BAD_GROUP_ELEMENT = 2;

    /** Drop: gamma did not verify under the key that was tried. */
    public static final int BAD_MAC = 3;

    /** Drop: the routing command is of unknown type, or its reserved bytes or the delay's top bit are not zero. */
    public static final int BAD_COMMAND = 4;

    /** Drop: this is the exit, and the payload was tampered with on the way. */
    public static final int BAD_PAYLOAD = 5;

    /** Drop: set by the caller between the phases for a tag that it has seen before. */
    public static final int REPLAY = 6;

    /** Drop: set by the caller between the phases for any other reason. */
    public static final int EXCLUDED = 7;

    private PeelStatus() {}

    /**
     * Name of a code, for messages.
     *
     * @param status one of the constants here.
     */
    public static String name(int status) {
        return switch (status) {
            case PENDING -> "PENDING";
            case OK -> "OK";
            case BAD_GROUP_ELEMENT -> "BAD_GROUP_ELEMENT";
            case BAD_MAC -> "BAD_MAC";
            case BAD_COMMAND -> "BAD_COMMAND";
            case BAD_PAYLOAD -> "BAD_PAYLOAD";
            case REPLAY -> "REPLAY";
            case EXCLUDED -> "EXCLUDED";
            default -> throw new IllegalArgumentException("unknown status: status=" + status);
        };
    }
}

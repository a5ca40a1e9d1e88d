package io.millrace.sphinx;

/**
 * Command to a hop for a packet. Codes are stable: they are on the wire.
 *
 * <p>Zero is no command, so that a block of zeros is never obeyed.
 */
public enum CommandType {
    /** Send on to the relay whose id is in the command. */
    FORWARD(1),
    /** This is the exit: hand the payload to the recipient whose id is in the command. */
    DELIVER(2),
    /** A loop has come home: the payload is checked, counted and discarded. */
    LOOP_COVER(3),
    /** Cover traffic that ends here: the payload is checked and discarded. */
    DROP_COVER(4),
    /** A reply has come home: only the creator of the SURB whose id is in the command can read the payload. */
    SURB_REPLY(5);

    private static final CommandType[] BY_CODE = {null, FORWARD, DELIVER, LOOP_COVER, DROP_COVER, SURB_REPLY};

    static {
        for (int code = 1; code < BY_CODE.length; code++) {
            if (BY_CODE[code].code != code) {
                throw new ExceptionInInitializerError(BY_CODE[code] + ": code=" + BY_CODE[code].code);
            }
        }
    }

    private final int code;

    CommandType(int code) {
        this.code = code;
    }

    /** Stable wire code, 1 to 255. */
    public int code() {
        return code;
    }

    /**
     * The command with this code, or null if there is none.
     *
     * @param code from the wire, any number.
     */
    public static CommandType ofCode(long code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : null;
    }
}

package io.millrace.receipt;

import java.util.Arrays;
import java.util.Locale;

/** Operations that a relay signs for. Codes are stable: receipts contain them. */
public enum Operation {
    /** Packets were handed to one neighbour; the result is their number, the digest commits to them. */
    FORWARDED(1),
    /** Packets ended here, cover included; the result is their number, the digest commits to them. */
    CUSTODY(2),
    /** A handshake with a neighbour was completed; the digest is over its hash, the result is 1 if it renewed a session. */
    SESSION_BEGAN(3),
    /** A session with a neighbour ended; the digest is that of its beginning, the result is the cause. */
    SESSION_ENDED(4);

    /** From here on codes belong to applications. */
    public static final int FIRST_OF_APPLICATIONS = 256;

    private final int code;

    Operation(int code) {
        this.code = code;
    }

    /** Stable code. */
    public int code() {
        return code;
    }

    /** Name for people, such as {@code session-began}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The relay's name of a code, or the code itself.
     *
     * @param code 0 to 65,535.
     */
    public static String label(int code) {
        return Arrays.stream(values())
                .filter(operation -> operation.code == code)
                .findFirst()
                .map(Operation::label)
                .orElse(Integer.toString(code));
    }
}

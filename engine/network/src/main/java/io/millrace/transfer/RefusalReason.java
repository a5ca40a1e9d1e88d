package io.millrace.transfer;

/** Why a receiver refused a transfer or gave it up. Codes are stable: they are on the wire. */
public enum RefusalReason {
    /** Another transfer is under way. */
    BUSY(1, "it is busy with another transfer"),
    /** The file name could leave the receiver's folder, or cannot be one there. */
    BAD_NAME(2, "it does not take a file of that name"),
    /** There is a file of that name; nothing is ever overwritten. */
    EXISTS(3, "a file of that name is there already"),
    /** The file does not fit. */
    NO_SPACE(4, "the file does not fit on its disk"),
    /** The bytes that arrived are not those that were offered, for instance because the file changed meanwhile. */
    HASH_MISMATCH(5, "what arrived has not the SHA-256 that was offered; did the file change meanwhile?"),
    /** The receiver could not write. */
    WRITE_FAILED(6, "it could not write the file"),
    /** Nothing new arrived for too long. */
    TIMED_OUT(7, "nothing new reached it for too long"),
    /** The receiver is shutting down. */
    STOPPED(8, "it was stopped");

    private static final RefusalReason[] BY_CODE = new RefusalReason[values().length + 1];

    static {
        for (RefusalReason reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    private final int code;
    private final String text;

    RefusalReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    int code() {
        return code;
    }

    /** Says it of the receiver, for people: {@code it is busy with another transfer}. */
    public String text() {
        return text;
    }

    /** The reason with this code, or null if there is none. */
    static RefusalReason ofCode(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}

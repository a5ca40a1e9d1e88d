package io.millrace.tlog;

/** Bytes or text from outside do not have their claimed form: a receipt, a note, a proof or a key. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Describes the fault, for people.
     *
     * @param message for people.
     */
    public MalformedException(String message) {
        super(message);
    }

    /**
     * As above, with the cause.
     *
     * @param message for people.
     * @param cause of the fault.
     */
    public MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}

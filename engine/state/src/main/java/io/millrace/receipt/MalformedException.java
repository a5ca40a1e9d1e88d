package io.millrace.receipt;

/** Bytes or text from outside are not what they claim to be: a receipt, a note, a proof or a key. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, for people. */
    public MalformedException(String message) {
        super(message);
    }

    /** As above, with the cause. */
    public MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}

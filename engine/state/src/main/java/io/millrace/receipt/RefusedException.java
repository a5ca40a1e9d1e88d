package io.millrace.receipt;

/** Something well formed does not hold: a signature, a proof or a log is not what it claims to be. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what does not hold, for people. */
    public RefusedException(String message) {
        super(message);
    }
}

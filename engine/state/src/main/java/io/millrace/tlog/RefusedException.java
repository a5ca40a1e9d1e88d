package io.millrace.tlog;

/** Something well formed does not hold: a signature, a proof or a log is not genuine. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Names the failed check, for people.
     *
     * @param message for people.
     */
    public RefusedException(String message) {
        super(message);
    }
}

package io.millrace.rig.input;

/** A file, or a value from it, that cannot be used and that the user can mend. The message is for the user. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message one line of the form {@code what: name=value}; never contains a secret.
     */
    public InputException(String message) {
        super(message);
    }

    /**
     * Makes one with its cause.
     *
     * @param message one line of the form {@code what: name=value}; never contains a secret.
     * @param cause shown with {@code --verbose}.
     */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.millrace.natives;

/** A native library cannot be used; the message is one line for people that says why and what to do. */
public final class LibraryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure without a cause. */
    public LibraryUnavailableException(String message) {
        super(message);
    }

    /** A failure with the exception behind it. */
    public LibraryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}

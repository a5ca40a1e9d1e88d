package io.millrace.store;

import java.io.IOException;

/** A store cannot be opened or has failed; the message names the path and says what to do. */
public class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message names the path and says what to do.
     */
    public StoreException(String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message names the path and says what to do.
     * @param cause of the failure.
     */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

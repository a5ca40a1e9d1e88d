package io.millrace.store;

import java.io.IOException;

/** A store cannot be opened or has failed; the message names the path and says what to do. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

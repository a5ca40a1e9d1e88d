package io.millrace.map;

import io.millrace.store.StoreException;
import java.io.Serial;

/** A map's file cannot be read: damaged, of another program, or out of reach. Not thrown where the JVM lacks flags. */
final class DamagedMapException extends StoreException {
    @Serial
    private static final long serialVersionUID = 1L;

    DamagedMapException(String message, Throwable cause) {
        super(message, cause);
    }
}

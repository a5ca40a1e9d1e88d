package io.millrace.crypto;

/** libsodium cannot be used; the message is one line for people that says why and what to do. */
public final class SodiumUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SodiumUnavailableException(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}

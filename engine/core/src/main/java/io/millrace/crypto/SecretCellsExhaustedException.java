package io.millrace.crypto;

/** All guarded cells that {@link SecretCells#limit} allows are in use, or all keys with pages to themselves are open. */
public final class SecretCellsExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SecretCellsExhaustedException(String message) {
        super(message);
    }
}

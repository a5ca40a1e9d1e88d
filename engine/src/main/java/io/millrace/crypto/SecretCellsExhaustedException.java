package io.millrace.crypto;

/** All guarded cells that {@link SecretCells#limit} allows are in use. */
public final class SecretCellsExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SecretCellsExhaustedException(String message) {
        super(message);
    }
}

package io.millrace.noise;

/**
 * Why there is no length: the negative results of {@link HandshakeState} and {@link CipherState}. Codes are stable.
 */
public final class NoiseStatus {
    /** The cipher state has used its last nonce, 2^64 - 2: rekeying does not help, make a new session. */
    public static final int NONCE_EXHAUSTED = -1;

    /** The message would be, or is, longer than {@link CipherState#MAX_MESSAGE_LENGTH}; nothing was done. */
    public static final int MESSAGE_TOO_LONG = -2;

    /** The message is shorter than its keys and tags; nothing was done. */
    public static final int MESSAGE_TOO_SHORT = -3;

    /**
     * Not authentic: forged, damaged, of another session or nonce, or made with another prologue, pattern or key.
     * The state is unchanged.
     */
    public static final int BAD_TAG = -4;

    /** A public key is of low order, so that the shared secret would be all zero. */
    public static final int LOW_ORDER_KEY = -5;

    private NoiseStatus() {}

    /**
     * Name of a status, for counters and logs.
     *
     * @param status one of the constants here.
     */
    public static String name(int status) {
        return switch (status) {
            case NONCE_EXHAUSTED -> "nonce-exhausted";
            case MESSAGE_TOO_LONG -> "message-too-long";
            case MESSAGE_TOO_SHORT -> "message-too-short";
            case BAD_TAG -> "bad-tag";
            case LOW_ORDER_KEY -> "low-order-key";
            default -> throw new IllegalArgumentException("no such status: status=" + status);
        };
    }
}

package io.millrace.transfer;

/** State of one end of a transfer. */
public enum TransferState {
    /** The offer has not been answered. */
    OFFERED,
    /** Chunks are on the way. */
    MOVING,
    /** The receiver has the whole file under its name, and the SHA-256 is right. */
    DONE,
    /** It did not work; nothing of the file is left at the receiver. */
    FAILED
}

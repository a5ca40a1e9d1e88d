package io.millrace.vrf;

/**
 * The right to disclose one {@link EpochKey}. There is one per key, so the holder controls the moment of disclosure.
 *
 * <p>Threading: any thread, one call of {@link #open()}.
 */
public final class EpochOpener {
    private final EpochKey key;

    EpochOpener(EpochKey key) {
        this.key = key;
    }

    /**
     * Discloses the epoch and closes its key.
     *
     * <p>Not before the last packet whose delay the key gave has left and the epoch's replay journal has been erased: the
     * opening and the tags of waiting packets tell when those will leave, the opening and the tags of all packets tell
     * which packet that left had come in when.
     *
     * @throws IllegalStateException if the key is closed already.
     */
    public EpochOpening open() {
        return key.open();
    }
}

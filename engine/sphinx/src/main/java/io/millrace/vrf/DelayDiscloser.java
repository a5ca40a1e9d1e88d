package io.millrace.vrf;

/**
 * The right to disclose one {@link DelayEpoch}. There is one per key, so the holder controls the moment of disclosure.
 *
 * <p>Threading: any thread, one call of {@link #disclose()}.
 */
public final class DelayDiscloser {
    private final DelayEpoch key;

    DelayDiscloser(DelayEpoch key) {
        this.key = key;
    }

    /**
     * Discloses the epoch and closes its key.
     *
     * <p>Not before the last packet whose delay the key gave has left and the epoch's replay journal has been erased: the
     * proof and the tags of waiting packets tell when those will leave, the proof and the tags of all packets tell
     * which packet that left had come in when.
     *
     * @throws IllegalStateException if the key is closed already.
     */
    public EpochDelayProof disclose() {
        return key.disclose();
    }
}

package io.millrace.relay;

/**
 * Key epochs and peers, which change while the engine runs; each is freed once no thread uses it.
 *
 * @param epochs key epochs.
 * @param peers peers.
 */
record Changes(EpochTable epochs, PeerChanges peers) {
    /** Goes on with retirements and removals; once per round of the thread that owns the wheel. */
    void poll() {
        epochs.poll();
        peers.poll();
    }
}

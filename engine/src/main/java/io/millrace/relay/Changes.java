package io.millrace.relay;

/**
 * What changes while the engine runs, and is taken back once no thread uses it.
 *
 * @param epochs key epochs.
 * @param peers peers.
 */
record Changes(EpochTable epochs, PeerChanges peers) {
    /** Goes on with what is under way; once per round of the thread that owns the wheel. */
    void poll() {
        epochs.poll();
        peers.poll();
    }
}

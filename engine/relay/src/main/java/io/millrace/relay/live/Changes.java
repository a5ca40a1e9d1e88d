package io.millrace.relay.live;

/**
 * Key epochs and peers, which change while the engine runs; each is freed once no thread uses it.
 *
 * @param epochs key epochs.
 * @param peers peers.
 */
public record Changes(EpochTable epochs, PeerChanges peers) {
    private static final long LOOK_AGAIN_NS = 10_000_000;

    /** Goes on with retirements and removals; once per round of the thread that owns the wheel. */
    public void poll() {
        epochs.poll();
        peers.poll();
    }

    /** How long {@link #poll} may wait, in nanoseconds: its conditions ring no bell. */
    public long waitNs() {
        return epochs.isRetiring() || peers.isRemoving() ? LOOK_AGAIN_NS : Long.MAX_VALUE;
    }
}

package io.millrace.relay.queue;

/** How far the queues of all peers were filled at one moment; made and asked by the thread that fills them. */
public final class EgressMark {
    private final EgressQueue[] queues;
    private final long[] ends;

    /**
     * Marks this moment.
     *
     * @param queues by peer, null where a place is free; copied.
     */
    public EgressMark(EgressQueue[] queues) {
        this.queues = queues.clone();
        this.ends = new long[queues.length];
        for (int peer = 0; peer < queues.length; peer++) {
            ends[peer] = queues[peer] == null ? 0 : queues[peer].added();
        }
    }

    /** Whether all slots that were queued then have been removed. */
    public boolean isPassed() {
        for (int peer = 0; peer < queues.length; peer++) {
            if (queues[peer] != null && !queues[peer].isRemoved(ends[peer])) {
                return false;
            }
        }
        return true;
    }
}

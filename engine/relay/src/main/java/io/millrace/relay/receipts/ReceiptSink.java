package io.millrace.relay.receipts;

/** Takes the packets that receipts are to be made of. */
interface ReceiptSink {
    /**
     * Offers a run; never waits.
     *
     * @param run belongs to the sink, which frees it, unless this returns false.
     * @param nanoTime end of the period in which the packets left.
     * @param periodNs length of the period: no receipt tells a finer time.
     * @return false if too many receipts wait: this one is lost, and counted.
     */
    boolean offer(PacketRun run, long nanoTime, long periodNs);

    /** Counts a packet that no receipt will cover, because all runs were in use. */
    void lost();
}

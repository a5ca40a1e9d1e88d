package io.millrace.relay.queue;

/** Where the I/O duty hands arrived packets to: the ring, or the pipeline itself when both share a thread. */
public interface Ingress {
    /**
     * Takes slots over, in order.
     *
     * @return how many were taken; the rest stays the caller's.
     */
    int accept(int[] slots, int count);
}

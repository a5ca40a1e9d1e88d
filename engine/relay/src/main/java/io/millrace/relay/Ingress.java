package io.millrace.relay;

/** Where the I/O duty hands arrived packets to: the ring, or the pipeline itself when both share a thread. */
interface Ingress {
    /**
     * Takes slots over, in order.
     *
     * @return how many were taken; the rest stays the caller's.
     */
    int accept(int[] slots, int count);
}

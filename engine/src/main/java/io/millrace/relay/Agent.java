package io.millrace.relay;

/** One thread's duty; all methods are called by exactly one thread, which may be a test's. */
interface Agent {
    /** Does what there is to do now, without waiting; returns how many packets it moved. */
    int doWork();

    /**
     * How long a round would find no work unless another thread hands some over, in nanoseconds; 0 if there is some now. Asked
     * only after a long quiet time.
     */
    default long waitNs() {
        return Long.MAX_VALUE;
    }

    /** Drops what is left with {@link Verdict#SHUTDOWN}; nothing is called afterwards. */
    void shutDown();

    /** Name of the thread. */
    String role();
}

package io.millrace.relay;

/** One thread's duty; all methods are called by exactly one thread, which may be a test's. */
interface Agent {
    /** Does what there is to do now, without waiting; returns how many packets it moved. */
    int doWork();

    /**
     * Whether the last round that did work moved packets, of which more may follow at once. What is not about packets wakes
     * the thread when it comes, and is no reason to look for more.
     */
    default boolean movedPackets() {
        return true;
    }

    /** The thread has slept since the last round, no longer than it meant to. */
    default void slept() {}

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

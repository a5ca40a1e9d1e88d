package io.millrace.relay.thread;

import org.agrona.concurrent.Agent;

/**
 * The work of one engine thread: an Agrona agent that also tells its idle strategy how long it may sleep. One thread calls all
 * methods; a test may be that thread.
 */
public interface Duty extends Agent {
    /** Does the work that is there now, without waiting; returns how many packets it moved. */
    @Override
    int doWork();

    /**
     * Whether the last round that did work moved packets, of which more may follow at once. Other work wakes the
     * thread when it comes, and is no reason to look for more.
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

    /** Drops the packets that are left with {@link io.millrace.relay.packet.Verdict#SHUTDOWN}; nothing is called afterwards. */
    @Override
    void onClose();

    /**
     * Frees what the duty owns and has handed to no other part; by the engine's owner, after the thread has ended. An
     * interrupt or a failure ends a thread without {@link #onClose()}.
     */
    default void free() {}

    /** Name of the thread. */
    @Override
    String roleName();
}

package io.millrace.frame;

import io.millrace.noise.ReceivingCipherState;
import java.lang.foreign.MemorySegment;

/** The keys of frames from the peer. Belongs to the one thread that opens with it. */
public final class ReceivingKeySchedule extends KeySchedule {
    /**
     * Starts with generation 0 and counter 0.
     *
     * @param first 32 bytes, copied; wiping them is left to their owner.
     * @param limits after how much a key ends.
     * @param nowNs the monotonic clock.
     */
    public ReceivingKeySchedule(MemorySegment first, RekeyLimits limits, long nowNs) {
        this(first, limits, nowNs, 0);
    }

    /** For tests of the last counters. */
    ReceivingKeySchedule(MemorySegment first, RekeyLimits limits, long nowNs, long counter) {
        super(copyOf(first), limits, nowNs, counter);
    }

    /**
     * Starts with the key of a handshake, at counter 0.
     *
     * @param first the handshake's cipher state, whose key is copied; closing it is left to its owner.
     * @param limits after how much a key ends.
     * @param nowNs the monotonic clock in nanoseconds.
     */
    public ReceivingKeySchedule(ReceivingCipherState first, RekeyLimits limits, long nowNs) {
        super(first::copyKey, limits, nowNs, 0);
    }
}

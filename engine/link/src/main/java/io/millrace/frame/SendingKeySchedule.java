package io.millrace.frame;

import io.millrace.noise.SendingCipherState;
import java.lang.foreign.MemorySegment;

/** The keys of frames to the peer. Belongs to the one thread that seals with it. */
public final class SendingKeySchedule extends KeySchedule {
    /**
     * Starts with generation 0 and counter 0.
     *
     * @param first 32 bytes, copied; wiping them is left to their owner.
     * @param limits after how much a key ends.
     * @param nowNs the monotonic clock.
     */
    public SendingKeySchedule(MemorySegment first, RekeyLimits limits, long nowNs) {
        this(first, limits, nowNs, 0);
    }

    /** For tests of the last counters. */
    SendingKeySchedule(MemorySegment first, RekeyLimits limits, long nowNs, long counter) {
        super(copyOf(first), limits, nowNs, counter);
    }

    /**
     * Starts with the key of a handshake, at counter 0.
     *
     * @param first the handshake's cipher state, whose key is copied; closing it is left to its owner.
     * @param limits after how much a key ends.
     * @param nowNs the monotonic clock in nanoseconds.
     */
    public SendingKeySchedule(SendingCipherState first, RekeyLimits limits, long nowNs) {
        super(first::copyKey, limits, nowNs, 0);
    }
}

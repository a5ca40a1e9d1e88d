package io.millrace.node.counters;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a relay was in its life when it wrote its counters last; codes are stable and equal to the ordinal. */
public enum RelayState {
    /** The file was made, the counters were not copied yet. */
    STARTING,
    /** Takes and moves packets. */
    RUNNING,
    /** Takes no more packets; those inside may still leave. */
    DRAINING,
    /** A thread of the engine failed on a bug. */
    FAILED,
    /** Ended in order; the counters are the final ones. */
    STOPPED;

    /** Stable code. */
    @SuppressWarnings("EnumOrdinal") // new states go to the end
    int code() {
        return ordinal();
    }

    /** The state of a code; empty if there is none. */
    static Optional<RelayState> of(int code) {
        return Arrays.stream(values()).filter(state -> state.code() == code).findFirst();
    }

    /** Name for reports, such as {@code running}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.millrace.config;

/** What an engine thread does when it finds no work. */
public enum WaitMode {
    /** Spins: the least latency, a core to itself. */
    BUSY_SPIN,
    /** Yields to other threads of the machine: low latency, still a full core when nobody else wants it. */
    YIELDING,
    /** Spins, then yields, then parks for up to half a tick: kind to a shared machine, adds tens of microseconds. */
    BACKOFF
}

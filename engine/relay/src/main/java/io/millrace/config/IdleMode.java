package io.millrace.config;

/** Behaviour of an engine thread without work. */
public enum IdleMode {
    /** Spins: the least latency, a core to itself. */
    BUSY_SPIN,
    /** Yields to other threads of the machine: low latency, still a full core when no other thread wants it. */
    YIELDING,
    /**
     * Spins, then yields, then parks for up to half a tick: kind to a shared machine, adds tens of microseconds. After a few
     * milliseconds without a packet it sleeps until one is due, and looks for frames ever more seldom, down to a hundred
     * times a second: an idle engine takes less than a hundredth of a core. A frame waits for at most a quarter of the gap
     * before it, and never for more than 10 ms.
     */
    BACKOFF
}

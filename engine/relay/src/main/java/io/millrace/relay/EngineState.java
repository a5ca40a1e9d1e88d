package io.millrace.relay;

/** Life of an engine; it only moves forward. */
public enum EngineState {
    /** Built, not started. */
    NEW,
    /** Takes and moves packets. */
    RUNNING,
    /** Takes no more packets; those inside may still leave. */
    DRAINING,
    /** A thread failed on a bug; nothing moves any more. */
    FAILED,
    /** All threads have ended and all memory is given back. */
    CLOSED
}

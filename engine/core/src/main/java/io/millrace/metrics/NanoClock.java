package io.millrace.metrics;

/** A monotonic clock in nanoseconds with an arbitrary origin: only differences mean anything. */
@FunctionalInterface
public interface NanoClock {
    /** The machine's own monotonic clock. */
    NanoClock SYSTEM = System::nanoTime;

    /** Time in nanoseconds; may be negative and may wrap. */
    long nanoTime();
}

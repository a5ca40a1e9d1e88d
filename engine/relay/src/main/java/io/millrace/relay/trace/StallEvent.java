package io.millrace.relay.trace;

import jdk.jfr.Event;

/** A time in which a thread of the engine began no new round; the thread is in the event. */
abstract class StallEvent extends Event {
    /** Processor time in nanoseconds that the thread used meanwhile: the rest of the duration it did not run. */
    @SuppressWarnings("UnusedVariable") // read by the recording
    long cpuNs;
}

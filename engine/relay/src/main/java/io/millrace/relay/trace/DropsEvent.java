package io.millrace.relay.trace;

import io.millrace.relay.packet.Verdict;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Packets that one thread has dropped for one reason since its last such event. */
@Name("millrace.Drops")
@Label("Drops")
@Category("Millrace")
@Description("Packets dropped since the last event, by reason and thread")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // read by the recording
final class DropsEvent extends Event {
    /** {@link Verdict#label()}. */
    String reason;

    long count;
}
